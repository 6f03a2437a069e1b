//! Operands: registers and their parts, memory, numbers in the instruction.

use iced_x86::{Instruction, OpKind, Register};

use super::{RSP, Run, State, whole};
use crate::bits::{self, Bit, Word, known, number, resized};
use crate::state::{Region, Stuck, Value};

/// Where an operand in memory is.
enum Place {
    Given(Region, i64),
    /// In the image, at one of a few places.
    Constant(Word),
}

impl Run<'_> {
    /// The width of an operand, in bits.
    pub(super) fn width(instruction: &Instruction, operand: u32) -> usize {
        8 * match instruction.op_kind(operand) {
            OpKind::Register => instruction.op_register(operand).size(),
            _ => instruction.memory_size().size(),
        }
    }

    pub(super) fn register(&self, state: &State, register: Register) -> Result<Word, Stuck> {
        if !register.is_gpr() {
            return Err(Stuck::new(format!("uses {register:?}, which is not known here")));
        }
        let word = state.registers[whole(register)].word(self.bits);
        let from = if is_high_byte(register) { 8 } else { 0 };
        Ok(word.into_iter().skip(from).take(register.size() * 8).collect())
    }

    /// A whole register, or as many bytes of memory, which may be an address.
    pub(super) fn value(&self, state: &State, instruction: &Instruction, operand: u32) -> Result<Value, Stuck> {
        if self.is_whole(instruction, operand) {
            return Ok(state.registers[whole(instruction.op_register(operand))].clone());
        }
        if instruction.op_kind(operand) == OpKind::Memory
            && let Place::Given(region, at) = self.place(state, instruction)?
        {
            return state.memory.read_value(self.bits, region, at, self.mode.bytes());
        }
        self.read(state, instruction, operand, self.mode.width).map(|word| Value::Word(resized(&word, 64)))
    }

    pub(super) fn read(
        &self,
        state: &State,
        instruction: &Instruction,
        operand: u32,
        width: usize,
    ) -> Result<Word, Stuck> {
        match instruction.op_kind(operand) {
            OpKind::Register => self.register(state, instruction.op_register(operand)),
            OpKind::Memory => match self.place(state, instruction)? {
                Place::Given(region, at) => state.memory.read(self.bits, region, at, width / 8),
                Place::Constant(at) => self.constant(&state.when, &at, width),
            },
            OpKind::NearBranch16 | OpKind::NearBranch32 | OpKind::NearBranch64 => Err(Stuck::new("reads a branch")),
            _ => Ok(number(instruction.immediate(operand), width)),
        }
    }

    pub(super) fn write(&self, state: &mut State, instruction: &Instruction, word: &[Bit]) -> Result<(), Stuck> {
        match instruction.op_kind(0) {
            OpKind::Register => self.write_register(state, instruction.op_register(0), word),
            OpKind::Memory => match self.place(state, instruction)? {
                Place::Given(region, at) => {
                    state.memory.write(region, at, word);
                    Ok(())
                }
                Place::Constant(_) => Err(Stuck::new("writes to memory that is neither the result's nor its own")),
            },
            _ => Err(Stuck::new("writes to what is no place")),
        }
    }

    pub(super) fn write_register(&self, state: &mut State, register: Register, word: &[Bit]) -> Result<(), Stuck> {
        if !register.is_gpr() || whole(register) == RSP {
            return Err(Stuck::new(format!("writes {register:?}, which is not known here")));
        }
        let whole_word = match register.size() {
            8 => word.to_vec(),
            // The upper half becomes 0.
            4 => resized(word, 64),
            // The rest stays.
            size => {
                let from = if is_high_byte(register) { 8 } else { 0 };
                let mut rest = state.registers[whole(register)].word(self.bits);
                rest.splice(from..from + size * 8, word.iter().cloned());
                rest
            }
        };
        state.registers[whole(register)] = Value::Word(whole_word);
        Ok(())
    }

    /// Writes a whole register, or as many bytes, which may be an address.
    pub(super) fn write_value(&self, state: &mut State, instruction: &Instruction, value: Value) -> Result<(), Stuck> {
        if self.is_whole(instruction, 0) {
            state.registers[whole(instruction.op_register(0))] = value;
            return Ok(());
        }
        match self.place(state, instruction)? {
            Place::Given(region, at) => {
                state.memory.write_value(region, at, &value, self.mode.bytes());
                Ok(())
            }
            Place::Constant(_) => Err(Stuck::new("writes to memory that is neither the result's nor its own")),
        }
    }

    /// The address of an operand in memory, as a value.
    pub(super) fn address(&self, state: &State, instruction: &Instruction) -> Result<Value, Stuck> {
        if instruction.segment_prefix() != Register::None {
            return Err(Stuck::new("uses a segment"));
        }
        let displacement = Value::number(self.mode.signed(instruction.memory_displacement64()));
        // iced has the address of what lies beside the code in the displacement already.
        if instruction.is_ip_rel_memory_operand() {
            return Ok(displacement);
        }
        let part = |register: Register| match register {
            Register::None => Ok(Value::number(0)),
            register if self.is_whole_register(register) => Ok(state.registers[whole(register)].clone()),
            register => Err(Stuck::new(format!("uses {register:?} as an address"))),
        };
        let index = match (part(instruction.memory_index())?, instruction.memory_index_scale()) {
            (index, 1) => index,
            (index, scale) => Value::Word(bits::shl(&index.word(self.bits), scale.trailing_zeros() as usize)),
        };
        let base = part(instruction.memory_base())?;
        Ok(self.mode.cut(base.plus(self.bits, &index).plus(self.bits, &displacement)))
    }

    fn place(&self, state: &State, instruction: &Instruction) -> Result<Place, Stuck> {
        Ok(match self.address(state, instruction)? {
            Value::Address(region, at) => Place::Given(region, at),
            Value::Word(at) => Place::Constant(at),
        })
    }

    /// What the image has at an address, which may be one of a few.
    fn constant(&self, when: &Bit, at: &[Bit], width: usize) -> Result<Word, Stuck> {
        let read = |at: u64| -> Result<Word, Stuck> {
            let bytes = self.image.constant(at, width / 8)?;
            Ok(bytes.iter().flat_map(|byte| number(u64::from(*byte), 8)).collect())
        };
        if let Some(at) = known(at) {
            return read(at);
        }
        self.choices(when, at)?
            .into_iter()
            .try_fold(number(0, width), |word, (at, here)| Ok(bits::select(&here, &read(at)?, &word)))
    }
}

const fn is_high_byte(register: Register) -> bool {
    matches!(register, Register::AH | Register::BH | Register::CH | Register::DH)
}
