//! The semantics of the instructions, held against the processor: each function is called, and what it answers must be what
//! its bits come to for the same words. 64 words go through the bits at once.

use rayon::prelude::*;
use swp_pte::{DecodeError, EncodeError, PteKind, SwpEntry};
use swp_pte_prove::expect::Outcome;
use swp_pte_prove::{By, Function, Prover, Question, X86, functions};

use super::OWN;

/// An answer: the outcome, and the numbers in it.
type Answer = (Outcome, [u64; 2]);

const fn plain(value: u64) -> Answer {
    (Outcome::Plain, [value, 0])
}

const fn truth(value: bool) -> Answer {
    (if value { Outcome::True } else { Outcome::False }, [0; 2])
}

const fn kind(kind: PteKind) -> Answer {
    let outcome = match kind {
        PteKind::None => Outcome::None,
        PteKind::Present => Outcome::Present,
        PteKind::Swap => Outcome::Swap,
    };
    (outcome, [0; 2])
}

const fn pair((a, b): (u64, u64)) -> Answer {
    (Outcome::Plain, [a, b])
}

fn why_encode(error: EncodeError) -> Answer {
    match error {
        EncodeError::TypeOutOfRange { value, max } => (Outcome::Type, [value, max]),
        EncodeError::OffsetOutOfRange { value, max } => (Outcome::Offset, [value, max]),
        EncodeError::TypeLost { value, max } => (Outcome::Lost, [value, max]),
        EncodeError::EncodesToPresent { entry } => (Outcome::Present, [entry.index(), 0]),
        EncodeError::EncodesToNone { entry } => (Outcome::None, [entry.index(), 0]),
        EncodeError::IgnoredByNone { entry } => (Outcome::Ignored, [entry.index(), 0]),
        other => panic!("{other:?} is new"),
    }
}

fn why_decode(error: DecodeError) -> Answer {
    match error {
        DecodeError::None { word } => (Outcome::None, [word, 0]),
        DecodeError::Present { word } => (Outcome::Present, [word, 0]),
        DecodeError::TypeOutOfRange { value, max } => (Outcome::Type, [value, max]),
        DecodeError::OffsetOutOfRange { value, max } => (Outcome::Offset, [value, max]),
        DecodeError::WordTooWide { word, width } => (Outcome::Wide, [word, u64::from(width)]),
        other => panic!("{other:?} is new"),
    }
}

/// Calls a function of the probe by its name.
fn call(function: &Function, input: u64) -> Answer {
    macro_rules! layouts {
        ($($name:ident: $pte:ty $(, $marker:ident)*;)*) => {
            match function.module {
                $(stringify!($name) => {
                    use swp_pte_probe::outcomes::$name as more;
                    use swp_pte_probe::$name as own;
                    type Pte = $pte;
                    let entry = SwpEntry::from_index(input);
                    let word = Pte::from_bits((input & Pte::LAYOUT.word_mask()).try_into().unwrap());
                    let bits = |pte: Pte| plain(u64::from(pte.to_bits()));
                    match (function.question, function.by) {
                        (Question::Encode, By::Backend) => match own::encode(entry) {
                            Ok(pte) => (Outcome::Ok, [u64::from(pte.to_bits()), 0]),
                            Err(error) => (Outcome::Refused, [error.entry().index(), 0]),
                        },
                        (Question::Decode, By::Backend) => match own::decode(word) {
                            Ok(entry) => (Outcome::Ok, [entry.index(), 0]),
                            Err(error) => (Outcome::Refused, [error.word(), 0]),
                        },
                        (Question::Kind, By::Backend) => kind(own::kind(word)),
                        (Question::Fields, By::Backend) => pair(more::fields(word)),
                        (Question::WhyEncode, _) => why_encode(more::why_encode(entry)),
                        (Question::WhyDecode, _) => why_decode(more::why_decode(input)),
                        (Question::Encode, _) => match more::layout_encode(entry) {
                            Ok(word) => (Outcome::Ok, [word, 0]),
                            Err(error) => why_encode(error),
                        },
                        (Question::Decode, _) => match more::layout_decode(input) {
                            Ok(entry) => (Outcome::Ok, [entry.index(), 0]),
                            Err(error) => why_decode(error),
                        },
                        (Question::Kind, _) => kind(more::layout_kind(input)),
                        (Question::Fields, _) => pair(more::layout_fields(input)),
                        (Question::Stray, _) => plain(more::layout_stray(input)),
                        (question, by) => {
                            let name = question.name();
                            match (by, &*name) {
                                $((By::Backend, name) if name.ends_with(stringify!($marker)) => {
                                    layouts!(@marker $marker own word question bits)
                                })*
                                (By::Stub, "is_exclusive") => truth(more::stub_is_exclusive(word)),
                                (By::Stub, "mk_exclusive") => bits(more::stub_mk_exclusive(word)),
                                (By::Stub, "clear_exclusive") => bits(more::stub_clear_exclusive(word)),
                                (By::Stub, "is_soft_dirty") => truth(more::stub_is_soft_dirty(word)),
                                (By::Stub, "mk_soft_dirty") => bits(more::stub_mk_soft_dirty(word)),
                                (By::Stub, "clear_soft_dirty") => bits(more::stub_clear_soft_dirty(word)),
                                (By::Stub, "is_uffd_wp") => truth(more::stub_is_uffd_wp(word)),
                                (By::Stub, "mk_uffd_wp") => bits(more::stub_mk_uffd_wp(word)),
                                (By::Stub, "clear_uffd_wp") => bits(more::stub_clear_uffd_wp(word)),
                                (By::Interpreter, "is_exclusive") => truth(more::layout_is_exclusive(input)),
                                (By::Interpreter, "mk_exclusive") => plain(more::layout_mk_exclusive(input)),
                                (By::Interpreter, "clear_exclusive") => plain(more::layout_clear_exclusive(input)),
                                (By::Interpreter, "is_soft_dirty") => truth(more::layout_is_soft_dirty(input)),
                                (By::Interpreter, "mk_soft_dirty") => plain(more::layout_mk_soft_dirty(input)),
                                (By::Interpreter, "clear_soft_dirty") => plain(more::layout_clear_soft_dirty(input)),
                                (By::Interpreter, "is_uffd_wp") => truth(more::layout_is_uffd_wp(input)),
                                (By::Interpreter, "mk_uffd_wp") => plain(more::layout_mk_uffd_wp(input)),
                                (By::Interpreter, "clear_uffd_wp") => plain(more::layout_clear_uffd_wp(input)),
                                (by, name) => panic!("{by:?} has no {name}"),
                            }
                        }
                    }
                })*
                other => panic!("no layout {other}"),
            }
        };
        (@marker exclusive $own:ident $word:ident $question:ident $bits:ident) => {
            match $question {
                Question::Is(_) => truth($own::is_exclusive($word)),
                Question::Set(_) => $bits($own::mk_exclusive($word)),
                _ => $bits($own::clear_exclusive($word)),
            }
        };
        (@marker soft_dirty $own:ident $word:ident $question:ident $bits:ident) => {
            match $question {
                Question::Is(_) => truth($own::is_soft_dirty($word)),
                Question::Set(_) => $bits($own::mk_soft_dirty($word)),
                _ => $bits($own::clear_soft_dirty($word)),
            }
        };
        (@marker uffd_wp $own:ident $word:ident $question:ident $bits:ident) => {
            match $question {
                Question::Is(_) => truth($own::is_uffd_wp($word)),
                Question::Set(_) => $bits($own::mk_uffd_wp($word)),
                _ => $bits($own::clear_uffd_wp($word)),
            }
        };
    }
    if function.module.contains("_pmd__") {
        swp_pte_atlas::for_each_second_form!(layouts)
    } else {
        swp_pte_atlas::for_each_layout!(layouts)
    }
}

/// Numbers that come again in the same order: xorshift, as Marsaglia has it.
const fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// Words of every size, with few bits and with many.
fn words(state: &mut u64) -> [u64; 64] {
    std::array::from_fn(|n| {
        let (word, other) = (next(state), next(state));
        match n % 8 {
            0 => word,
            1 => word & other,
            2 => word | other,
            3 => word >> (other % 64),
            4 => !(word >> (other % 64)),
            5 => 1 << (word % 64),
            6 => 1 << (word % 64) | 1 << (other % 64),
            _ => (1u64 << (word % 64)).wrapping_sub(other % 2),
        }
    })
}

/// Bit `n` of all words, for each `n`.
fn turned(words: &[u64; 64]) -> [u64; 64] {
    std::array::from_fn(|bit| words.iter().enumerate().fold(0, |lane, (n, word)| lane | (word >> bit & 1) << n))
}

/// So many times 64 words through every function.
fn hold(rounds: usize) {
    let wrong: Vec<String> = functions()
        .par_iter()
        .map_init(
            || Prover::new(&OWN, &X86),
            |prover, function| {
                let ran = prover.run(function).unwrap();
                let outcomes = Outcome::of(function.question, function.by).iter();
                let outcomes: Vec<_> =
                    outcomes.map(|(outcome, _)| (*outcome, prover.beside(function, &ran, *outcome).unwrap())).collect();
                let seed = |sum: u64, byte| sum.wrapping_mul(31) ^ u64::from(byte);
                let mut state = 0x9e37_79b9_7f4a_7c15 ^ function.symbol().bytes().fold(1, seed);
                for _ in 0..rounds {
                    let words = words(&mut state);
                    let answers = words.map(|word| call(function, word));
                    let numbers = [0, 1].map(|k| turned(&answers.map(|answer| answer.1[k])));
                    let inputs = turned(&words);
                    let mut asked = 0;
                    for (outcome, beside) in &outcomes {
                        let mine = answers.iter().enumerate().filter(|(_, answer)| answer.0 == *outcome);
                        let mask = mine.fold(0, |mask, (n, _)| mask | 1u64 << n);
                        asked |= mask;
                        let wrong = if mask == 0 { 0 } else { mask & !beside.same(&inputs, &numbers) };
                        if wrong != 0 {
                            let n = wrong.trailing_zeros() as usize;
                            return Some(format!("{}: {:#x} is {:x?}", function.symbol(), words[n], answers[n]));
                        }
                    }
                    assert_eq!(asked, u64::MAX, "{} has an outcome that is not listed", function.symbol());
                }
                None
            },
        )
        .flatten()
        .collect();
    assert!(wrong.is_empty(), "the processor says otherwise: {}", wrong.join("\n"));
}

#[test]
fn the_processor_says_the_same() {
    hold(2);
}

/// 10^5 words for each function.
#[test]
#[ignore = "takes a minute and a half; cargo xtask ci runs it"]
fn the_processor_says_the_same_of_many_words() {
    hold(1563);
}
