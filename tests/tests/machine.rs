//! The machine that the tests run on is the one that they claim to run on.
//!
//! What it is comes from two sides that know nothing of each other: what the compiler was told, and what can be seen
//! while running, which is how a number lies in memory and what the header of the program's own file says. A runner for
//! foreign machines hands in what it believes (`SWP_PTE_EXPECT_ARCH`, `_POINTER_WIDTH`, `_BYTE_ORDER`), and a belief
//! that does not match fails here: a run that forgot its target, or fell back to the host, does not pass.
#![expect(clippy::expect_used, reason = "in a test, a panic is the failure")]

use std::env;
use std::hint::black_box;

/// A machine, in the words of the compiler: `s390x`, `64`, `big`.
#[derive(PartialEq, Eq, Debug)]
struct Machine {
    arch: String,
    pointer_width: String,
    byte_order: String,
}

/// What the compiler was told.
fn compiled_for() -> Machine {
    Machine {
        arch: env::consts::ARCH.into(),
        pointer_width: usize::BITS.to_string(),
        byte_order: if cfg!(target_endian = "big") { "big" } else { "little" }.into(),
    }
}

/// How the bytes of a number lie in memory, seen while running.
fn byte_order_in_memory() -> &'static str {
    match black_box(0x0102_u16).to_ne_bytes() {
        [1, 2] => "big",
        [2, 1] => "little",
        other => unreachable!("the bytes of 0x0102 are {other:?}"),
    }
}

/// What the header of this program's file says; of what the header leaves open, the answer is the compiler's.
#[cfg(target_os = "linux")]
fn written_in_the_program() -> Machine {
    let program = std::fs::read("/proc/self/exe").expect("this program's own file");
    let Some(&[0x7f, b'E', b'L', b'F', class, data, ..]) = program.get(..20) else {
        unreachable!("a Linux program is an ELF file")
    };
    let machine = program.get(18..20).map(|two| [two[0], two[1]]).expect("a header of 20 bytes at least");
    let (byte_order, machine) = match data {
        1 => ("little", u16::from_le_bytes(machine)),
        2 => ("big", u16::from_be_bytes(machine)),
        other => unreachable!("an ELF file has no byte order {other}"),
    };
    // The numbers are `EM_*` of the ELF specification.
    let arch = match machine {
        3 => "x86",
        20 => "powerpc",
        21 => "powerpc64",
        22 => "s390x",
        40 => "arm",
        62 => "x86_64",
        183 => "aarch64",
        243 if class == 1 => "riscv32",
        243 => "riscv64",
        _ => env::consts::ARCH,
    };
    Machine {
        arch: arch.into(),
        pointer_width: if class == 1 { "32" } else { "64" }.into(),
        byte_order: byte_order.into(),
    }
}

/// What the runner believes, if there is one that says so.
fn claimed() -> Option<Machine> {
    let said = ["ARCH", "POINTER_WIDTH", "BYTE_ORDER"].map(|what| env::var(format!("SWP_PTE_EXPECT_{what}")).ok());
    match said {
        [None, None, None] => None,
        [Some(arch), Some(pointer_width), Some(byte_order)] => Some(Machine { arch, pointer_width, byte_order }),
        some => unreachable!("SWP_PTE_EXPECT_ARCH, _POINTER_WIDTH and _BYTE_ORDER go together, and are {some:?}"),
    }
}

#[test]
fn this_is_the_machine_that_is_claimed() {
    let machine = compiled_for();
    assert_eq!(byte_order_in_memory(), machine.byte_order, "the byte order seen in memory is not the compiler's");
    #[cfg(target_os = "linux")]
    assert_eq!(written_in_the_program(), machine, "the program's header says something else than the compiler");
    let claimed_too = claimed();
    if let Some(claimed) = &claimed_too {
        assert_eq!(claimed, &machine, "the runner claims another machine than this one");
    }
    let Machine { arch, pointer_width, byte_order } = machine;
    let by = if claimed_too.is_some() { "as claimed" } else { "nobody claimed anything" };
    println!("machine: {arch}, {pointer_width}-bit pointers, {byte_order}-endian, {by}");
}
