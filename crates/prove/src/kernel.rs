//! A kernel's own helpers, each under a plain symbol (`kernel__encode`), against the facts of a layout: words of page tables and
//! numbers in, as wide as the machine has them, one out.

use std::fmt::{Display, Formatter};

use serde::Serialize;
use swp_pte::{Flag, Layout};

use crate::bits::{Bit, Bits, Block, Word, number, resized};
use crate::expect;
use crate::facts::Facts;
use crate::image::Image;
use crate::state::{End, Machine, Stuck};

/// A helper, and what it must answer.
#[derive(Clone, Debug)]
pub struct Helper {
    /// Its name: `encode`, `mk_exclusive`, `pmd_type`.
    pub name: &'static str,
    /// As wide as they are given.
    arguments: Vec<Word>,
    /// For which inputs the kernel asks it.
    given: Bit,
    expected: Word,
    /// What the answer is.
    answer: Answer,
    /// The bits of a word.
    word: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Answer {
    Word,
    Type,
    Offset,
    Truth,
}

/// A helper that is not what the layout says, or cannot be judged.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Refuted {
    /// The helper.
    pub helper: String,
    /// One input; empty where it cannot be judged.
    pub input: String,
    /// What the layout says.
    pub expected: String,
    /// What the kernel's code gives; or what is not understood, by its address.
    pub got: String,
    /// The bits that differ, by name.
    pub differ: String,
}

impl Display for Refuted {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        if self.input.is_empty() {
            return write!(f, "helper {}: not understood: {}", self.helper, self.got);
        }
        writeln!(f, "helper {} is not what the layout says for every word:", self.helper)?;
        writeln!(f, "  input     {}", self.input)?;
        writeln!(f, "  expected  {}", self.expected)?;
        write!(f, "  got       {}", self.got)?;
        if !self.differ.is_empty() {
            write!(f, "\n  differ    {}", self.differ)?;
        }
        Ok(())
    }
}

/// What a kernel's build says beside the layout.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Build {
    /// The bits of its numbers.
    pub width: usize,
    /// Where the type begins in the entries of its core (`SWP_TYPE_SHIFT`): neither it nor the offset can be wider there.
    pub type_shift: usize,
    /// Whether its `pte_swp_exclusive` never sees the marker ([`Layout::unseen_exclusive`]).
    pub unseen_exclusive: bool,
}

/// All helpers of a layout.
#[must_use]
pub fn helpers(bits: &Bits, facts: &Facts, build: Build) -> Vec<Helper> {
    let width = build.width;
    let word = word(bits, facts);
    let [none, present] = expect::predicates(facts, &word);
    let [swp_type, offset] = expect::fields(facts, &word);
    let truth = |bit: &Bit| vec![bit.clone()];
    // What is present is asked only of what is not none, and decoded is only what is neither: later kernels' generic decoder
    // has no entry for either.
    let asked = none.not();
    let swap = asked.and_not(&present);
    let of_a_word = |name, answer, expected: Word| Helper::of_a_word(bits, facts, name, answer, expected);
    let mut all = vec![
        encode("encode", bits, facts, width, Answer::Word),
        of_a_word("type", Answer::Type, swp_type.clone()),
        of_a_word("offset", Answer::Offset, offset.clone()),
        of_a_word("none", Answer::Truth, truth(&none)),
        Helper { given: asked, ..of_a_word("present", Answer::Truth, truth(&present)) },
        Helper {
            given: swap.clone(),
            ..of_a_word("entry_type", Answer::Type, field(swp_type, width.saturating_sub(build.type_shift)))
        },
        Helper { given: swap, ..of_a_word("entry_offset", Answer::Offset, field(offset, build.type_shift)) },
    ];
    for (flag, [is, mk, clear]) in [
        (Flag::Exclusive, ["is_exclusive", "mk_exclusive", "clear_exclusive"]),
        (Flag::SoftDirty, ["is_soft_dirty", "mk_soft_dirty", "clear_soft_dirty"]),
        (Flag::UffdWp, ["is_uffd_wp", "mk_uffd_wp", "clear_uffd_wp"]),
    ] {
        let seen = match flag {
            Flag::Exclusive if build.unseen_exclusive => Bit::Zero,
            _ => expect::marker(facts, flag, &word),
        };
        all.push(of_a_word(is, Answer::Truth, truth(&seen)));
        all.push(of_a_word(mk, Answer::Word, expect::with_marker(facts, flag, &word, &Bit::One)));
        all.push(of_a_word(clear, Answer::Word, expect::with_marker(facts, flag, &word, &Bit::Zero)));
    }
    all
}

/// The helpers of the level above, for huge pages. What is present is asked of what the encoder makes only: what else a PMD can be
/// is nothing that a layout says.
#[must_use]
pub fn pmd_helpers(bits: &Bits, facts: &Facts, width: usize) -> Vec<Helper> {
    let word = word(bits, facts);
    let [swp_type, offset] = expect::fields(facts, &word);
    let set = |flag| expect::with_marker(facts, flag, &word, &Bit::One);
    let of_a_word = |name, answer, expected: Word| Helper::of_a_word(bits, facts, name, answer, expected);
    vec![
        encode("pmd_encode", bits, facts, width, Answer::Word),
        encode("pmd_present", bits, facts, width, Answer::Truth),
        of_a_word("pmd_type", Answer::Type, swp_type),
        of_a_word("pmd_offset", Answer::Offset, offset),
        of_a_word("pmd_mk_soft_dirty", Answer::Word, set(Flag::SoftDirty)),
        of_a_word("pmd_mk_uffd_wp", Answer::Word, set(Flag::UffdWp)),
    ]
}

/// As many bits of a number as there is room for.
fn field(mut word: Word, width: usize) -> Word {
    word.truncate(width);
    word
}

/// Any word of the layout, and 0 above it.
fn word(bits: &Bits, facts: &Facts) -> Word {
    resized(bits.block(Block::Input).get(..facts.width as usize).unwrap_or_default(), 64)
}

/// Of every type and offset that fit and are not lost; the entry of the empty word too, which the kernel encodes as any other.
fn encode(name: &'static str, bits: &Bits, facts: &Facts, width: usize, answer: Answer) -> Helper {
    let cut = |block, keep: u64| -> Word {
        let kept = number(keep, 64);
        bits.block(block).into_iter().zip(kept).map(|(bit, keep)| bit.and(&keep)).collect()
    };
    let swp_type = cut(Block::Input, facts.swp_type.max() & 31 & !facts.lost_type);
    let offset = cut(Block::Second, facts.swp_offset.max());
    let word = expect::word(facts, &swp_type, &offset);
    let expected = match answer {
        Answer::Truth => vec![expect::predicates(facts, &word)[1].clone()],
        _ => word,
    };
    let arguments = vec![resized(&swp_type, width), resized(&offset, width)];
    Helper { name, arguments, given: Bit::One, expected: resized(&expected, 64), answer, word: facts.width as usize }
}

impl Helper {
    fn of_a_word(bits: &Bits, facts: &Facts, name: &'static str, answer: Answer, expected: Word) -> Self {
        let width = facts.width as usize;
        let arguments = vec![resized(&word(bits, facts), width)];
        Self { name, arguments, given: Bit::One, expected: resized(&expected, 64), answer, word: width }
    }
}

/// Proves one helper.
///
/// # Errors
/// An input for which it is another, or why it cannot be judged.
pub fn prove(
    bits: &Bits,
    machine: &dyn Machine,
    image: &Image,
    layout: &Layout<'_>,
    helper: &Helper,
) -> Result<(), Box<Refuted>> {
    let stuck = |stuck: Stuck| {
        let nothing = String::new;
        let (input, expected, differ) = (nothing(), nothing(), nothing());
        Box::new(Refuted { helper: helper.name.into(), input, expected, got: stuck.to_string(), differ })
    };
    let entry = image.function(&format!("kernel__{}", helper.name)).map_err(stuck)?;
    let ends = machine.run(bits, image, entry, false, &helper.arguments).map_err(stuck)?;
    if ends.iter().fold(Bit::One, |rest, end| rest.and_not(&end.when)) != Bit::Zero {
        return Err(stuck(Stuck::new("some inputs come to no end")));
    }
    let width = if helper.answer == Answer::Word { helper.word } else { machine.width() };
    if helper.expected.iter().skip(width).any(|bit| !bit.is_zero()) {
        return Err(stuck(Stuck::new("has an answer that is wider than what it comes back in")));
    }
    for end in &ends {
        let when = end.when.and(&helper.given);
        let got = answer(bits, machine, image, end, width);
        for (a, b) in got.iter().zip(&helper.expected) {
            if let Some(inputs) = bits.example(&a.xor(b).and(&when)) {
                return Err(Box::new(helper.refuted(layout, &got, inputs)));
            }
        }
    }
    Ok(())
}

/// What comes back: a register, or two, of which the first has the half that is first in memory.
fn answer(bits: &Bits, machine: &dyn Machine, image: &Image, end: &End, width: usize) -> Word {
    let [first, second] = end.results.clone().map(|value| resized(&value.word(bits), machine.width()));
    let both = if image.is_big_endian() { [second, first.clone()] } else { [first.clone(), second] };
    resized(&resized(&if width > machine.width() { both.concat() } else { first }, width), 64)
}

impl Helper {
    fn refuted(&self, layout: &Layout<'_>, got: &[Bit], inputs: [u64; 2]) -> Refuted {
        let given: Vec<_> = self.arguments.iter().map(|word| Bits::value(word, inputs)).collect();
        let (expected, got) = (Bits::value(&self.expected, inputs), Bits::value(got, inputs));
        let places = |field: &swp_pte::Field| {
            let bits = (0..64).filter(|bit| (expected ^ got) >> bit & 1 != 0);
            bits.filter_map(|bit| field.position(bit)).fold(0, |word, bit| word | 1 << bit)
        };
        let mask = match self.answer {
            Answer::Word => expected ^ got,
            Answer::Type => places(&layout.swp_type),
            Answer::Offset => places(&layout.swp_offset),
            Answer::Truth => 0,
        };
        Refuted {
            helper: self.name.into(),
            input: match *given {
                [swp_type, offset] => format!("swap type {swp_type}, offset {offset:#x}"),
                _ => format!("word {:#x}", given.first().copied().unwrap_or_default()),
            },
            expected: format!("{expected:#x}"),
            got: format!("{got:#x}"),
            differ: if mask == 0 { String::new() } else { layout.named_bits(mask).to_string() },
        }
    }
}
