//! What text, pages and SVG say in the same words: the name of a layout, its word, where it was measured.

use swp_pte::{Layout, Level, Memory, MemoryOrder};
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

/// The narrowest column of text; where there is less room, lines are longer than asked for.
const NARROWEST: usize = 20;

/// Whether a layout is somebody's own, and of no kernel.
#[must_use]
pub const fn is_own(layout: &Layout<'_>) -> bool {
    layout.source.arch.is_empty()
}

/// The variant and its kernels, and the level where it is not that of the PTE; of a user-defined layout the name.
#[must_use]
pub fn title(layout: &Layout<'_>) -> String {
    let source = &layout.source;
    match source.level {
        _ if is_own(layout) => source.variant.into(),
        Level::Pte => format!("{}, kernels {}", source.variant, source.kernels),
        level => format!("{}, kernels {}, level {level}", source.variant, source.kernels),
    }
}

/// `64 bits, little-endian in memory`.
pub(crate) fn word(layout: &Layout<'_>) -> String {
    format!("{} bits, {} in memory", layout.width, in_memory(&layout.memory))
}

/// `little-endian`; `big-endian, four times with pages of 16 KiB`.
pub(crate) fn in_memory(memory: &Memory) -> String {
    let order = match memory.order {
        MemoryOrder::Big => "big-endian",
        MemoryOrder::Little => "little-endian",
        MemoryOrder::BigLowWordFirst => "big-endian halves, the low one first,",
        other => other.name(),
    };
    match memory.repeated {
        Some(repeated) => {
            let pages = swp_pte::Bytes(1 << repeated.page_shift);
            format!("{order}, and with pages of {pages} repeated {} times,", repeated.copies)
        }
        None => order.into(),
    }
}

/// `measured in 6.1, 6.12`.
pub(crate) fn measured(layout: &Layout<'_>) -> String {
    match layout.source.measured {
        [] => "never measured, read in the source".into(),
        kernels => format!("measured in {}", kernels.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
    }
}

/// A paragraph in so many columns; all lines but the first are indented.
#[must_use]
pub fn wrapped(text: &str, width: usize, indent: usize) -> String {
    // No word is cut: names of bits, numbers and paths are looked for and copied.
    let options = Options::new(width.saturating_sub(indent).max(NARROWEST))
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit)
        .break_words(false);
    textwrap::wrap(text, options).join(&format!("\n{:indent$}", ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_wrapped() {
        assert_eq!(wrapped("one two three four five six", 24, 4), "one two three four\n    five six");
        assert_eq!(wrapped("", 80, 4), "");
        let word = "arch/powerpc/include/asm/book3s/64/pgtable.h";
        assert_eq!(wrapped(word, 30, 0), word);
        assert_eq!(wrapped("less than twenty columns", 8, 6), "less than twenty\n      columns");
    }

    #[test]
    fn titles_have_the_kernels_if_there_are_any() {
        let mut layout = *swp_pte_atlas::find("s390", "5.18".parse().unwrap()).unwrap().layout();
        assert_eq!((is_own(&layout), title(&layout).as_str()), (false, "s390, kernels 4.1 to 5.18"));
        assert_eq!(word(&layout), "64 bits, big-endian in memory");
        let second = swp_pte_atlas::find_at("s390", Level::Pmd, "7.2".parse().unwrap()).unwrap().layout();
        assert_eq!(title(second), "s390, kernels 7.2 and later, level pmd");
        layout.source.arch = "";
        assert_eq!((is_own(&layout), title(&layout).as_str()), (true, "s390"));
    }
}
