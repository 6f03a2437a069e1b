//! The comparison: what a function leaves on every path, and what the witness of the expected outcome leaves.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::bits::{Bit, Bits, Block, Word, known};
use crate::expect::{Case, Outcome, cases};
use crate::facts::Facts;
use crate::failure::Failure;
use crate::function::{By, Function, Question};
use crate::image::Image;
use crate::state::{End, Machine, Region, Stuck, Value};

/// Proves the functions of one image.
pub struct Prover<'a> {
    image: &'a Image,
    machine: &'a dyn Machine,
    bits: Bits,
    /// How each family of witnesses returns.
    families: RefCell<HashMap<String, Returned>>,
}

/// A function after all of its paths were run.
#[derive(Debug)]
pub struct Ran {
    ends: Vec<End>,
    returned: Returned,
}

/// How a value comes back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Returned {
    /// Through memory that the caller gives.
    memory: bool,
    /// Its size in bytes.
    size: usize,
}

/// A part of what comes back: what the function left, and what the witness left.
struct Part {
    got: Word,
    expected: Word,
}

/// An input for which the function is not as it must be.
pub(crate) struct Difference<'a> {
    pub(crate) case: &'a Case,
    pub(crate) inputs: [u64; 2],
    /// What the function made of it, if any outcome of its type looks like that.
    pub(crate) got: Option<(Outcome, Vec<u64>)>,
    /// What is in the places where a result is, for a message.
    pub(crate) raw: String,
}

impl std::fmt::Debug for Prover<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Prover").finish_non_exhaustive()
    }
}

impl<'a> Prover<'a> {
    /// For the functions of this image, run by this machine.
    #[must_use]
    pub fn new(image: &'a Image, machine: &'a dyn Machine) -> Self {
        Self { image, machine, bits: Bits::new(), families: RefCell::default() }
    }

    /// Proves a function, for every input.
    ///
    /// # Errors
    /// An input for which it is not so, or why it cannot be judged.
    pub fn prove(&self, function: &Function, facts: &Facts) -> Result<(), Box<Failure>> {
        let ran = self.run(function).map_err(|stuck| Failure::stuck(function, &stuck))?;
        self.compare(function, facts, &ran)
    }

    /// Runs a function on every input.
    ///
    /// # Errors
    /// What is not understood, by its address.
    pub fn run(&self, function: &Function) -> Result<Ran, Stuck> {
        let entry = self.image.symbol(&function.symbol())?;
        let returned = self.returned(function)?;
        let width = if function.question.is_of_an_entry() || function.question == Question::WhyDecode {
            64
        } else {
            function.word_width() as usize
        };
        let input = self.argument(&self.bits.block(Block::Input), width);
        let ends = self.machine.run(&self.bits, self.image, entry, returned.memory, &[input])?;
        if ends.iter().fold(Bit::One, |rest, end| rest.and_not(&end.when)) != Bit::Zero {
            return Err(Stuck::new("some inputs come to no end"));
        }
        Ok(Ran { ends, returned })
    }

    /// Compares what a function left with what the facts demand.
    ///
    /// # Errors
    /// An input for which they differ.
    pub fn compare(&self, function: &Function, facts: &Facts, ran: &Ran) -> Result<(), Box<Failure>> {
        let input = self.bits.block(Block::Input);
        let cases = cases(function, facts, &input);
        match self.difference(function, &cases, ran) {
            Ok(None) => Ok(()),
            Ok(Some(difference)) => Err(Failure::differs(function, &difference)),
            Err(stuck) => Err(Failure::stuck(function, &stuck)),
        }
    }

    /// Whether a function is as the facts demand: [`Prover::compare`], for who needs no example.
    ///
    /// # Errors
    /// What is not understood.
    pub fn holds(&self, function: &Function, facts: &Facts, ran: &Ran) -> Result<bool, Stuck> {
        let cases = cases(function, facts, &self.bits.block(Block::Input));
        let mut holds = true;
        self.each_difference(function, &cases, ran, |_, _, _| {
            holds = false;
            Ok(false)
        })?;
        Ok(holds)
    }

    /// An example: one in which the function has the outcome that it must have, with other numbers in it, if there is any, as
    /// that names the bit.
    fn difference<'c>(
        &self,
        function: &Function,
        cases: &'c [Case],
        ran: &Ran,
    ) -> Result<Option<Difference<'c>>, Stuck> {
        let mut found: Option<Difference<'c>> = None;
        self.each_difference(function, cases, ran, |case, end, inputs| {
            let got = self.recognize(function, end, ran.returned, inputs)?;
            let named = got.as_ref().is_some_and(|(outcome, _)| *outcome == case.outcome);
            if named || found.is_none() {
                let raw = raw(&self.bits, end, ran.returned, inputs);
                found = Some(Difference { case, inputs, got, raw });
            }
            Ok(!named)
        })?;
        Ok(found)
    }

    /// Tells of an input for every part of every path that is not as it must be, as long as somebody wants to hear more.
    fn each_difference<'c>(
        &self,
        function: &Function,
        cases: &'c [Case],
        ran: &Ran,
        mut tell: impl FnMut(&'c Case, &End, [u64; 2]) -> Result<bool, Stuck>,
    ) -> Result<(), Stuck> {
        for case in cases.iter().filter(|case| !case.when.is_zero()) {
            let witness = self.witness(function, case.outcome, &case.arguments, ran.returned)?;
            for end in &ran.ends {
                let when = end.when.and(&case.when);
                if when.is_zero() {
                    continue;
                }
                for part in parts(&self.bits, ran.returned, end, &witness)? {
                    let mut bits = part.got.iter().zip(&part.expected);
                    let differ = bits.find_map(|(got, expected)| {
                        let differ = got.xor(expected).and(&when);
                        (!differ.is_zero() && !Bits::is_undefined(expected)).then_some(differ)
                    });
                    let inputs = differ.as_ref().and_then(|differ| self.bits.example(differ));
                    if let Some(inputs) = inputs
                        && !tell(case, end, inputs)?
                    {
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    }

    /// What the witness of an outcome leaves. It has one path.
    fn witness(
        &self,
        function: &Function,
        outcome: Outcome,
        arguments: &[Word],
        returned: Returned,
    ) -> Result<End, Stuck> {
        let name = format!("{}{}", function.family(), outcome.suffix());
        let entry = self.image.symbol(&name)?;
        let width = argument_width(function, outcome);
        let arguments: Vec<_> = arguments.iter().map(|word| self.argument(word, width)).collect();
        let ends = self.machine.run(&self.bits, self.image, entry, returned.memory, &arguments);
        match <[End; 1]>::try_from(ends.map_err(|stuck| stuck.at(&name))?) {
            Ok([end]) => Ok(end),
            Err(_) => Err(Stuck::new("a witness asks something").at(name)),
        }
    }

    /// An argument of so many bits: what is above them in the register may be anything.
    fn argument(&self, word: &[Bit], width: usize) -> Word {
        word.iter().take(width).cloned().chain(self.bits.block(Block::Above).into_iter().skip(width)).collect()
    }

    /// How a function returns: as its witnesses do.
    fn returned(&self, function: &Function) -> Result<Returned, Stuck> {
        let family = function.family();
        if let Some(returned) = self.families.borrow().get(&family) {
            return Ok(*returned);
        }
        let size = self.size(&family)?;
        let Some((outcome, count)) = Outcome::of(function.question, function.by).first() else {
            return Err(Stuck::new("has no outcome"));
        };
        let arguments = vec![self.bits.block(Block::Input); *count];
        let registers = Returned { memory: false, size };
        // A witness that was given no memory, and needs it, writes to what is none.
        let memory = self.witness(function, *outcome, &arguments, registers).is_err();
        let returned = Returned { memory, size };
        self.families.borrow_mut().insert(family, returned);
        Ok(returned)
    }

    fn size(&self, family: &str) -> Result<usize, Stuck> {
        let name = family.replace("witness_", "size_");
        let entry = self.image.symbol(&name)?;
        let ends = self.machine.run(&self.bits, self.image, entry, false, &[])?;
        let size = ends.first().and_then(|end| known(&end.results[0].word(&self.bits)));
        let size = size.and_then(|size| usize::try_from(size).ok()).filter(|size| (1..=64).contains(size));
        size.ok_or_else(|| Stuck::new("says no size").at(name))
    }

    /// The outcome that looks like what an input comes to.
    fn recognize(
        &self,
        function: &Function,
        end: &End,
        returned: Returned,
        inputs: [u64; 2],
    ) -> Result<Option<(Outcome, Vec<u64>)>, Stuck> {
        let blocks = [self.bits.block(Block::Input), self.bits.block(Block::Second)];
        for (outcome, count) in Outcome::of(function.question, function.by) {
            let arguments = blocks.get(..*count).unwrap_or_default();
            let witness = self.witness(function, *outcome, arguments, returned)?;
            let Ok(parts) = parts(&self.bits, returned, end, &witness) else { continue };
            let mut same = Bit::One;
            for (got, expected) in parts.iter().flat_map(|part| part.got.iter().zip(&part.expected)) {
                if !Bits::is_undefined(expected) {
                    let got = Bit::from(Bits::value(std::slice::from_ref(got), inputs) != 0);
                    same = same.and_not(&got.xor(expected));
                }
            }
            if let Some(values) = self.bits.example(&same) {
                return Ok(Some((*outcome, values.into_iter().take(*count).collect())));
            }
        }
        Ok(None)
    }

    /// What a function left beside what the witness of an outcome leaves for any numbers: to be asked for words that somebody
    /// else has answers to.
    ///
    /// # Errors
    /// A witness that is not understood.
    pub fn beside(&self, function: &Function, ran: &Ran, outcome: Outcome) -> Result<Beside, Stuck> {
        let count = Outcome::of(function.question, function.by).iter().find(|(other, _)| *other == outcome);
        let blocks = [self.bits.block(Block::Input), self.bits.block(Block::Second)];
        let arguments = count.and_then(|(_, count)| blocks.get(..*count)).unwrap_or_default();
        let witness = self.witness(function, outcome, arguments, ran.returned)?;
        let mut ends = Vec::new();
        for end in &ran.ends {
            // What leaves other bytes has another outcome.
            let Ok(parts) = parts(&self.bits, ran.returned, end, &witness) else { continue };
            let pairs = parts.into_iter().flat_map(|part| part.got.into_iter().zip(part.expected));
            let pairs = pairs.filter(|(_, expected)| !Bits::is_undefined(expected));
            ends.push((end.when.clone(), pairs.collect()));
        }
        Ok(Beside { ends })
    }
}

/// The paths of a function, and bit by bit what it left there and what a witness leaves.
#[derive(Debug)]
pub struct Beside {
    ends: Vec<(Bit, Vec<(Bit, Bit)>)>,
}

impl Beside {
    /// For 64 inputs of the function, and 64 times the numbers of the outcome, turned as [`Bits::lanes`] has them: for which
    /// of them the function leaves just that.
    #[must_use]
    pub fn same(&self, inputs: &[u64; 64], numbers: &[[u64; 64]; 2]) -> u64 {
        let mut same = 0;
        for (when, pairs) in &self.ends {
            let mut here = Bits::lanes(when, &[inputs, inputs]);
            for (got, expected) in pairs {
                if here == 0 {
                    break;
                }
                here &= !(Bits::lanes(got, &[inputs, inputs]) ^ Bits::lanes(expected, &[&numbers[0], &numbers[1]]));
            }
            same |= here;
        }
        same
    }
}

/// How wide the arguments of a witness are.
const fn argument_width(function: &Function, outcome: Outcome) -> usize {
    match (function.question, function.by, outcome) {
        (Question::Encode, By::Backend, Outcome::Ok) | (Question::Set(_) | Question::Clear(_), _, _) => {
            function.word_width() as usize
        }
        _ => 64,
    }
}

/// What two functions left, side by side.
fn parts(bits: &Bits, returned: Returned, got: &End, expected: &End) -> Result<Vec<Part>, Stuck> {
    let mut parts = Vec::new();
    if returned.memory {
        let address = Value::Address(Region::Result, 0);
        if expected.results[0] == address && got.results[0] != address {
            return Err(Stuck::new("returns another address than that of the result"));
        }
        for at in expected.memory.written(Region::Result) {
            let expected = expected.memory.read(bits, Region::Result, at, 1)?;
            if expected.iter().all(Bits::is_undefined) {
                continue;
            }
            let got = got.memory.read(bits, Region::Result, at, 1);
            let got = got.map_err(|_| Stuck::new(format!("does not write byte {at} of the result")))?;
            parts.push(Part { got, expected });
        }
    } else {
        let [first, second] = [0, 1].map(|n| (got.results[n].word(bits), expected.results[n].word(bits)));
        let width = 8 * returned.size.min(8);
        parts.push(Part { got: first.0, expected: first.1.into_iter().take(width).collect() });
        // What is no part of the result is as the witness found it.
        parts.push(Part { got: second.0, expected: second.1 });
    }
    Ok(parts)
}

/// What is where a result is, as numbers.
fn raw(bits: &Bits, end: &End, returned: Returned, inputs: [u64; 2]) -> String {
    if !returned.memory {
        let values = end.results.each_ref().map(|value| Bits::value(&value.word(bits), inputs));
        return format!("{:#x} and {:#x} in the registers of a result", values[0], values[1]);
    }
    let bytes = end.memory.written(Region::Result).into_iter().filter_map(|at| {
        let byte = end.memory.read(bits, Region::Result, at, 1).ok()?;
        Some(format!("{at}: {:#04x}", Bits::value(&byte, inputs)))
    });
    format!("bytes of a result {}", bytes.collect::<Vec<_>>().join(", "))
}
