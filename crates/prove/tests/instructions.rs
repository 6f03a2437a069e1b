//! Instructions by their bytes: what those leave that the builds of the test `own` may not have, and what must never be
//! taken for a proof. The bytes are an assembler's, the answers those of Intel's manual.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

use swp_pte_prove::bits::{Bits, Block, known, number};
use swp_pte_prove::{I386, Image, Machine, X86};

/// Runs bytes up to `ret` with rdi and rsi, and gives rax.
fn rax(code: &[u8], arguments: [u64; 2]) -> Result<u64, String> {
    let image = Image::code_alone(&[code, &[0xc3]].concat());
    let arguments = arguments.map(|value| number(value, 64));
    let ends = X86.run(&Bits::new(), &image, image.symbol("code").unwrap(), false, &arguments);
    let ends = ends.map_err(|stuck| stuck.to_string())?;
    assert_eq!(ends.len(), 1);
    known(&ends[0].results[0].word(&Bits::new())).ok_or_else(|| "not known".into())
}

#[test]
fn what_only_some_processors_have() {
    let word = 0xfedc_ba98_7654_3210;
    let cases: &[(&str, &[u8], [u64; 2], u64)] = &[
        ("andn rax, rdi, rsi", &[0xc4, 0xe2, 0xc0, 0xf2, 0xc6], [0xff00, 0xffff], 0xff),
        ("bzhi rax, rdi, rsi", &[0xc4, 0xe2, 0xc8, 0xf5, 0xc7], [word, 12], 0x210),
        ("bzhi rax, rdi, rsi", &[0xc4, 0xe2, 0xc8, 0xf5, 0xc7], [word, 64], word),
        ("bzhi rax, rdi, rsi", &[0xc4, 0xe2, 0xc8, 0xf5, 0xc7], [word, 0x104], 0),
        ("shlx rax, rdi, rsi", &[0xc4, 0xe2, 0xc9, 0xf7, 0xc7], [word, 68], 0xedcb_a987_6543_2100),
        ("shrx rax, rdi, rsi", &[0xc4, 0xe2, 0xcb, 0xf7, 0xc7], [word, 4], 0x0fed_cba9_8765_4321),
        ("sarx rax, rdi, rsi", &[0xc4, 0xe2, 0xca, 0xf7, 0xc7], [word, 4], 0xffed_cba9_8765_4321),
        ("rorx rax, rdi, 8", &[0xc4, 0xe3, 0xfb, 0xf0, 0xc7, 0x08], [word, 0], 0x10fe_dcba_9876_5432),
        ("blsr rax, rdi", &[0xc4, 0xe2, 0xf8, 0xf3, 0xcf], [word, 0], 0xfedc_ba98_7654_3200),
        ("blsi rax, rdi", &[0xc4, 0xe2, 0xf8, 0xf3, 0xdf], [word, 0], 0x10),
        ("blsmsk rax, rdi", &[0xc4, 0xe2, 0xf8, 0xf3, 0xd7], [word, 0], 0x1f),
        ("bextr rax, rdi, rsi", &[0xc4, 0xe2, 0xc8, 0xf7, 0xc7], [word, 0x0c08], 0x432),
    ];
    for (text, code, arguments, expected) in cases {
        assert_eq!(rax(code, *arguments), Ok(*expected), "{text}");
    }
}

#[test]
fn parts_of_registers_and_double_shifts() {
    let word = 0xfedc_ba98_7654_3210;
    let cases: &[(&str, &[u8], [u64; 2], u64)] = &[
        // The upper half becomes 0, and of an 8-bit part the rest stays.
        ("mov rax, rdi; mov eax, esi", &[0x48, 0x89, 0xf8, 0x89, 0xf0], [word, 1], 1),
        ("mov rax, rdi; mov al, sil", &[0x48, 0x89, 0xf8, 0x40, 0x88, 0xf0], [word, 0xff], word | 0xff),
        ("mov rax, rdi; mov ah, al", &[0x48, 0x89, 0xf8, 0x88, 0xc4], [word, 0], 0xfedc_ba98_7654_1010),
        (
            "mov rax, rdi; shld rax, rsi, 8",
            &[0x48, 0x89, 0xf8, 0x48, 0x0f, 0xa4, 0xf0, 8],
            [word, 0xab << 56],
            0xdcba_9876_5432_10ab,
        ),
        (
            "mov rax, rdi; shrd rax, rsi, 8",
            &[0x48, 0x89, 0xf8, 0x48, 0x0f, 0xac, 0xf0, 8],
            [word, 0xab],
            0xabfe_dcba_9876_5432,
        ),
        ("mov rax, rdi; ror rax, 4", &[0x48, 0x89, 0xf8, 0x48, 0xc1, 0xc8, 4], [word, 0], 0x0fed_cba9_8765_4321),
        ("movsx rax, dil", &[0x48, 0x0f, 0xbe, 0xc7], [0x80, 0], 0xffff_ffff_ffff_ff80),
        ("mov rax, rdi; bswap rax", &[0x48, 0x89, 0xf8, 0x48, 0x0f, 0xc8], [word, 0], 0x1032_5476_98ba_dcfe),
        ("cmp rdi, rsi; sbb rax, rax", &[0x48, 0x39, 0xf7, 0x48, 0x19, 0xc0], [1, 2], u64::MAX),
        (
            "cmp rdi, rsi; mov eax, 0; setl al",
            &[0x48, 0x39, 0xf7, 0xb8, 0, 0, 0, 0, 0x0f, 0x9c, 0xc0],
            [u64::MAX, 1],
            1,
        ),
    ];
    for (text, code, arguments, expected) in cases {
        assert_eq!(rax(code, *arguments), Ok(*expected), "{text}");
    }
}

/// Each is an error that says what and where; none is a result.
#[test]
fn what_is_not_understood_says_so() {
    let cases: &[(&str, &[u8], &str)] = &[
        ("cpuid", &[0x0f, 0xa2], "cpuid: Cpuid is not known here"),
        ("mov rbx, rdi", &[0x48, 0x89, 0xfb], "returns with another rbx"),
        ("push rdi", &[0x57], "returns to where is not known"),
        ("jmp to itself", &[0xeb, 0xfe], "goes on after 200000 instructions"),
        ("mov rax, [rdi]", &[0x48, 0x8b, 0x07], "takes an address"),
        ("mov [rdi], rax", &[0x48, 0x89, 0x07], "writes to memory that is neither the result's nor its own"),
        ("mov rax, [rsp - 8]", &[0x48, 0x8b, 0x44, 0x24, 0xf8], "reads memory that nothing has written"),
        ("mov [rsp + 8], rdi", &[0x48, 0x89, 0x7c, 0x24, 0x08], "writes into the caller's stack"),
        ("cmovb rax, rdi", &[0x48, 0x0f, 0x42, 0xc7], "asks for a flag that nothing has set"),
        ("call far out", &[0xe8, 0, 0, 0, 0x10], "where no code is"),
        ("no instruction", &[0x06], "bytes that are no instruction"),
        ("mov rax, fs:[0]", &[0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0], "uses a segment"),
    ];
    for (text, code, words) in cases {
        let image = Image::code_alone(&[code, &[0xc3][..]].concat());
        let bits = Bits::new();
        let arguments = [bits.block(Block::Input), bits.block(Block::Second)];
        let stuck = X86.run(&bits, &image, image.symbol("code").unwrap(), false, &arguments).unwrap_err().to_string();
        assert!(stuck.contains(words), "{text}: {stuck}");
        assert!(stuck.contains("0x"), "{text} has no address: {stuck}");
    }
}

/// Arguments in eax and edx, as a kernel has them; the stack's pieces have four bytes.
#[test]
fn in_32_bits() {
    let cases: &[(&str, &[u8], [u64; 2], u64)] = &[
        ("shl eax, 9", &[0xc1, 0xe0, 9], [0xffff_ffff, 7], 7 << 32 | 0xffff_fe00),
        ("lea eax, [eax + edx]", &[0x8d, 0x04, 0x10], [0xffff_ffff, 2], 2 << 32 | 1),
        ("lea eax, [edx - 1]", &[0x8d, 0x42, 0xff], [5, 0], 0xffff_ffff),
        ("push ebx; mov ebx, eax; mov eax, ebx; pop ebx", &[0x53, 0x89, 0xc3, 0x89, 0xd8, 0x5b], [7, 8], 8 << 32 | 7),
        (
            "sub esp, 4; mov [esp], eax; mov edx, [esp]; add esp, 4",
            &[0x83, 0xec, 4, 0x89, 0x04, 0x24, 0x8b, 0x14, 0x24, 0x83, 0xc4, 4],
            [0x1234, 0],
            0x1234 << 32 | 0x1234,
        ),
        ("push ebp; mov ebp, esp; inc eax; leave's two", &[0x55, 0x89, 0xe5, 0x40, 0x89, 0xec, 0x5d], [1, 0], 2),
        ("add eax, eax; adc edx, edx", &[0x01, 0xc0, 0x11, 0xd2], [0x8000_0001, 1], 3 << 32 | 2),
    ];
    for (text, code, arguments, expected) in cases {
        let image = Image::code_alone(&[code, &[0xc3][..]].concat());
        let bits = Bits::new();
        // One number of 64 bits in both.
        let word = number(arguments[0] | arguments[1] << 32, 64);
        let ends = I386.run(&bits, &image, image.symbol("code").unwrap(), false, &[word]).unwrap();
        let [low, high] = ends[0].results.clone().map(|value| known(&value.word(&bits)).unwrap());
        assert_eq!(low | high << 32, *expected, "{text}");
    }
    for (text, code, words) in [
        ("mov ebx, eax", &[0x89, 0xc3][..], "returns with another rbx"),
        ("mov eax, [eax]", &[0x8b, 0x00], "takes an address"),
        ("mov [esp + 4], eax", &[0x89, 0x44, 0x24, 4], "writes into the caller's stack"),
        ("push eax", &[0x50], "returns to where is not known"),
    ] {
        let image = Image::code_alone(&[code, &[0xc3]].concat());
        let bits = Bits::new();
        let word = bits.block(Block::Input);
        let stuck = I386.run(&bits, &image, image.symbol("code").unwrap(), false, &[word]).unwrap_err().to_string();
        assert!(stuck.contains(words), "{text}: {stuck}");
    }
}
