//! x86, in 64 and in 32 bits: what a function leaves behind on every way through it.
//!
//! A path splits where a condition depends on the input, and a side that no input takes is not followed. A loop whose end is
//! known is run to its end; one that goes on for too long is an error, and so is every instruction that is not known here.

mod alu;
mod broken;
mod operand;

use std::collections::BTreeSet;

use iced_x86::{Code, ConditionCode, Decoder, DecoderOptions, FlowControl, Instruction, Mnemonic, OpKind, Register};

use crate::bits::{self, Bit, Bits, Block, Word, known, resized};
use crate::image::Image;
use crate::state::{End, Machine, Memory, Region, Stuck, Value};
use broken::Way;
pub use broken::{Broken, broken};

/// The machine, in 64 bits.
#[derive(Clone, Copy, Default, Debug)]
pub struct X86;

/// The machine in 32 bits, whose functions are called as a kernel's are: with arguments in registers (`-mregparm=3`).
#[derive(Clone, Copy, Default, Debug)]
pub struct I386;

/// What differs.
#[derive(Debug)]
struct Mode {
    /// How many bits a register has.
    width: usize,
    arguments: &'static [usize],
    /// What a function must leave as it found it.
    kept: &'static [usize],
}

/// The calling convention of the System V ABI: rdi, rsi, rdx, rcx, r8, r9; rbx, rbp, r12 to r15.
const LONG: Mode = Mode { width: 64, arguments: &[7, 6, 2, 1, 8, 9], kept: &[3, 5, 12, 13, 14, 15] };
/// eax, edx, ecx; ebx, ebp, esi, edi.
const PROTECTED: Mode = Mode { width: 32, arguments: &[0, 2, 1], kept: &[3, 5, 6, 7] };

/// How many instructions all paths of a function may have together.
const STEPS: usize = 200_000;

/// What stands where the caller's address to return to would.
const RETURN: u64 = 0x0dea_d0ad_d0e5_5000;

/// The longest instruction.
const LONGEST: usize = 15;

const RSP: usize = 4;
const RESULTS: [usize; 2] = [0, 2];

/// What nobody has set yet, or what the processor leaves undefined, is `None`. Most are never asked for: they are kept as what
/// they are made of.
#[derive(Clone, Default, Debug)]
struct Flags {
    carry: Option<Bit>,
    /// The bits that are all 0, or not.
    zero: Option<Word>,
    sign: Option<Bit>,
    overflow: Option<Overflow>,
}

/// Whether a sum left the range of numbers with a sign.
#[derive(Clone, Debug)]
enum Overflow {
    Never,
    /// The highest bits of both operands and of the result.
    OfSum([Bit; 3]),
    OfDifference([Bit; 3]),
    /// Only of an instruction that was broken on purpose.
    Is(Bit),
}

impl Overflow {
    fn bit(&self) -> Bit {
        match self {
            Self::Never => Bit::Zero,
            Self::OfSum([x, y, r]) => x.xor(r).and(&y.xor(r)),
            Self::OfDifference([x, y, r]) => x.xor(y).and(&x.xor(r)),
            Self::Is(bit) => bit.clone(),
        }
    }
}

/// A path on its way.
#[derive(Clone, Debug)]
struct State {
    when: Bit,
    registers: Vec<Value>,
    flags: Flags,
    memory: Memory,
    ip: u64,
}

/// Where a path goes on.
enum Next {
    Here,
    Ends,
    /// It never comes here.
    Nowhere,
}

/// One function being run.
struct Run<'a> {
    mode: &'static Mode,
    bits: &'a Bits,
    image: &'a Image,
    open: Vec<State>,
    /// An instruction that is broken on purpose, and how.
    fault: Option<(Mnemonic, Way)>,
    seen: BTreeSet<Mnemonic>,
}

impl Machine for X86 {
    fn width(&self) -> usize {
        LONG.width
    }

    fn run(&self, bits: &Bits, image: &Image, entry: u64, memory: bool, arguments: &[Word]) -> Result<Vec<End>, Stuck> {
        Run::new(&LONG, bits, image, entry, memory, arguments)?.ends()
    }
}

impl Machine for I386 {
    fn width(&self) -> usize {
        PROTECTED.width
    }

    fn run(&self, bits: &Bits, image: &Image, entry: u64, memory: bool, arguments: &[Word]) -> Result<Vec<End>, Stuck> {
        Run::new(&PROTECTED, bits, image, entry, memory, arguments)?.ends()
    }
}

impl<'a> Run<'a> {
    fn new(
        mode: &'static Mode,
        bits: &'a Bits,
        image: &'a Image,
        entry: u64,
        memory: bool,
        arguments: &[Word],
    ) -> Result<Self, Stuck> {
        let start = State::new(mode, bits, entry, memory, arguments)?;
        Ok(Self { mode, bits, image, open: vec![start], fault: None, seen: BTreeSet::new() })
    }

    fn ends(mut self) -> Result<Vec<End>, Stuck> {
        self.go_on()
    }

    /// With which instructions were executed.
    fn ends_and_mnemonics(mut self) -> (Result<Vec<End>, Stuck>, BTreeSet<Mnemonic>) {
        (self.go_on(), self.seen)
    }

    fn go_on(&mut self) -> Result<Vec<End>, Stuck> {
        let (mut ends, mut steps) = (Vec::new(), 0);
        while let Some(mut state) = self.open.pop() {
            loop {
                steps += 1;
                if steps > STEPS {
                    return Err(Stuck::new(format!("goes on after {STEPS} instructions, at {:#x}", state.ip)));
                }
                let instruction = self.decode(state.ip)?;
                let place = || format!("at {:#x}, {instruction}", instruction.ip());
                match self.step(&mut state, &instruction).map_err(|stuck| stuck.at(place()))? {
                    Next::Here => {}
                    Next::Nowhere => break,
                    Next::Ends => {
                        ends.push(state.end(self.mode, self.bits).map_err(|stuck| stuck.at(place()))?);
                        break;
                    }
                }
            }
        }
        Ok(ends)
    }
}

impl State {
    fn new(mode: &Mode, bits: &Bits, entry: u64, memory: bool, arguments: &[Word]) -> Result<Self, Stuck> {
        let mut registers: Vec<_> = (0..16).map(|n| mode.untouched(bits, n)).collect();
        let result = memory.then_some(Value::Address(Region::Result, 0));
        // The lower half of what is wider than a register comes first.
        let parts = arguments.iter().flat_map(|word| word.chunks(mode.width));
        let mut given = result.into_iter().chain(parts.map(|part| Value::Word(resized(part, 64))));
        for (register, value) in mode.arguments.iter().zip(given.by_ref()) {
            registers[*register] = value;
        }
        if given.next().is_some() {
            return Err(Stuck::new("has more arguments than registers"));
        }
        registers[RSP] = Value::Address(Region::Stack, 0);
        let mut memory = Memory::default();
        memory.write_value(Region::Stack, 0, &Value::number(RETURN), mode.bytes());
        Ok(Self { when: Bit::One, registers, flags: Flags::default(), memory, ip: entry })
    }

    /// What a caller sees, once everything is as it must be.
    fn end(self, mode: &Mode, bits: &Bits) -> Result<End, Stuck> {
        let caller = mode.step();
        if self.registers[RSP] != Value::Address(Region::Stack, caller) {
            return Err(Stuck::new("returns with another stack"));
        }
        if let Some(n) = mode.kept.iter().find(|n| self.registers[**n] != mode.untouched(bits, **n)) {
            return Err(Stuck::new(format!("returns with another {}", name(*n))));
        }
        if self.memory.written(Region::Stack).into_iter().any(|at| at >= caller) {
            return Err(Stuck::new("writes into the caller's stack"));
        }
        Ok(End { when: self.when, results: RESULTS.map(|n| self.registers[n].clone()), memory: self.memory })
    }
}

impl Mode {
    /// How many bytes a register has.
    const fn bytes(&self) -> usize {
        self.width / 8
    }

    /// What stands where the caller's address to return to would.
    const fn back(&self) -> u64 {
        if self.width == 64 { RETURN } else { RETURN & 0xffff_ffff }
    }

    /// How far the stack moves for one.
    const fn step(&self) -> i64 {
        if self.width == 64 { 8 } else { 4 }
    }

    /// What a caller left in a register.
    fn untouched(&self, bits: &Bits, n: usize) -> Value {
        let block = bits.block(Block::Register(n));
        Value::Word(resized(block.get(..self.width).unwrap_or(&block), 64))
    }

    /// A number as an operand of this width, with its sign.
    const fn signed(&self, number: u64) -> u64 {
        if self.width == 64 { number } else { (number << 32).cast_signed().wrapping_shr(32).cast_unsigned() }
    }

    /// As far as a register holds it.
    fn cut(&self, value: Value) -> Value {
        match value {
            Value::Word(word) => Value::Word(resized(word.get(..self.width).unwrap_or(&word), 64)),
            address @ Value::Address(..) => address,
        }
    }
}

/// The name of a register of 64 bits.
fn name(n: usize) -> String {
    const NAMES: [&str; 16] =
        ["rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"];
    NAMES.get(n).map_or_else(|| format!("register {n}"), |name| (*name).to_owned())
}

impl Run<'_> {
    fn decode(&self, ip: u64) -> Result<Instruction, Stuck> {
        let code = self.image.code(ip, LONGEST)?;
        let instruction =
            Decoder::with_ip(if self.mode.width == 64 { 64 } else { 32 }, code, ip, DecoderOptions::NONE).decode();
        if instruction.code() == Code::INVALID {
            return Err(Stuck::new(format!("at {ip:#x}: bytes that are no instruction")));
        }
        self.image.defined(ip, instruction.len()).map_err(|stuck| stuck.at(format!("at {ip:#x}, {instruction}")))?;
        Ok(instruction)
    }

    fn step(&mut self, state: &mut State, instruction: &Instruction) -> Result<Next, Stuck> {
        self.seen.insert(instruction.mnemonic());
        match self.fault {
            Some((mnemonic, way)) if mnemonic == instruction.mnemonic() => {
                // A condition is its opposite: of a branch here, of what is selected by what it makes.
                if instruction.flow_control() == FlowControl::ConditionalBranch {
                    let mut opposite = *instruction;
                    opposite.negate_condition_code();
                    return self.execute(state, &opposite);
                }
                let next = self.execute(state, instruction)?;
                self.spoil(state, instruction, way, next)
            }
            _ => self.execute(state, instruction),
        }
    }

    fn execute(&mut self, state: &mut State, instruction: &Instruction) -> Result<Next, Stuck> {
        state.ip = instruction.next_ip();
        match instruction.flow_control() {
            FlowControl::Next => self.calculate(state, instruction).map(|()| Next::Here),
            FlowControl::ConditionalBranch if instruction.is_jcc_short_or_near() => {
                let condition = state.flags.condition(instruction.condition_code())?;
                self.branch(state, &condition, instruction.near_branch_target())
            }
            FlowControl::UnconditionalBranch => {
                state.ip = instruction.near_branch_target();
                Ok(Next::Here)
            }
            FlowControl::IndirectBranch => self.jump(state, instruction),
            FlowControl::Call => {
                let (target, back) = (instruction.near_branch_target(), state.ip);
                self.push(state, &Value::number(back))?;
                state.ip = target;
                Ok(Next::Here)
            }
            FlowControl::IndirectCall => {
                let back = state.ip;
                let target = self.known_target(state, instruction)?;
                self.push(state, &Value::number(back))?;
                state.ip = target;
                Ok(Next::Here)
            }
            FlowControl::Return if instruction.op_count() == 0 => {
                let Value::Word(back) = self.pop(state)? else { return Err(Stuck::new("returns into data")) };
                match known(&back) {
                    Some(back) if back == self.mode.back() => Ok(Next::Ends),
                    Some(back) => {
                        state.ip = back;
                        Ok(Next::Here)
                    }
                    None => Err(Stuck::new("returns to where is not known")),
                }
            }
            _ => Err(Stuck::new("is not known here")),
        }
    }

    /// Goes both ways, as far as an input takes them.
    fn branch(&mut self, state: &mut State, condition: &Bit, target: u64) -> Result<Next, Stuck> {
        let (yes, no) = (state.when.and(condition), state.when.and_not(condition));
        if !yes.is_zero() {
            let taken = State { when: yes, ip: target, ..state.clone() };
            self.open.push(taken);
        }
        if no.is_zero() {
            return Ok(Next::Nowhere);
        }
        state.when = no;
        Ok(Next::Here)
    }

    /// A jump to where a register or a table says.
    fn jump(&mut self, state: &mut State, instruction: &Instruction) -> Result<Next, Stuck> {
        let Value::Word(target) = self.value(state, instruction, 0)? else { return Err(Stuck::new("jumps into data")) };
        for (target, when) in self.choices(&state.when, &target)? {
            self.open.push(State { when, ip: target, ..state.clone() });
        }
        Ok(Next::Nowhere)
    }

    fn known_target(&self, state: &State, instruction: &Instruction) -> Result<u64, Stuck> {
        match self.value(state, instruction, 0)? {
            Value::Word(word) => known(&word).ok_or_else(|| Stuck::new("calls what is not known")),
            Value::Address(..) => Err(Stuck::new("calls data")),
        }
    }

    /// The numbers that a word can be on this path, each with when it is: a table's index, and nothing larger.
    fn choices(&self, when: &Bit, word: &[Bit]) -> Result<Vec<(u64, Bit)>, Stuck> {
        const MOST: usize = 64;
        let (mut rest, mut choices) = (when.clone(), Vec::new());
        while let Some(inputs) = self.bits.example(&rest) {
            if choices.len() == MOST {
                return Err(Stuck::new(format!("takes an address that can be more than {MOST} different ones")));
            }
            let value = Bits::value(word, inputs);
            let here = rest.and(&bits::equals(word, value));
            if here.is_zero() {
                return Err(Stuck::new("takes an address from what nobody has set"));
            }
            rest = rest.and_not(&here);
            choices.push((value, here));
        }
        Ok(choices)
    }

    fn push(&self, state: &mut State, value: &Value) -> Result<(), Stuck> {
        let top = state.registers[RSP].plus(self.bits, &Value::number(self.mode.step().wrapping_neg().cast_unsigned()));
        let Value::Address(region, at) = top else { return Err(Stuck::new("pushes without a stack")) };
        state.memory.write_value(region, at, value, self.mode.bytes());
        state.registers[RSP] = top;
        Ok(())
    }

    fn pop(&self, state: &mut State) -> Result<Value, Stuck> {
        let Value::Address(region, at) = state.registers[RSP] else { return Err(Stuck::new("pops without a stack")) };
        let value = state.memory.read_value(self.bits, region, at, self.mode.bytes())?;
        state.registers[RSP] = Value::Address(region, at + self.mode.step());
        Ok(value)
    }
}

impl Flags {
    fn condition(&self, code: ConditionCode) -> Result<Bit, Stuck> {
        let unset = || Stuck::new("asks for a flag that nothing has set");
        let get = |flag: &Option<Bit>| flag.clone().ok_or_else(unset);
        let (carry, sign) = (&self.carry, &self.sign);
        let zero = || self.zero.as_deref().map(bits::is_zero).ok_or_else(unset);
        let overflow = || self.overflow.as_ref().map(Overflow::bit).ok_or_else(unset);
        let less = || Ok(get(sign)?.xor(&overflow()?));
        let below_or_equal = || Ok(get(carry)?.or(&zero()?));
        let less_or_equal = || Ok::<_, Stuck>(less()?.or(&zero()?));
        match code {
            ConditionCode::b => get(carry),
            ConditionCode::ae => get(carry).map(|bit| bit.not()),
            ConditionCode::e => zero(),
            ConditionCode::ne => zero().map(|bit| bit.not()),
            ConditionCode::be => below_or_equal(),
            ConditionCode::a => below_or_equal().map(|bit| bit.not()),
            ConditionCode::s => get(sign),
            ConditionCode::ns => get(sign).map(|bit| bit.not()),
            ConditionCode::o => overflow(),
            ConditionCode::no => overflow().map(|bit| bit.not()),
            ConditionCode::l => less(),
            ConditionCode::ge => less().map(|bit| bit.not()),
            ConditionCode::le => less_or_equal(),
            ConditionCode::g => less_or_equal().map(|bit| bit.not()),
            _ => Err(Stuck::new(format!("asks for condition {code:?}, which is not known here"))),
        }
    }
}

/// The number of a register's whole.
fn whole(register: Register) -> usize {
    register.full_register().number()
}

impl Run<'_> {
    /// Whether an operand is a register of all bits that the machine has.
    fn is_whole(&self, instruction: &Instruction, operand: u32) -> bool {
        instruction.op_kind(operand) == OpKind::Register && self.is_whole_register(instruction.op_register(operand))
    }

    fn is_whole_register(&self, register: Register) -> bool {
        if self.mode.width == 64 { register.is_gpr64() } else { register.is_gpr32() }
    }
}
