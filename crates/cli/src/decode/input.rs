//! From a text to a number of a form, and to what kernels say of it.

use swp_pte::{Level, MemoryOrder};
use swp_pte_forms::Form;

use super::{Decoded, FormArgs};
use crate::eras::Eras;
use crate::target::{Asked, Target, Wanted};

/// A text as a number of a form; without a prefix that of the options, else a raw word of this level or a PTE.
///
/// # Errors
/// What is wrong with it.
pub(super) fn given(how: FormArgs, text: &str, level: Option<Level>) -> Result<(Form, u64), String> {
    let given = swp_pte_forms::given(text, how.notation()).map_err(|error| error.to_string())?;
    let asked = how.form();
    if let (Some(asked), Some(form)) = (asked, given.form)
        && asked != form
    {
        return Err(format!("the prefix says {form}, but --{asked} was given"));
    }
    let form = given.form.or(asked).unwrap_or_else(|| Form::of_level(level.unwrap_or(Level::Pte)));
    Ok((form, given.value))
}

/// A number whose bytes were written in an order, for words of so many bits.
///
/// # Errors
/// A number that has more bits.
pub(super) fn ordered(how: FormArgs, number: u64, width: u32) -> Result<u64, String> {
    match how.byte_order.map(MemoryOrder::from) {
        Some(MemoryOrder::Little) => {
            let above = u64::BITS - width.min(u64::BITS);
            if number.leading_zeros() < above {
                return Err(format!("{number:#x} has more than the {width} bits of such a word"));
            }
            Ok(number.swap_bytes() >> above)
        }
        _ => Ok(number),
    }
}

/// What is needed to read any input.
pub(super) struct Inputs {
    how: FormArgs,
    target: Target,
    eras: Eras,
    /// Of the other level, for words whose prefix says so.
    other: (Level, Result<Eras, String>),
}

impl Inputs {
    pub(super) fn new(how: FormArgs, target: &Target, eras: Eras, asked: &Asked) -> Self {
        let level = if target.level == Level::Pte { Level::Pmd } else { Level::Pte };
        let other = Target::find(&Wanted::exactly(target.variant()), asked, level);
        let files = eras.newest().files().copied();
        let other = other.map(|other| Eras::of(&other).with_files(files)).map_err(|error| error.to_string());
        Self { how, target: *target, eras, other: (level, other) }
    }

    /// What kernels say of a text.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn read(&self, text: &str) -> Result<Decoded, String> {
        let (form, number) = given(self.how, text, Some(self.target.level))?;
        let eras = match form.level() {
            Some(level) if level == self.other.0 => self.other.1.as_ref().map_err(Clone::clone)?,
            _ => &self.eras,
        };
        let width = match form {
            Form::Entry => self.target.row.facts().long_bits,
            Form::Pagemap => u64::BITS,
            _ => self.target.row.layout().width,
        };
        let number = ordered(self.how, number, width)?;
        let answers = eras.read(form, number).map_err(|error| error.to_string())?;
        Ok(Decoded { form, number, answers })
    }
}
