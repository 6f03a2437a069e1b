//! What the instructions calculate.

use iced_x86::{ConditionCode, Instruction, Mnemonic as M, OpKind, Register};

use super::{Flags, Overflow, Run, State, whole};
use crate::bits::{self, Bit, Word, known, number, resized};
use crate::state::{Stuck, Value};

impl Run<'_> {
    pub(super) fn calculate(&self, state: &mut State, i: &Instruction) -> Result<(), Stuck> {
        if i.has_lock_prefix() || i.has_rep_prefix() || i.has_repne_prefix() {
            return Err(Stuck::new("has a prefix that is not known here"));
        }
        match i.mnemonic() {
            M::Nop | M::Endbr64 => Ok(()),
            M::Mov | M::Movzx | M::Movsx | M::Movsxd | M::Lea | M::Push | M::Pop | M::Xchg | M::Bswap => {
                self.carry(state, i)
            }
            M::Cdqe | M::Cwde | M::Cdq | M::Cqo => self.extend(state, i),
            M::And | M::Or | M::Xor | M::Test | M::Not | M::Andn => self.logic(state, i),
            M::Add | M::Adc | M::Sub | M::Sbb | M::Cmp | M::Inc | M::Dec | M::Neg => self.sum(state, i),
            M::Shl | M::Shr | M::Sar | M::Rol | M::Ror | M::Rorx | M::Shlx | M::Shrx | M::Sarx | M::Shld | M::Shrd => {
                self.shift(state, i)
            }
            M::Bt | M::Bts | M::Btr | M::Btc => self.single(state, i),
            M::Bzhi | M::Bextr | M::Blsr | M::Blsi | M::Blsmsk => self.several(state, i),
            M::Imul => self.product(state, i),
            _ if i.condition_code() != ConditionCode::None => self.conditional(state, i),
            other => Err(Stuck::new(format!("{other:?} is not known here"))),
        }
    }

    /// What only moves bits.
    fn carry(&self, state: &mut State, i: &Instruction) -> Result<(), Stuck> {
        match i.mnemonic() {
            M::Mov if Self::width(i, 0) == self.mode.width => {
                let value = self.value(state, i, 1)?;
                self.move_value(state, i, value)
            }
            M::Mov => {
                let word = self.read(state, i, 1, Self::width(i, 0))?;
                self.write(state, i, &word)
            }
            M::Movzx => {
                let word = self.read(state, i, 1, Self::width(i, 1))?;
                self.write(state, i, &resized(&word, Self::width(i, 0)))
            }
            M::Movsx | M::Movsxd => {
                let word = self.read(state, i, 1, Self::width(i, 1))?;
                self.write(state, i, &extended(&word, Self::width(i, 0)))
            }
            M::Lea => {
                let address = self.address(state, i)?;
                match Self::width(i, 0) {
                    width if width == self.mode.width => self.move_value(state, i, address),
                    width => self.write(state, i, &resized(&address.word(self.bits), width)),
                }
            }
            M::Push => {
                let value = match i.op_kind(0) {
                    OpKind::Register | OpKind::Memory => self.value(state, i, 0)?,
                    _ => Value::number(i.immediate(0)),
                };
                self.push(state, &value)
            }
            M::Pop => {
                let value = self.pop(state)?;
                self.move_value(state, i, value)
            }
            M::Xchg => {
                if !(self.is_whole(i, 0) && self.is_whole(i, 1)) {
                    return Err(Stuck::new("exchanges what are not whole registers"));
                }
                state.registers.swap(whole(i.op_register(0)), whole(i.op_register(1)));
                Ok(())
            }
            _ => {
                let word = self.read(state, i, 0, Self::width(i, 0))?;
                let turned: Word = word.rchunks(8).flatten().cloned().collect();
                self.write(state, i, &turned)
            }
        }
    }

    /// Eight bytes to their place, the stack's own register among them.
    fn move_value(&self, state: &mut State, i: &Instruction, value: Value) -> Result<(), Stuck> {
        self.write_value(state, i, value)
    }

    /// The sign of rax, spread.
    fn extend(&self, state: &mut State, i: &Instruction) -> Result<(), Stuck> {
        let (from, from_register, to) = match i.mnemonic() {
            M::Cwde => (16, Register::RAX, Register::EAX),
            M::Cdqe => (32, Register::RAX, Register::RAX),
            M::Cdq => (32, Register::RAX, Register::EDX),
            _ => (64, Register::RAX, Register::RDX),
        };
        let word = resized(&self.register(state, from_register)?, from);
        let spread = extended(&word, 2 * from);
        let upper = matches!(i.mnemonic(), M::Cdq | M::Cqo);
        let result: Word = if upper { spread.into_iter().skip(from).collect() } else { spread };
        self.write_register(state, to, &result)
    }

    fn logic(&self, state: &mut State, i: &Instruction) -> Result<(), Stuck> {
        let width = Self::width(i, 0);
        if i.mnemonic() == M::Not {
            let word = bits::not(&self.read(state, i, 0, width)?);
            return self.write(state, i, &word);
        }
        let word = if i.mnemonic() == M::Andn {
            bits::each(&self.read(state, i, 2, width)?, &self.read(state, i, 1, width)?, Bit::and_not)
        } else if i.mnemonic() == M::Xor && same(i) {
            // It does not read what it makes 0.
            number(0, width)
        } else {
            let (a, b) = (self.read(state, i, 0, width)?, self.read(state, i, 1, width)?);
            match i.mnemonic() {
                M::Or => bits::each(&a, &b, Bit::or),
                M::Xor => bits::each(&a, &b, Bit::xor),
                _ => bits::each(&a, &b, Bit::and),
            }
        };
        state.flags = Flags { carry: Some(Bit::Zero), overflow: Some(Overflow::Never), ..Flags::of(&word) };
        if i.mnemonic() == M::Test { Ok(()) } else { self.write(state, i, &word) }
    }

    fn sum(&self, state: &mut State, i: &Instruction) -> Result<(), Stuck> {
        let width = Self::width(i, 0);
        let m = i.mnemonic();
        // An address and a number make an address again; nobody asks such a sum for its flags.
        if let (M::Add | M::Sub, true) = (m, self.is_whole(i, 0))
            && let Value::Address(..) = state.registers[whole(i.op_register(0))]
            && let Some(by) = known(&self.read(state, i, 1, width)?)
        {
            let by = self.mode.signed(by);
            let by = Value::number(if m == M::Add { by } else { by.wrapping_neg() });
            let n = whole(i.op_register(0));
            state.registers[n] = state.registers[n].plus(self.bits, &by);
            state.flags = Flags::default();
            return Ok(());
        }
        let a = match m {
            M::Neg => number(0, width),
            M::Sub | M::Cmp if same(i) => number(0, width),
            _ => self.read(state, i, 0, width)?,
        };
        let b = match m {
            M::Inc | M::Dec => number(1, width),
            M::Neg => self.read(state, i, 0, width)?,
            M::Sub | M::Cmp if same(i) => number(0, width),
            _ => self.read(state, i, 1, width)?,
        };
        let carry = match m {
            M::Adc | M::Sbb => state.flags.condition(ConditionCode::b)?,
            _ => Bit::Zero,
        };
        let minus = matches!(m, M::Sub | M::Sbb | M::Cmp | M::Dec | M::Neg);
        let (word, out) = if minus { bits::sub(&a, &b, &carry) } else { bits::add(&a, &b, &carry) };
        let tops = [&a, &b, &word].map(|word| top(word));
        let overflow = if minus { Overflow::OfDifference(tops) } else { Overflow::OfSum(tops) };
        let kept = state.flags.carry.take();
        let carry = if matches!(m, M::Inc | M::Dec) { kept } else { Some(out) };
        state.flags = Flags { carry, overflow: Some(overflow), ..Flags::of(&word) };
        if m == M::Cmp { Ok(()) } else { self.write(state, i, &word) }
    }

    fn shift(&self, state: &mut State, i: &Instruction) -> Result<(), Stuck> {
        let width = Self::width(i, 0);
        let m = i.mnemonic();
        let (from, count) = match m {
            M::Rorx | M::Shlx | M::Shrx | M::Sarx => (1, 2),
            M::Shld | M::Shrd => (0, 2),
            _ => (0, 1),
        };
        let word = self.read(state, i, from, width)?;
        let second = if count == 2 && from == 0 { self.read(state, i, 1, width)? } else { Word::new() };
        let by = match i.op_kind(count) {
            OpKind::Register => self.register(state, i.op_register(count))?,
            _ => number(i.immediate(count), 8),
        };
        let by: Word = by.into_iter().take(if width == 64 { 6 } else { 5 }).collect();
        let shifted = |by: usize| shifted(m, &word, &second, by);
        let silent = matches!(m, M::Rorx | M::Shlx | M::Shrx | M::Sarx);
        let Some(by) = known(&by) else {
            if width < 32 {
                return Err(Stuck::new("moves less than 32 bits by what is not known"));
            }
            let result = (0..width)
                .fold(word.clone(), |result, n| bits::select(&bits::equals(&by, n as u64), &shifted(n), &result));
            if !silent {
                state.flags = Flags::default();
            }
            return self.write(state, i, &result);
        };
        #[expect(clippy::cast_possible_truncation, reason = "at most 63")]
        let by = by as usize;
        if by >= width {
            return Err(Stuck::new(format!("moves {width} bits by {by}")));
        }
        let result = shifted(by);
        if by > 0 && !silent {
            let at = |n: usize| word.get(n).cloned();
            let last = match m {
                M::Shl | M::Shld => at(width - by),
                M::Shr | M::Sar | M::Shrd => at(by - 1),
                _ => None,
            };
            state.flags = match last {
                Some(carry) => Flags { carry: Some(carry), ..Flags::of(&result) },
                // A rotation leaves zero and sign as they were.
                None => Flags { carry: None, overflow: None, ..state.flags.clone() },
            };
        }
        self.write(state, i, &result)
    }

    /// One bit of a word.
    fn single(&self, state: &mut State, i: &Instruction) -> Result<(), Stuck> {
        let width = Self::width(i, 0);
        if i.op_kind(0) != OpKind::Register {
            return Err(Stuck::new("takes a bit of memory"));
        }
        let mut word = self.read(state, i, 0, width)?;
        let which: Word = match i.op_kind(1) {
            OpKind::Register => self.register(state, i.op_register(1))?,
            _ => number(i.immediate(1), 8),
        };
        let which: Word = which.into_iter().take(width.trailing_zeros() as usize).collect();
        let mut bit = Bit::Zero;
        for (n, place) in word.iter_mut().enumerate() {
            let here = bits::equals(&which, n as u64);
            bit = bit.or(&here.and(place));
            let changed = match i.mnemonic() {
                M::Bts => Bit::One,
                M::Btr => Bit::Zero,
                M::Btc => place.not(),
                _ => continue,
            };
            *place = here.select(&changed, place);
        }
        let zero = state.flags.zero.take();
        state.flags = Flags { carry: Some(bit), zero, ..Flags::default() };
        if i.mnemonic() == M::Bt { Ok(()) } else { self.write(state, i, &word) }
    }

    /// The instructions for bit fields of x86-64-v3.
    fn several(&self, state: &mut State, i: &Instruction) -> Result<(), Stuck> {
        let width = Self::width(i, 0);
        let word = self.read(state, i, 1, width)?;
        let (result, carry) = match i.mnemonic() {
            M::Bzhi => {
                let index = self.read(state, i, 2, width)?;
                let index: Word = index.into_iter().take(8).collect();
                // Bit n stays where n is below the index.
                let kept = word.iter().enumerate().map(|(n, bit)| bit.and(&bits::above(&index, n as u64)));
                (kept.collect(), Some(bits::above(&index, width as u64 - 1)))
            }
            M::Bextr => {
                let control = known(&self.read(state, i, 2, width)?);
                let control = control.ok_or_else(|| Stuck::new("takes a field that is not known"))?;
                let (start, len) = ((control & 0xff) as usize, (control >> 8 & 0xff) as usize);
                let field: Word = word.into_iter().skip(start).take(len).collect();
                (resized(&field, width), Some(Bit::Zero))
            }
            m => {
                let less = bits::sub(&word, &number(1, width), &Bit::Zero).0;
                let nothing = bits::is_zero(&word);
                match m {
                    M::Blsr => (bits::each(&word, &less, Bit::and), Some(nothing)),
                    M::Blsi => (bits::each(&word, &less, Bit::and_not), Some(nothing.not())),
                    _ => (bits::each(&word, &less, Bit::xor), Some(nothing)),
                }
            }
        };
        state.flags = Flags { carry, overflow: Some(Overflow::Never), ..Flags::of(&result) };
        self.write(state, i, &result)
    }

    /// A product with a number.
    fn product(&self, state: &mut State, i: &Instruction) -> Result<(), Stuck> {
        let width = Self::width(i, 0);
        let (a, b) = match i.op_count() {
            3 => (self.read(state, i, 1, width)?, number(i.immediate(2), width)),
            2 => (self.read(state, i, 0, width)?, self.read(state, i, 1, width)?),
            _ => return Err(Stuck::new("multiplies to twice the width")),
        };
        let product = match (known(&a), known(&b)) {
            (_, Some(by)) => bits::times(&a, by),
            (Some(by), _) => bits::times(&b, by),
            _ => return Err(Stuck::new("multiplies what is not known by what is not known")),
        };
        state.flags = Flags::default();
        self.write(state, i, &product)
    }

    /// `cmovcc` and `setcc`.
    fn conditional(&self, state: &mut State, i: &Instruction) -> Result<(), Stuck> {
        let condition = state.flags.condition(i.condition_code())?;
        let width = Self::width(i, 0);
        if i.op_count() == 1 {
            return self.write(state, i, &resized(&[condition], width));
        }
        if width == self.mode.width && (condition.is_one() || condition.is_zero()) {
            let value = self.value(state, i, u32::from(condition.is_one()))?;
            return self.write_value(state, i, value);
        }
        let word = bits::select(&condition, &self.read(state, i, 1, width)?, &self.read(state, i, 0, width)?);
        self.write(state, i, &word)
    }
}

impl Flags {
    /// Zero and sign of a result.
    fn of(word: &[Bit]) -> Self {
        Self { zero: Some(word.to_vec()), sign: Some(top(word)), ..Self::default() }
    }
}

fn top(word: &[Bit]) -> Bit {
    word.last().cloned().unwrap_or(Bit::Zero)
}

fn extended(word: &[Bit], width: usize) -> Word {
    let mut wide = word.to_vec();
    wide.resize(width, top(word));
    wide
}

/// Whether both operands are one register.
fn same(i: &Instruction) -> bool {
    i.op_kind(0) == OpKind::Register && i.op_kind(1) == OpKind::Register && i.op_register(0) == i.op_register(1)
}

fn shifted(m: M, word: &[Bit], second: &[Bit], by: usize) -> Word {
    let width = word.len();
    match m {
        M::Shl | M::Shlx => bits::shl(word, by),
        M::Shr | M::Shrx => bits::shr(word, by, &Bit::Zero),
        M::Sar | M::Sarx => bits::shr(word, by, &top(word)),
        M::Rol => bits::rotated(word, by),
        M::Shld => bits::each(&bits::shl(word, by), &bits::shr(second, width - by, &Bit::Zero), Bit::or),
        M::Shrd => bits::each(&bits::shr(word, by, &Bit::Zero), &bits::shl(second, width - by), Bit::or),
        _ => bits::rotated(word, width - by),
    }
}
