//! Words whose bits are Boolean functions of variables: what a machine calculates with when its input may be anything.
//!
//! The variables stand in blocks of 64: the input, a second one, and one for each thing that nobody has set, as a register
//! that a caller left as it was.

use std::rc::Rc;

use biodivine_lib_bdd::{Bdd, BddPointer, BddVariable, BddVariableSet};

/// A bit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Bit {
    /// 0, whatever the variables are.
    Zero,
    /// 1, whatever the variables are.
    One,
    /// Both happen.
    Of(Rc<Bdd>),
}

/// Bits from bit 0 up.
pub type Word = Vec<Bit>;

impl From<bool> for Bit {
    fn from(value: bool) -> Self {
        if value { Self::One } else { Self::Zero }
    }
}

impl Bit {
    fn of(bdd: Bdd) -> Self {
        if bdd.is_false() {
            Self::Zero
        } else if bdd.is_true() {
            Self::One
        } else {
            Self::Of(Rc::new(bdd))
        }
    }

    /// Whether it is 0 for every input.
    #[must_use]
    pub const fn is_zero(&self) -> bool {
        matches!(self, Self::Zero)
    }

    /// Whether it is 1 for every input.
    #[must_use]
    pub const fn is_one(&self) -> bool {
        matches!(self, Self::One)
    }

    /// Both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Zero, _) | (_, Self::Zero) => Self::Zero,
            (Self::One, bit) | (bit, Self::One) => bit.clone(),
            (Self::Of(a), Self::Of(b)) => Self::of(a.and(b)),
        }
    }

    /// This one, and not the other.
    #[must_use]
    pub fn and_not(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Zero, _) | (_, Self::One) => Self::Zero,
            (Self::Of(a), Self::Of(b)) => Self::of(a.and_not(b)),
            (bit, Self::Zero) => bit.clone(),
            (Self::One, bit) => bit.not(),
        }
    }

    /// One or the other, or both.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::One, _) | (_, Self::One) => Self::One,
            (Self::Zero, bit) | (bit, Self::Zero) => bit.clone(),
            (Self::Of(a), Self::Of(b)) => Self::of(a.or(b)),
        }
    }

    /// One or the other, not both.
    #[must_use]
    pub fn xor(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Zero, bit) | (bit, Self::Zero) => bit.clone(),
            (Self::One, bit) | (bit, Self::One) => bit.not(),
            (Self::Of(a), Self::Of(b)) => Self::of(a.xor(b)),
        }
    }

    /// The other value.
    #[must_use]
    pub fn not(&self) -> Self {
        match self {
            Self::Zero => Self::One,
            Self::One => Self::Zero,
            Self::Of(bdd) => Self::Of(Rc::new(bdd.not())),
        }
    }

    /// `yes` where this bit is 1, `no` where it is 0.
    #[must_use]
    pub fn select(&self, yes: &Self, no: &Self) -> Self {
        match self {
            Self::One => yes.clone(),
            Self::Zero => no.clone(),
            Self::Of(_) if yes == no => yes.clone(),
            Self::Of(_) => self.and(yes).or(&no.and_not(self)),
        }
    }

    /// Its value for these values of the variables.
    fn at(&self, value: impl Fn(BddVariable) -> bool) -> bool {
        let bdd = match self {
            Self::Zero => return false,
            Self::One => return true,
            Self::Of(bdd) => bdd,
        };
        let mut at = bdd.root_pointer();
        while !at.is_terminal() {
            at = if value(bdd.var_of(at)) { bdd.high_link_of(at) } else { bdd.low_link_of(at) };
        }
        at.is_one()
    }
}

/// A block of 64 variables.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Block {
    /// What the function is given.
    Input,
    /// What it is given beside that.
    Second,
    /// What is in a register that nobody has set, by its number, up to 63.
    Register(usize),
    /// Where the memory for a result is.
    Result,
    /// Where the stack is.
    Stack,
    /// What an argument has above its own bits.
    Above,
}

impl Block {
    const REGISTERS: usize = 64;
    const COUNT: usize = 5 + Self::REGISTERS;

    const fn number(self) -> usize {
        match self {
            Self::Input => 0,
            Self::Second => 1,
            Self::Result => 2,
            Self::Stack => 3,
            Self::Above => 4,
            Self::Register(n) => 5 + n % Self::REGISTERS,
        }
    }
}

/// The variables, and what needs them.
#[derive(Debug)]
pub struct Bits {
    /// All variables, block by block.
    blocks: Vec<Word>,
}

impl Default for Bits {
    fn default() -> Self {
        Self::new()
    }
}

impl Bits {
    /// All blocks of variables.
    #[must_use]
    pub fn new() -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "69 blocks of 64")]
        let set = BddVariableSet::new_anonymous((64 * Block::COUNT) as u16);
        let variables: Word = set.variables().into_iter().map(|variable| Bit::of(set.mk_var(variable))).collect();
        Self { blocks: variables.chunks(64).map(<[Bit]>::to_vec).collect() }
    }

    /// The 64 variables of a block.
    #[must_use]
    pub fn block(&self, block: Block) -> Word {
        self.blocks.get(block.number()).cloned().unwrap_or_default()
    }

    /// Whether a bit depends on more than the two inputs: on what nobody has set.
    #[must_use]
    pub fn is_undefined(bit: &Bit) -> bool {
        match bit {
            Bit::Of(bdd) => bdd.support_set().into_iter().any(|variable| variable.to_index() >= 2 * 64),
            Bit::Zero | Bit::One => false,
        }
    }

    /// Values of the two inputs for which it is 1, if there are any. What does not matter is 0.
    #[must_use]
    pub fn example(&self, bit: &Bit) -> Option<[u64; 2]> {
        let bdd = match bit {
            Bit::Zero => return None,
            Bit::One => return Some([0, 0]),
            Bit::Of(bdd) => bdd,
        };
        // By hand, so that a variable that does not matter is 0: a path to 1, low links first.
        let mut values = [0, 0];
        let mut at = bdd.root_pointer();
        while !at.is_terminal() {
            let low = bdd.low_link_of(at);
            // Every inner node of a reduced diagram has a way to 1.
            if low.is_zero() {
                let variable = bdd.var_of(at).to_index();
                if let Some(value) = values.get_mut(variable / 64) {
                    *value |= 1 << (variable % 64);
                }
                at = bdd.high_link_of(at);
            } else {
                at = low;
            }
        }
        at.is_one().then_some(values)
    }

    /// The value of a word for values of the two inputs; all other variables are 0.
    #[must_use]
    pub fn value(word: &[Bit], inputs: [u64; 2]) -> u64 {
        let of = |variable: BddVariable| {
            let index = variable.to_index();
            inputs.get(index / 64).is_some_and(|value| value >> (index % 64) & 1 != 0)
        };
        word.iter().take(64).enumerate().fold(0, |sum, (i, bit)| sum | u64::from(bit.at(of)) << i)
    }

    /// A bit for 64 values of each input at once: `inputs[0][n]` has bit `n` of all of them, and so has the answer theirs.
    /// All other variables are 0.
    #[must_use]
    pub fn lanes(bit: &Bit, inputs: &[&[u64; 64]; 2]) -> u64 {
        let bdd = match bit {
            Bit::Zero => return 0,
            Bit::One => return u64::MAX,
            Bit::Of(bdd) => bdd,
        };
        let mut values = vec![0, u64::MAX];
        // Children stand before their parents.
        for node in 2..bdd.size() {
            let at = BddPointer::from_index(node);
            let value = |link: BddPointer| values.get(link.to_index()).copied().unwrap_or_default();
            let variable = bdd.var_of(at).to_index();
            let chosen = inputs.get(variable / 64).map_or(0, |lanes| lanes[variable % 64]);
            values.push(chosen & value(bdd.high_link_of(at)) | !chosen & value(bdd.low_link_of(at)));
        }
        values.last().copied().unwrap_or_default()
    }
}

/// A number.
#[must_use]
pub fn number(value: u64, width: usize) -> Word {
    (0..width).map(|i| Bit::from(i < 64 && value >> i & 1 != 0)).collect()
}

/// The number, if no bit depends on anything.
#[must_use]
pub fn known(word: &[Bit]) -> Option<u64> {
    word.iter().enumerate().try_fold(0, |sum, (i, bit)| match bit {
        Bit::Zero => Some(sum),
        Bit::One if i < 64 => Some(sum | 1 << i),
        Bit::One | Bit::Of(_) => None,
    })
}

/// A word of this width: cut, or with zeros above.
#[must_use]
pub fn resized(word: &[Bit], width: usize) -> Word {
    let mut word = word.to_vec();
    word.resize(width, Bit::Zero);
    word
}

/// Bit by bit.
#[must_use]
pub fn each(a: &[Bit], b: &[Bit], f: impl Fn(&Bit, &Bit) -> Bit) -> Word {
    a.iter().zip(b).map(|(a, b)| f(a, b)).collect()
}

/// Every bit turned.
#[must_use]
pub fn not(word: &[Bit]) -> Word {
    word.iter().map(Bit::not).collect()
}

/// `a + b + carry`, and what is carried out.
#[must_use]
pub fn add(a: &[Bit], b: &[Bit], carry: &Bit) -> (Word, Bit) {
    let mut carry = carry.clone();
    let sum = a.iter().zip(b).map(|(a, b)| {
        let half = a.xor(b);
        let bit = half.xor(&carry);
        carry = a.and(b).or(&half.and(&carry));
        bit
    });
    (sum.collect(), carry)
}

/// `a - b - borrow`, and what is borrowed.
#[must_use]
pub fn sub(a: &[Bit], b: &[Bit], borrow: &Bit) -> (Word, Bit) {
    let (word, carry) = add(a, &not(b), &borrow.not());
    (word, carry.not())
}

/// Moved up, zeros from below.
#[must_use]
pub fn shl(word: &[Bit], by: usize) -> Word {
    (0..word.len()).map(|i| i.checked_sub(by).and_then(|i| word.get(i)).cloned().unwrap_or(Bit::Zero)).collect()
}

/// Moved down, `fill` from above.
#[must_use]
pub fn shr(word: &[Bit], by: usize, fill: &Bit) -> Word {
    (0..word.len()).map(|i| word.get(i.saturating_add(by)).unwrap_or(fill).clone()).collect()
}

/// Turned upwards.
#[must_use]
pub fn rotated(word: &[Bit], by: usize) -> Word {
    let mut turned = word.to_vec();
    if !turned.is_empty() {
        turned.rotate_right(by % word.len());
    }
    turned
}

/// The product with a number.
#[must_use]
pub fn times(word: &[Bit], by: u64) -> Word {
    let zero = number(0, word.len());
    let ones = (0..64).filter(|i| by >> i & 1 != 0);
    ones.fold(zero, |sum, i| add(&sum, &shl(word, i), &Bit::Zero).0)
}

/// `yes` where the condition holds, `no` elsewhere.
#[must_use]
pub fn select(condition: &Bit, yes: &[Bit], no: &[Bit]) -> Word {
    each(yes, no, |yes, no| condition.select(yes, no))
}

/// Whether all bits are 0.
#[must_use]
pub fn is_zero(word: &[Bit]) -> Bit {
    word.iter().fold(Bit::Zero, |any, bit| any.or(bit)).not()
}

/// Whether the word, without sign, is above the number.
#[must_use]
pub fn above(word: &[Bit], limit: u64) -> Bit {
    sub(&number(limit, word.len()), word, &Bit::Zero).1
}

/// Whether a word is this number.
#[must_use]
pub fn equals(word: &[Bit], value: u64) -> Bit {
    word.iter().zip(number(value, word.len())).fold(Bit::One, |all, (a, b)| all.and_not(&a.xor(&b)))
}
