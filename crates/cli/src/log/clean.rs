//! From the bytes of a line to its text.

/// The text of a line: what is no UTF-8 replaced, colours and other escapes taken out, control characters as spaces.
pub(super) fn line(bytes: &[u8], text: &mut String) {
    text.clear();
    let lossy = String::from_utf8_lossy(bytes);
    if !lossy.bytes().any(|byte| byte.is_ascii_control()) {
        text.push_str(&lossy);
        return;
    }
    let mut chars = lossy.chars();
    while let Some(c) = chars.next() {
        match c {
            '\x1b' => skip_escape(&mut chars),
            '\r' => {}
            c if c.is_control() => text.push(' '),
            c => text.push(c),
        }
    }
}

/// What follows an escape character: `[31m`, `]0;title BEL`, or one letter.
fn skip_escape(chars: &mut std::str::Chars<'_>) {
    match chars.next() {
        Some('[') => {
            chars.find(|c| ('\x40'..='\x7e').contains(c));
        }
        Some(']') => {
            chars.find(|c| matches!(c, '\x07' | '\\'));
        }
        _ => {}
    }
}

/// The program that unpacks a file that begins so, if it is packed.
pub(super) fn compressed(begin: &[u8]) -> Option<&'static str> {
    let magics: [(&[u8], &str); 4] =
        [(b"\x1f\x8b", "zcat"), (b"\xfd7zXZ", "xzcat"), (b"\x28\xb5\x2f\xfd", "zstdcat"), (b"BZh", "bzcat")];
    magics.into_iter().find(|(magic, _)| begin.starts_with(magic)).map(|(_, how)| how)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_controls_are_taken_out() {
        let mut text = String::new();
        for (bytes, expected) in [
            (&b"\x1b[31mBUG:\x1b[0m x\r"[..], "BUG: x"),
            (b"\x1b]0;title\x07a\tb\0c", "a b c"),
            (b"plain", "plain"),
            (b"\xff\x1b", "\u{fffd}"),
        ] {
            line(bytes, &mut text);
            assert_eq!(text, expected);
        }
        assert_eq!(compressed(b"\x1f\x8b\x08"), Some("zcat"));
        assert_eq!(compressed(b"[    0.0"), None);
    }
}
