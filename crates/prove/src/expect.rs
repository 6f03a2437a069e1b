//! What a function must answer, from the facts of a layout alone: cases, each with when it applies and what comes out.

use swp_pte::{Flag, Pattern};

use crate::bits::{self, Bit, Word, above, number, resized};
use crate::facts::{Facts, Number};
use crate::function::{By, Function, Question};

/// An outcome of a function.
#[derive(Clone, Debug)]
pub struct Case {
    /// For which inputs.
    pub when: Bit,
    /// What comes out.
    pub outcome: Outcome,
    /// The numbers in it, 64 bits each.
    pub arguments: Vec<Word>,
}

/// What can come out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// `Ok`, with a word or an entry.
    Ok,
    /// The small error of a backend, with what was given.
    Refused,
    /// `TypeOutOfRange`.
    Type,
    /// `OffsetOutOfRange`.
    Offset,
    /// `TypeLost`.
    Lost,
    /// `EncodesToPresent`, or `Present`.
    Present,
    /// `EncodesToNone`, or `None`.
    None,
    /// `IgnoredByNone`.
    Ignored,
    /// `WordTooWide`.
    Wide,
    /// `PteKind::Swap`.
    Swap,
    /// `true`.
    True,
    /// `false`.
    False,
    /// The only one: a word, or type and offset.
    Plain,
}

impl Outcome {
    /// The end of the witness's name.
    #[must_use]
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Ok => "_ok",
            Self::Refused => "_refused",
            Self::Type => "_type",
            Self::Offset => "_offset",
            Self::Lost => "_lost",
            Self::Present => "_present",
            Self::None => "_none",
            Self::Ignored => "_ignored",
            Self::Wide => "_wide",
            Self::Swap => "_swap",
            Self::True => "_true",
            Self::False => "_false",
            Self::Plain => "",
        }
    }

    /// The outcomes that a function's type has, and how many numbers are in each.
    #[must_use]
    pub const fn of(question: Question, by: By) -> &'static [(Self, usize)] {
        const WHY_ENCODE: [(Outcome, usize); 7] = [
            (Outcome::Type, 2),
            (Outcome::Offset, 2),
            (Outcome::Lost, 2),
            (Outcome::Present, 1),
            (Outcome::None, 1),
            (Outcome::Ignored, 1),
            (Outcome::Ok, 1),
        ];
        const WHY_DECODE: [(Outcome, usize); 6] = [
            (Outcome::None, 1),
            (Outcome::Present, 1),
            (Outcome::Type, 2),
            (Outcome::Offset, 2),
            (Outcome::Wide, 2),
            (Outcome::Ok, 1),
        ];
        match (question, by) {
            (Question::Encode, By::Interpreter) => &WHY_ENCODE,
            (Question::Decode, By::Interpreter) => &WHY_DECODE,
            (Question::WhyEncode, _) => WHY_ENCODE.split_at(6).0,
            (Question::WhyDecode, _) => WHY_DECODE.split_at(5).0,
            (Question::Encode | Question::Decode, _) => &[(Self::Ok, 1), (Self::Refused, 1)],
            (Question::Kind, _) => &[(Self::None, 0), (Self::Present, 0), (Self::Swap, 0)],
            (Question::Is(_), _) => &[(Self::True, 0), (Self::False, 0)],
            (Question::Fields, _) => &[(Self::Plain, 2)],
            (Question::Stray | Question::Set(_) | Question::Clear(_), _) => &[(Self::Plain, 1)],
        }
    }
}

/// Number of bits of a swap type in the core of the kernel, and in an entry.
const TYPE_BITS: usize = 5;
const MAX_TYPE: u64 = 31;

/// What the function must answer to this input, an entry or a word of 64 bits: one case for each input that it may be asked.
#[must_use]
pub fn cases(function: &Function, facts: &Facts, input: &[Bit]) -> Vec<Case> {
    match (function.question, function.by) {
        (Question::Encode, By::Interpreter) => encode(facts, input),
        (Question::Encode, _) => small(encode(facts, input), input),
        // What is accepted has no reason to be refused, and nobody asks for one.
        (Question::WhyEncode, _) => refused(encode(facts, input)),
        (Question::Decode, By::Interpreter) => decode(facts, input),
        (Question::Decode, _) => {
            let word = cut(facts, input);
            small(decode(facts, &word), &word)
        }
        (Question::WhyDecode, _) => refused(decode(facts, input)),
        (Question::Kind, By::Interpreter) => kind(facts, input),
        (Question::Kind, _) => kind(facts, &cut(facts, input)),
        (Question::Fields, By::Interpreter) => always(fields(facts, input).into()),
        (Question::Fields, _) => always(fields(facts, &cut(facts, input)).into()),
        (Question::Stray, _) => always(vec![stray(facts, input)]),
        (Question::Is(flag), _) => {
            let bit = marker(facts, flag, input);
            vec![Case::new(bit.not(), Outcome::False, vec![]), Case::new(bit, Outcome::True, vec![])]
        }
        (Question::Set(flag), by) => always(vec![with_marker(facts, flag, &whole(facts, by, input), &Bit::One)]),
        (Question::Clear(flag), by) => always(vec![with_marker(facts, flag, &whole(facts, by, input), &Bit::Zero)]),
    }
}

impl Case {
    const fn new(when: Bit, outcome: Outcome, arguments: Vec<Word>) -> Self {
        Self { when, outcome, arguments }
    }
}

fn always(arguments: Vec<Word>) -> Vec<Case> {
    vec![Case::new(Bit::One, Outcome::Plain, arguments)]
}

/// The first condition that holds decides.
fn first(cases: Vec<Case>) -> Vec<Case> {
    let mut rest = Bit::One;
    let mut decided = Vec::new();
    for case in cases {
        let when = rest.and(&case.when);
        rest = rest.and_not(&case.when);
        decided.push(Case { when, ..case });
    }
    decided
}

/// All that is refused, as a backend says it: with what was given.
fn small(cases: Vec<Case>, given: &[Bit]) -> Vec<Case> {
    let refused = |case: Case| match case.outcome {
        Outcome::Ok => case,
        _ => Case::new(case.when, Outcome::Refused, vec![given.to_vec()]),
    };
    cases.into_iter().map(refused).collect()
}

fn refused(cases: Vec<Case>) -> Vec<Case> {
    cases.into_iter().filter(|case| case.outcome != Outcome::Ok).collect()
}

/// The word as far as the layout has it; what is above it in a register is anything.
fn cut(facts: &Facts, word: &[Bit]) -> Word {
    word.iter().take(facts.width as usize).cloned().chain(number(0, 64 - facts.width as usize)).collect()
}

fn whole(facts: &Facts, by: By, word: &[Bit]) -> Word {
    if by == By::Interpreter { word.to_vec() } else { cut(facts, word) }
}

/// The value that is read.
fn gather(field: &Number, word: &[Bit]) -> Word {
    let bit = |place: &Option<u32>| {
        let bit = place.and_then(|place| word.get(place as usize)).unwrap_or(&Bit::Zero);
        if field.inverted && place.is_some() { bit.not() } else { bit.clone() }
    };
    field.places.iter().map(bit).collect()
}

/// The word with a value in its place.
fn scatter(field: &Number, value: &[Bit], word: &mut [Bit]) {
    for (place, bit) in field.places.iter().zip(value) {
        if let Some(at) = place.and_then(|place| word.get_mut(place as usize)) {
            *at = at.or(&if field.inverted { bit.not() } else { bit.clone() });
        }
    }
}

/// Whether a word has the bits of a pattern, within a mask.
fn matches(pattern: Pattern, within: u64, word: &[Bit]) -> Bit {
    if pattern.value & !pattern.mask & within != 0 {
        return Bit::Zero;
    }
    let bits = word.iter().enumerate().filter(|(i, _)| pattern.mask & within & 1 << i != 0);
    bits.fold(Bit::One, |all, (i, bit)| all.and(&if pattern.value & 1 << i != 0 { bit.clone() } else { bit.not() }))
}

/// The word of a type and an offset, 64 bits each.
pub(crate) fn word(facts: &Facts, swp_type: &[Bit], offset: &[Bit]) -> Word {
    let mut word = number(facts.always_one, 64);
    scatter(&facts.swp_type, swp_type, &mut word);
    scatter(&facts.swp_offset, offset, &mut word);
    word
}

fn encode(facts: &Facts, entry: &[Bit]) -> Vec<Case> {
    let (swp_type, offset) = entry.split_at(TYPE_BITS);
    let (swp_type, offset) = (resized(swp_type, 64), resized(offset, 64));
    let word = word(facts, &swp_type, &offset);
    let lost = bits::is_zero(&bits::each(&swp_type, &number(facts.lost_type, 64), Bit::and)).not();
    let (max_type, max) = (facts.swp_type.max(), facts.swp_offset.max());
    let limits = |value: &Word, max| vec![value.clone(), number(max, 64)];
    let entry = || vec![entry.to_vec()];
    // The empty word is none, with the bits that are ignored at 0.
    let empty = bits::equals(&word, facts.none.value & facts.word_mask());
    let none = matches(facts.none, facts.word_mask(), &word);
    first(vec![
        Case::new(lost, Outcome::Lost, limits(&swp_type, max_type)),
        Case::new(above(&swp_type, max_type), Outcome::Type, limits(&swp_type, max_type)),
        // Offsets that the encoder has a bit for, which makes the word present.
        Case::new(above(&offset, max).and_not(&above(&offset, max | facts.present_offset)), Outcome::Present, entry()),
        Case::new(above(&offset, max), Outcome::Offset, limits(&offset, max)),
        Case::new(none.and(&empty), Outcome::None, entry()),
        Case::new(none, Outcome::Ignored, entry()),
        Case::new(Bit::One, Outcome::Ok, vec![word]),
    ])
}

/// Whether a word is none, and whether it is present.
pub(crate) fn predicates(facts: &Facts, word: &[Bit]) -> [Bit; 2] {
    let none = matches(facts.none, facts.word_mask(), word);
    let present = facts.present.iter().fold(Bit::Zero, |any, pattern| any.or(&matches(*pattern, u64::MAX, word)));
    [none, present]
}

pub(crate) fn fields(facts: &Facts, word: &[Bit]) -> [Word; 2] {
    [gather(&facts.swp_type, word), gather(&facts.swp_offset, word)]
}

fn decode(facts: &Facts, word: &[Bit]) -> Vec<Case> {
    let above_word: Word = word.iter().skip(facts.width as usize).cloned().collect();
    let [none, present] = predicates(facts, word);
    let [swp_type, offset] = fields(facts, word);
    let max = facts.swp_offset.max();
    let entry: Word = swp_type.iter().take(TYPE_BITS).chain(offset.iter().take(64 - TYPE_BITS)).cloned().collect();
    let word = || vec![word.to_vec()];
    first(vec![
        Case::new(
            bits::is_zero(&above_word).not(),
            Outcome::Wide,
            vec![word().concat(), number(u64::from(facts.width), 64)],
        ),
        Case::new(none, Outcome::None, word()),
        Case::new(present, Outcome::Present, word()),
        // The type is blamed first.
        Case::new(above(&swp_type, MAX_TYPE), Outcome::Type, vec![swp_type, number(MAX_TYPE, 64)]),
        Case::new(above(&offset, max), Outcome::Offset, vec![offset, number(max, 64)]),
        Case::new(Bit::One, Outcome::Ok, vec![entry]),
    ])
}

fn kind(facts: &Facts, word: &[Bit]) -> Vec<Case> {
    let [none, present] = predicates(facts, word);
    first(vec![
        Case::new(none, Outcome::None, vec![]),
        Case::new(present, Outcome::Present, vec![]),
        Case::new(Bit::One, Outcome::Swap, vec![]),
    ])
}

pub(crate) fn marker(facts: &Facts, flag: Flag, word: &[Bit]) -> Bit {
    facts.marker(flag).and_then(|bit| word.get(bit as usize)).cloned().unwrap_or(Bit::Zero)
}

pub(crate) fn with_marker(facts: &Facts, flag: Flag, word: &[Bit], value: &Bit) -> Word {
    let mut word = word.to_vec();
    if let Some(bit) = facts.marker(flag).and_then(|bit| word.get_mut(bit as usize)) {
        *bit = value.clone();
    }
    word
}

/// What is set although nothing writes it, and what is clear although everything writes it.
fn stray(facts: &Facts, word: &[Bit]) -> Word {
    let mut claimed = facts.always_one;
    let mut ones = facts.always_one;
    for field in [&facts.swp_type, &facts.swp_offset] {
        for (value_bit, place) in field.places.iter().enumerate() {
            let bit = place.map_or(0, |place| 1 << place);
            if value_bit < field.written as usize {
                claimed |= bit;
            } else if field.inverted {
                // Read and never reached.
                claimed |= bit;
                ones |= bit;
            }
        }
    }
    claimed |= facts.markers.iter().flatten().fold(0, |mask, bit| mask | 1 << bit);
    let (claimed, ones) = (number(claimed, 64), number(ones, 64));
    bits::each(&bits::each(word, &claimed, Bit::and_not), &bits::each(&ones, word, Bit::and_not), Bit::or)
}
