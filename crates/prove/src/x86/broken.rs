//! The machine with one instruction broken on purpose: what is proved with it must fail, or the proofs would not notice if the
//! reader had it wrong.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use iced_x86::{FlowControl, Instruction, Mnemonic as M, OpKind, Register};

use super::{Flags, LONG, Next, Overflow, RSP, Run, State};
use crate::bits::{self, Bit, Bits, Word};
use crate::facts::Facts;
use crate::function::Function;
use crate::image::Image;
use crate::prover::Prover;
use crate::state::{End, Machine, Stuck, Value};

/// How an instruction is broken.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Way {
    /// The lowest bit of what it makes is turned; of a comparison every flag, of a condition the condition.
    Lowest,
    /// The highest bit.
    Highest,
}

/// A way to break an instruction, and who noticed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broken {
    /// The instruction.
    pub mnemonic: String,
    /// Which bit of what it makes is turned.
    pub way: &'static str,
    /// The first function whose proof fails for it, with how many use the instruction up to it; none if all are proved.
    pub noticed: Option<(String, usize)>,
}

/// A machine of which one instruction can be broken, and which remembers what it has executed.
#[derive(Debug, Default)]
struct Bench {
    fault: Mutex<Option<(M, Way)>>,
    seen: Mutex<BTreeMap<String, M>>,
}

impl Machine for Bench {
    fn width(&self) -> usize {
        LONG.width
    }

    fn run(&self, bits: &Bits, image: &Image, entry: u64, memory: bool, arguments: &[Word]) -> Result<Vec<End>, Stuck> {
        let mut run = Run::new(&LONG, bits, image, entry, memory, arguments)?;
        run.fault = *self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        let (ends, seen) = run.ends_and_mnemonics();
        let mut all = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        all.extend(seen.into_iter().map(|it| (format!("{it:?}").to_lowercase(), it)));
        ends
    }
}

impl Bench {
    fn set(&self, fault: Option<(M, Way)>) {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    fn take_seen(&self) -> BTreeMap<String, M> {
        std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Breaks each instruction that these functions are made of, in each way, and proves them until one is not. Only the function is
/// run on the broken machine; what must come out is made on a whole one.
///
/// # Errors
/// A function that cannot be run though nothing is broken.
pub fn broken(image: &Image, functions: &[Function]) -> Result<Vec<Broken>, Stuck> {
    let bench = Bench::default();
    let prover = Prover::new(image, &bench);
    let mut all: BTreeMap<(String, Way), (usize, Option<String>)> = BTreeMap::new();
    for function in functions {
        // The witnesses' way to return is looked up here, on the whole machine.
        let facts = Facts::new(function.row.layout());
        prover.run(function)?;
        bench.take_seen();
        prover.run(function)?;
        for (name, mnemonic) in bench.take_seen() {
            for way in [Way::Lowest, Way::Highest] {
                let (uses, noticed) = all.entry((name.clone(), way)).or_default();
                if noticed.is_some() {
                    continue;
                }
                *uses += 1;
                bench.set(Some((mnemonic, way)));
                let ran = prover.run(function);
                bench.set(None);
                if !ran.is_ok_and(|ran| prover.compare(function, &facts, &ran).is_ok()) {
                    *noticed = Some(function.symbol());
                }
            }
        }
    }
    let found = all.into_iter().map(|((mnemonic, way), (uses, noticed))| Broken {
        mnemonic,
        way: if way == Way::Lowest { "lowest" } else { "highest" },
        noticed: noticed.map(|function| (function, uses)),
    });
    Ok(found.collect())
}

impl Run<'_> {
    /// Turns what a broken instruction has just made.
    pub(super) fn spoil(&self, state: &mut State, i: &Instruction, way: Way, next: Next) -> Result<Next, Stuck> {
        match i.flow_control() {
            // As if it were not there.
            FlowControl::UnconditionalBranch | FlowControl::Call | FlowControl::IndirectCall => {
                state.ip = i.next_ip();
                return Ok(next);
            }
            FlowControl::Return => return Err(Stuck::new("returns with another stack")),
            _ => {}
        }
        let turned = |word: &[Bit]| {
            let n = if way == Way::Lowest { 0 } else { word.len().saturating_sub(1) };
            let mut word = word.to_vec();
            if let Some(bit) = word.get_mut(n) {
                *bit = bit.not();
            }
            word
        };
        match i.mnemonic() {
            M::Cmp | M::Test | M::Bt => state.flags.turn(),
            M::Push => {
                let Value::Address(region, at) = state.registers[RSP] else { return Ok(next) };
                let word = turned(&state.memory.read_value(self.bits, region, at, 8)?.word(self.bits));
                state.memory.write_value(region, at, &Value::Word(word), 8);
            }
            M::Cdq | M::Cqo => {
                let width = if i.mnemonic() == M::Cqo { Register::RDX } else { Register::EDX };
                let word = turned(&self.register(state, width)?);
                self.write_register(state, width, &word)?;
            }
            _ if i.op_count() > 0 && matches!(i.op0_kind(), OpKind::Register | OpKind::Memory) => {
                let word = turned(&self.read(state, i, 0, Self::width(i, 0))?);
                self.write(state, i, &word)?;
            }
            // What leaves nothing, or what is not named: rax.
            _ => {
                let word = turned(&self.register(state, Register::RAX)?);
                self.write_register(state, Register::RAX, &word)?;
            }
        }
        Ok(next)
    }
}

impl Flags {
    /// Each as its opposite.
    fn turn(&mut self) {
        if let Some(zero) = &mut self.zero {
            *zero = vec![bits::is_zero(zero)];
        }
        for flag in [&mut self.carry, &mut self.sign].into_iter().flatten() {
            *flag = flag.not();
        }
        self.overflow = self.overflow.take().map(|overflow| Overflow::Is(overflow.bit().not()));
    }
}
