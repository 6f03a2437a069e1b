//! What an instruction does to the flow of a function, for each machine's assembly as LLVM and gcc write it.

/// An instruction set.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Isa {
    X86_64,
    Arm64,
    S390x,
    Riscv64,
    Ppc64le,
}

/// What comes after an instruction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Flow<'a> {
    /// The next one.
    On,
    /// The next one, or the one at the label.
    Branch(&'a str),
    /// The one at the label.
    Jump(&'a str),
    Return,
    /// The next one, or the caller's.
    BranchToReturn,
    Call,
    Trap,
    /// Itself, or a label, as often as a register says.
    Repeat,
    /// Nothing: a landing pad, or filling.
    Padding,
    /// An instruction that may be a branch, and that this file does not know.
    Unknown,
}

impl Isa {
    /// Reads one instruction.
    pub(super) fn flow<'a>(self, mnemonic: &str, operands: &'a str) -> Flow<'a> {
        let label = operands.rsplit(',').next().unwrap_or_default().trim();
        match self {
            Self::X86_64 => x86_64(mnemonic, label),
            Self::Arm64 => arm64(mnemonic, label),
            Self::S390x => s390x(mnemonic, label),
            Self::Riscv64 => riscv64(mnemonic, label),
            Self::Ppc64le => ppc64le(mnemonic, label),
        }
    }

    /// How many instructions of the machine a line is: on riscv64 an assembler makes two of some.
    pub(super) fn instructions(self, mnemonic: &str, operands: &str) -> usize {
        let last = operands.rsplit(',').next().unwrap_or_default().trim();
        let two = match mnemonic {
            _ if self != Self::Riscv64 => false,
            "la" | "lla" => true,
            // An address without a register is a symbol's, relative to here.
            "ld" | "lw" | "lwu" => !last.ends_with(')'),
            // Twelve bits from a register that is zero, or twenty for the upper part, or both.
            "li" => last.parse().is_ok_and(|value: i64| !(-2048..2048).contains(&value) && value & 0xfff != 0),
            _ => false,
        };
        if two { 2 } else { 1 }
    }
}

fn x86_64<'a>(mnemonic: &str, label: &'a str) -> Flow<'a> {
    match mnemonic {
        "nop" | "nopw" | "nopl" | "endbr64" => Flow::Padding,
        "jmp" | "jmpq" => Flow::Jump(label),
        "ud2" | "int3" => Flow::Trap,
        _ if mnemonic.starts_with("call") => Flow::Call,
        _ if mnemonic.starts_with("rep") || mnemonic.starts_with("loop") => Flow::Repeat,
        _ if mnemonic.starts_with("ret") => Flow::Return,
        _ if mnemonic.starts_with('j') => Flow::Branch(label),
        _ => Flow::On,
    }
}

fn arm64<'a>(mnemonic: &str, label: &'a str) -> Flow<'a> {
    const CONDITIONS: [&str; 16] =
        ["eq", "ne", "cs", "hs", "cc", "lo", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le"];
    match mnemonic {
        "nop" | "hint" | "bti" => Flow::Padding,
        "ret" => Flow::Return,
        "bl" | "blr" => Flow::Call,
        "b" | "br" => Flow::Jump(label),
        "cbz" | "cbnz" | "tbz" | "tbnz" => Flow::Branch(label),
        "brk" | "udf" | "hlt" => Flow::Trap,
        "bic" | "bics" | "bfi" | "bfxil" | "bfc" | "bfm" => Flow::On,
        _ => match mnemonic.strip_prefix('b').map(|rest| rest.trim_start_matches('.')) {
            Some(condition) if CONDITIONS.contains(&condition) => Flow::Branch(label),
            Some(_) => Flow::Unknown,
            None => Flow::On,
        },
    }
}

fn s390x<'a>(mnemonic: &str, label: &'a str) -> Flow<'a> {
    const CONDITIONS: [&str; 14] = ["o", "h", "nle", "l", "nhe", "lh", "ne", "e", "nlh", "he", "nl", "le", "nh", "no"];
    const COMPARE: [&str; 8] = ["cr", "cgr", "ci", "cgi", "clr", "clgr", "cli", "clgi"];
    let is = |condition: &str| CONDITIONS.contains(&condition);
    // Compare and branch, to a label or by a register; compare and trap.
    let compared = |how: char| COMPARE.iter().filter_map(|name| mnemonic.strip_prefix(name)?.strip_prefix(how)).any(is);
    match mnemonic {
        "nop" | "nopr" | "jgnop" => Flow::Padding,
        "br" if label == "%r14" => Flow::Return,
        "br" | "b" => Flow::Jump(label),
        // LLVM's trap is a jump into itself.
        "j" if label.contains('+') => Flow::Trap,
        "j" | "jg" => Flow::Jump(label),
        _ if mnemonic.starts_with("bras") || mnemonic.starts_with("bas") => Flow::Call,
        _ if mnemonic.starts_with("brct") || mnemonic.starts_with("bct") || mnemonic.starts_with("brx") => Flow::Repeat,
        _ if compared('j') => Flow::Branch(label),
        _ if compared('b') && label.ends_with("(%r14)") => Flow::BranchToReturn,
        _ if compared('b') => Flow::Unknown,
        _ if compared('t') || ["clfit", "clgt", "clt"].iter().any(|trap| mnemonic.starts_with(trap)) => Flow::Trap,
        _ => {
            let by_register = mnemonic.strip_prefix('b').and_then(|rest| rest.strip_suffix('r'));
            let jump = mnemonic.strip_prefix('j');
            let long = mnemonic.strip_prefix("jg");
            match by_register {
                Some(condition) if is(condition) && label == "%r14" => Flow::BranchToReturn,
                _ if jump.is_some_and(is) || long.is_some_and(is) => Flow::Branch(label),
                _ if mnemonic.starts_with(['b', 'j']) => Flow::Unknown,
                _ => Flow::On,
            }
        }
    }
}

fn riscv64<'a>(mnemonic: &str, label: &'a str) -> Flow<'a> {
    const BRANCHES: [&str; 16] = [
        "beq", "bne", "blt", "bge", "bltu", "bgeu", "bgt", "ble", "bgtu", "bleu", "beqz", "bnez", "blez", "bgez",
        "bltz", "bgtz",
    ];
    match mnemonic {
        "nop" => Flow::Padding,
        "ret" => Flow::Return,
        "jr" if label == "ra" => Flow::Return,
        "j" | "jr" => Flow::Jump(label),
        "call" | "tail" | "jal" | "jalr" => Flow::Call,
        "ebreak" | "unimp" => Flow::Trap,
        _ if BRANCHES.contains(&mnemonic) => Flow::Branch(label),
        _ if mnemonic.starts_with(['b', 'j']) => Flow::Unknown,
        _ => Flow::On,
    }
}

fn ppc64le<'a>(mnemonic: &str, label: &'a str) -> Flow<'a> {
    const CONDITIONS: [&str; 12] = ["eq", "ne", "lt", "gt", "le", "ge", "so", "ns", "un", "nu", "ng", "nl"];
    // A guess for the processor may be appended.
    let mnemonic = mnemonic.trim_end_matches(['+', '-']);
    match mnemonic {
        "nop" => Flow::Padding,
        "blr" => Flow::Return,
        "b" | "bctr" => Flow::Jump(label),
        "bl" | "bla" | "bctrl" => Flow::Call,
        "bc" => Flow::Branch(label),
        "bclr" => Flow::BranchToReturn,
        "trap" => Flow::Trap,
        _ if mnemonic.starts_with("bd") => Flow::Repeat,
        _ if mnemonic.starts_with("tw") || mnemonic.starts_with("td") => Flow::Trap,
        _ => match mnemonic.strip_prefix('b') {
            Some(condition) if CONDITIONS.contains(&condition) => Flow::Branch(label),
            Some(rest) if rest.strip_suffix("lr").is_some_and(|it| CONDITIONS.contains(&it)) => Flow::BranchToReturn,
            Some(_) => Flow::Unknown,
            None => Flow::On,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_machine_s_branches_are_known() {
        use Flow::{Branch, BranchToReturn, Call, Jump, On, Padding, Repeat, Return, Trap, Unknown};
        for (isa, line, flow) in [
            (Isa::X86_64, "je .LBB0_1", Branch(".LBB0_1")),
            (Isa::X86_64, "jmp .L3", Jump(".L3")),
            (Isa::X86_64, "callq *f(%rip)", Call),
            (Isa::X86_64, "endbr64", Padding),
            (Isa::X86_64, "rep stosb", Repeat),
            (Isa::Arm64, "b.hs .LBB0_2", Branch(".LBB0_2")),
            (Isa::Arm64, "bhi .L4", Branch(".L4")),
            (Isa::Arm64, "tbnz w0, #0, .LBB1_2", Branch(".LBB1_2")),
            (Isa::Arm64, "bfi x0, x1, #6, #5", On),
            (Isa::Arm64, "brk #0x1", Trap),
            (Isa::Arm64, "bl f", Call),
            (Isa::Arm64, "bsl v0.8b, v1.8b, v2.8b", Unknown),
            (Isa::S390x, "br %r14", Return),
            (Isa::S390x, "bher %r14", BranchToReturn),
            (Isa::S390x, "jh .L2", Branch(".L2")),
            (Isa::S390x, "jgne .L2", Branch(".L2")),
            (Isa::S390x, "jg f@PLT", Jump("f@PLT")),
            (Isa::S390x, "clgrjh %r2, %r1, .L5", Branch(".L5")),
            (Isa::S390x, "cgible %r2, 0, 0(%r14)", BranchToReturn),
            (Isa::S390x, "j .Ltmp0+2", Trap),
            (Isa::S390x, "brasl %r14, f@PLT", Call),
            (Isa::S390x, "brctg %r2, .L1", Repeat),
            (Isa::S390x, "clgr %r2, %r1", On),
            (Isa::Riscv64, "bgeu a0, a1, .LBB0_2", Branch(".LBB0_2")),
            (Isa::Riscv64, "tail f", Call),
            (Isa::Riscv64, "ret", Return),
            (Isa::Riscv64, "jr ra", Return),
            (Isa::Ppc64le, "bgt 0, .LBB0_2", Branch(".LBB0_2")),
            (Isa::Ppc64le, "bc 12, 20, .LBB0_2", Branch(".LBB0_2")),
            (Isa::Ppc64le, "bgelr- 0", BranchToReturn),
            (Isa::Ppc64le, "bdnz .L1", Repeat),
            (Isa::Ppc64le, "tdi 31, 0, 0", Trap),
            (Isa::Ppc64le, "bl f", Call),
        ] {
            let (mnemonic, operands) = line.split_once(' ').unwrap_or((line, ""));
            assert_eq!(isa.flow(mnemonic, operands), flow, "{isa:?} {line}");
        }
    }

    #[test]
    fn what_an_assembler_makes_two_of_counts_twice() {
        let count = |mnemonic, operands| Isa::Riscv64.instructions(mnemonic, operands);
        assert_eq!([count("li", "a5,-22"), count("li", "a5,4096"), count("li", "a5,4097")], [1, 1, 2]);
        assert_eq!([count("ld", "a5,.LC0"), count("ld", "a5, 8(a0)"), count("and", "a5,a5,a4")], [2, 1, 1]);
        assert_eq!(Isa::S390x.instructions("la", "%r1, 1"), 1);
    }
}
