//! Object files as an assembler makes them: what waits for a symbol that nothing defines is a failure where it is reached, and
//! nothing elsewhere.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

use std::process::Command;

use swp_pte_prove::bits::{Bits, Block, known};
use swp_pte_prove::{Image, Machine, X86};

const SOURCE: &str = "
    .text
    .globl calls, points, reads_variable, reads_constant, passes_over, jumps
    .type calls, @function
    .type points, @function
    .type reads_variable, @function
    .type reads_constant, @function
    .type passes_over, @function
    .type jumps, @function
calls:
    call nowhere
    ret
points:
    mov nowhere@GOTPCREL(%rip), %rax
    ret
reads_variable:
    mov variable(%rip), %rax
    ret
reads_constant:
    mov constant(%rip), %rax
    ret
passes_over:
    jmp 1f
    call nowhere
1:  mov %rdi, %rax
    ret
jumps:
    jmp *%rdi
    .data
variable:
    .quad 1
    .section .rodata
constant:
    .quad 0x1234
";

/// What a function leaves in rax, if that depends on nothing.
fn rax(image: &Image, function: &str) -> Result<Option<u64>, String> {
    let bits = Bits::new();
    let arguments = [bits.block(Block::Input)];
    let ends = X86.run(&bits, image, image.symbol(function).unwrap(), false, &arguments);
    let ends = ends.map_err(|stuck| stuck.to_string())?;
    Ok(known(&ends[0].results[0].word(&bits)))
}

#[test]
fn what_nothing_defines_is_named_where_it_is_reached() {
    // Elsewhere the assembler is another.
    if (std::env::consts::ARCH, std::env::consts::OS) != ("x86_64", "linux") {
        return;
    }
    let folder = std::env::temp_dir().join(format!("swp-pte-prove-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (source, object) = (folder.join("code.s"), folder.join("code.o"));
    std::fs::write(&source, SOURCE).unwrap();
    // Rust links with the same program.
    assert!(Command::new("cc").arg("-c").arg(&source).arg("-o").arg(&object).status().unwrap().success());
    let image = Image::link(&[std::fs::read(&object).unwrap()]).unwrap();
    std::fs::remove_dir_all(&folder).unwrap();

    assert_eq!(rax(&image, "reads_constant"), Ok(Some(0x1234)));
    assert_eq!(rax(&image, "passes_over"), Ok(None));
    for (function, words) in [
        ("calls", "needs nowhere, which no object defines"),
        ("points", "needs nowhere, which no object defines"),
        ("reads_variable", "which can be written to"),
        ("jumps", "more than 64 different ones"),
    ] {
        let stuck = rax(&image, function).unwrap_err();
        assert!(stuck.starts_with("at 0x") && stuck.contains(words), "{function}: {stuck}");
    }
}
