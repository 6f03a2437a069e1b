//! Machines that are read as a disassembler lists them: the binutils' `objdump -d --no-show-raw-insn`.
//!
//! A kernel's helpers are a few instructions each, of which an architecture needs one or two dozen; each has a file that knows
//! them, by the names that the disassembler gives them. Any other is an error.

mod alpha;
mod arm;
mod arm64;
mod cpu;
mod line;
mod loongarch64;
mod m68k;
mod mips;
mod openrisc;
mod parisc;
mod ppc;
mod riscv;
mod s390;
mod sh;
mod sparc;
mod xtensa;

use std::collections::BTreeMap;

use crate::bits::{Bit, Bits, Word, resized};
use crate::image::Image;
use crate::state::{End, Machine, Memory, Stuck, Value};
use cpu::{Cpu, untouched};
use line::Line;

/// An architecture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Isa {
    /// Alpha.
    Alpha,
    /// 32-bit Arm.
    Arm,
    /// 64-bit Arm.
    Arm64,
    /// LoongArch with 64 bits.
    Loongarch64,
    /// Motorola 68000.
    M68k,
    /// MIPS with 32 bits, in either byte order.
    Mips,
    /// MIPS with 64 bits.
    Mips64,
    /// OpenRISC 1000.
    Openrisc,
    /// PA-RISC with 32 bits.
    Parisc,
    /// 32-bit PowerPC.
    Ppc,
    /// 64-bit PowerPC, in either byte order.
    Ppc64,
    /// RISC-V with 32 bits.
    Riscv32,
    /// RISC-V with 64 bits.
    Riscv64,
    /// IBM Z.
    S390,
    /// Hitachi SH-4.
    Sh,
    /// SPARC with 32 bits.
    Sparc,
    /// SPARC with 64 bits.
    Sparc64,
    /// Xtensa, without register windows.
    Xtensa,
}

/// A listing of compiled code.
#[derive(Clone, Debug)]
pub struct Listing {
    isa: Isa,
    lines: BTreeMap<u64, Line>,
}

/// How many instructions all paths of a helper may have together.
const STEPS: usize = 10_000;

/// Where a path goes on.
enum Next {
    Here,
    /// To this address, for these inputs; else here.
    Branch(Bit, u64),
    Returns,
    /// For these inputs; else here.
    ReturnsIf(Bit),
    /// The same on machines that first execute the instruction behind the branch.
    Delayed(Bit, To, Slot),
    /// Past the instruction behind this one, for these inputs.
    Skip(Bit),
}

/// Where a branch goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum To {
    Address(u64),
    Caller,
}

/// When the instruction behind a branch is executed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Slot {
    Always,
    /// Only on the way that the branch takes.
    IfTaken,
    /// Only if it is not taken.
    IfNot,
    Never,
}

/// What differs between architectures, beside the instructions.
#[derive(Clone, Copy)]
struct Convention {
    /// The bits of a register.
    width: usize,
    /// The registers of the arguments; none where they are on the stack, behind the address to return to.
    arguments: &'static [usize],
    /// The registers of the result. Of a number in two the first has the half that is first in memory; so have arguments.
    results: [usize; 2],
    /// What a function leaves as it found it, the address to return to among them.
    kept: &'static [usize],
    /// A register that is always 0.
    zero: Option<usize>,
    stack: usize,
    /// The register with the address to return to, where it is asked for.
    link: usize,
    /// What is a function's own on the stack, from where its caller left it.
    own: (i64, i64),
}

impl Convention {
    const OF_64_BITS: Self = Self {
        width: 64,
        arguments: &[],
        results: [0, 1],
        kept: &[],
        zero: None,
        // None: the number of no register.
        stack: usize::MAX,
        link: usize::MAX,
        own: (i64::MIN, 0),
    };
    const OF_32_BITS: Self = Self { width: 32, ..Self::OF_64_BITS };
}

/// What a step is made in.
struct Context<'a> {
    image: &'a Image,
    isa: Isa,
}

impl Isa {
    const fn convention(self) -> Convention {
        match self {
            Self::Alpha => alpha::CONVENTION,
            Self::Arm => arm::CONVENTION,
            Self::Arm64 => arm64::CONVENTION,
            Self::Loongarch64 => loongarch64::CONVENTION,
            Self::M68k => m68k::CONVENTION,
            Self::Mips => mips::CONVENTION_32,
            Self::Mips64 => mips::CONVENTION_64,
            Self::Openrisc => openrisc::CONVENTION,
            Self::Parisc => parisc::CONVENTION,
            Self::Ppc => ppc::CONVENTION_32,
            Self::Ppc64 => ppc::CONVENTION_64,
            Self::Riscv32 => riscv::CONVENTION_32,
            Self::Riscv64 => riscv::CONVENTION_64,
            Self::S390 => s390::CONVENTION,
            Self::Sh => sh::CONVENTION,
            Self::Sparc => sparc::CONVENTION_32,
            Self::Sparc64 => sparc::CONVENTION_64,
            Self::Xtensa => xtensa::CONVENTION,
        }
    }

    fn step(self, image: &Image, cpu: &mut Cpu, line: &Line) -> Result<Next, Stuck> {
        match self {
            Self::Alpha => alpha::step(image, cpu, line),
            Self::Arm => arm::step(image, cpu, line),
            Self::Arm64 => arm64::step(image, cpu, line),
            Self::Loongarch64 => loongarch64::step(image, cpu, line),
            Self::M68k => m68k::step(image, cpu, line),
            Self::Mips | Self::Mips64 => mips::step(image, cpu, line),
            Self::Openrisc => openrisc::step(image, cpu, line),
            Self::Parisc => parisc::step(image, cpu, line),
            Self::Ppc | Self::Ppc64 => ppc::step(image, cpu, line),
            Self::Riscv32 | Self::Riscv64 => riscv::step(image, cpu, line),
            Self::S390 => s390::step(image, cpu, line),
            Self::Sh => sh::step(image, cpu, line),
            Self::Sparc | Self::Sparc64 => sparc::step(image, cpu, line),
            Self::Xtensa => xtensa::step(image, cpu, line),
        }
    }
}

impl Listing {
    /// The instructions in a disassembler's output.
    #[must_use]
    pub fn parse(isa: Isa, text: &str) -> Self {
        let mut lines: BTreeMap<_, _> = text.lines().filter_map(Line::parse).map(|line| (line.at, line)).collect();
        let places: Vec<_> = lines.keys().copied().collect();
        for pair in places.windows(2) {
            if let [at, next] = *pair
                && let Some(line) = lines.get_mut(&at)
            {
                line.next = Some(next);
            }
        }
        Self { isa, lines }
    }

    fn line(&self, at: u64) -> Result<&Line, Stuck> {
        self.lines.get(&at).ok_or_else(|| Stuck::new(format!("goes to {at:#x}, where no code is")))
    }
}

impl Machine for Listing {
    fn width(&self) -> usize {
        self.isa.convention().width
    }

    fn run(&self, bits: &Bits, image: &Image, entry: u64, memory: bool, arguments: &[Word]) -> Result<Vec<End>, Stuck> {
        if memory {
            return Err(Stuck::new("wants memory for a result, which is not known here"));
        }
        let convention = self.isa.convention();
        let context = Context { image, isa: self.isa };
        let mut open = vec![(entry, Cpu::new(bits, image.is_big_endian(), &convention, arguments)?)];
        let (mut ends, mut steps) = (Vec::new(), 0);
        while let Some((mut at, mut cpu)) = open.pop() {
            loop {
                steps += 1;
                let line = self.line(at)?;
                let place = |stuck: Stuck| stuck.at(format!("at {at:#x}, {} {}", line.name, line.operands.join(",")));
                if steps > STEPS {
                    return Err(place(Stuck::new(format!("goes on after {STEPS} instructions"))));
                }
                let behind = || line.next.ok_or_else(|| Stuck::new("runs out of the listing")).map_err(place);
                let (taken, to, mut on) = match context.step(&convention, &mut cpu, line).map_err(place)? {
                    Next::Here => {
                        at = behind()?;
                        continue;
                    }
                    Next::Branch(condition, target) => (cpu.split(&condition), To::Address(target), line.next),
                    Next::Returns => (cpu.split(&Bit::One), To::Caller, line.next),
                    Next::ReturnsIf(condition) => (cpu.split(&condition), To::Caller, line.next),
                    Next::Skip(condition) => {
                        let target = self.line(behind()?)?.next;
                        let target = target.ok_or_else(|| place(Stuck::new("runs out of the listing")))?;
                        (cpu.split(&condition), To::Address(target), line.next)
                    }
                    Next::Delayed(condition, to, slot) => {
                        let slot_line = self.line(behind()?)?;
                        let mut taken = cpu.split(&condition);
                        let there = matches!(slot, Slot::Always | Slot::IfTaken);
                        let here = matches!(slot, Slot::Always | Slot::IfNot);
                        for (cpu, executes) in taken.iter_mut().map(|it| (it, there)).chain([(&mut cpu, here)]) {
                            if executes && !cpu.when.is_zero() {
                                let next = context.step(&convention, cpu, slot_line).map_err(place)?;
                                if !matches!(next, Next::Here) {
                                    return Err(place(Stuck::new("has a branch behind a branch")));
                                }
                            }
                        }
                        (taken, to, slot_line.next)
                    }
                };
                match (taken, to) {
                    (Some(taken), To::Caller) => ends.push(self.end(bits, &taken).map_err(place)?),
                    (Some(taken), To::Address(target)) => open.push((target, taken)),
                    (None, _) => {}
                }
                if cpu.when.is_zero() {
                    break;
                }
                at = on.take().ok_or_else(|| place(Stuck::new("runs out of the listing")))?;
            }
        }
        Ok(ends)
    }
}

impl Context<'_> {
    fn step(&self, convention: &Convention, cpu: &mut Cpu, line: &Line) -> Result<Next, Stuck> {
        if let Some(zero) = convention.zero {
            cpu.set(zero, &cpu.number(0));
        }
        self.isa.step(self.image, cpu, line)
    }
}

impl Listing {
    /// What a caller sees, once everything is as it must be.
    fn end(&self, bits: &Bits, cpu: &Cpu) -> Result<End, Stuck> {
        let convention = self.isa.convention();
        let kept = |n: &&usize| cpu.get(**n) == untouched(bits, **n, convention.width);
        if let Some(n) = convention.kept.iter().find(|n| !kept(n)) {
            return Err(Stuck::new(format!("returns with another register {n}")));
        }
        let results = convention.results.map(|n| Value::Word(resized(&cpu.get(n), 64)));
        Ok(End { when: cpu.when.clone(), results, memory: Memory::default() })
    }
}
