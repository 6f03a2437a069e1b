//! What somebody typed into the page, and the numbers in it.

use serde::{Deserialize, Serialize};
use swp_pte::Level;
use swp_pte_forms::log::{Item, Signs, arch_of_release, items};
use swp_pte_forms::{Form, NoNumber, Notation, given};

/// What the page asks.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Request {
    /// A number, or lines of a log.
    pub text: String,
    /// A variant or an architecture; empty: all.
    pub arch: String,
    /// A release; empty: what the text says, else every kernel.
    pub kernel: String,
    /// What the numbers are, where the text does not say: `pte`, `pmd`, `entry`, `pagemap`; empty: a raw word.
    pub form: String,
    /// Which of the numbers that were found is read.
    pub index: usize,
}

/// A number in the text.
#[derive(Clone, Debug, Serialize)]
pub struct Number {
    pub(crate) form: &'static str,
    pub(crate) digits: String,
    pub(crate) line: usize,
    #[serde(skip)]
    pub(crate) value: Option<(Form, u64)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<&'static str>,
}

/// What a text has in it.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The numbers.
    pub numbers: Vec<Number>,
    /// The release that it names.
    pub release: Option<String>,
    /// The architecture that it names.
    pub arch: Option<&'static str>,
    /// What is wrong with it.
    pub error: Option<String>,
}

/// No more numbers of a log are offered.
const MOST: usize = 200;

impl Request {
    /// The numbers of the text, and what it says of its kernel.
    #[must_use]
    pub fn found(&self) -> Found {
        let asked = Form::ALL.into_iter().find(|form| form.name() == self.form);
        match given(&self.text, Notation::Marked) {
            Ok(number) => {
                let form = number.form.or(asked).unwrap_or(Form::Pte);
                let value = Some((form, number.value));
                let digits = format!("{:#x}", number.value);
                let numbers = vec![Number { form: form.name(), digits, line: 1, value, error: None }];
                Found { numbers, ..Found::default() }
            }
            Err(NoNumber::Empty) => Found::default(),
            Err(error) => {
                let found = self.log();
                if found.numbers.is_empty() { Found { error: Some(error.to_string()), ..found } } else { found }
            }
        }
    }

    /// The numbers in the lines of a log; the release and the architecture that it says last and most strongly.
    fn log(&self) -> Found {
        let mut found = Found::default();
        let (mut strongest, mut signs) = (0, Signs::default());
        for (number, line) in (1..).zip(self.text.lines()) {
            for item in items(line) {
                match item {
                    Item::Found(one) if found.numbers.len() < MOST => {
                        let error = if one.is_cut {
                            Some("the line was cut")
                        } else if one.value.is_none() {
                            Some("more than 64 bits")
                        } else {
                            None
                        };
                        let value = one.value.filter(|_| error.is_none()).map(|value| (one.form, value));
                        let digits = one.digits.chars().take(32).collect();
                        found.numbers.push(Number { form: one.form.name(), digits, line: number, value, error });
                    }
                    Item::Release { text, .. } => {
                        found.release = Some(text.to_owned());
                        if let Some(arch) = arch_of_release(text) {
                            (found.arch, strongest) = (Some(arch), u8::MAX);
                        }
                    }
                    Item::Arch { name, strength } if strength >= strongest => {
                        (found.arch, strongest) = (Some(name), strength);
                    }
                    Item::Begin => signs = Signs::default(),
                    Item::Sign(sign) => {
                        signs.add(sign);
                        // As weak as a machine's name.
                        if let Some(name) = signs.arch().filter(|_| strongest <= 1) {
                            (found.arch, strongest) = (Some(name), 1);
                        }
                    }
                    _ => {}
                }
            }
        }
        found
    }
}

/// The level of the page tables that a number is of.
pub(crate) fn level(form: Form) -> Level {
    form.level().unwrap_or(Level::Pte)
}
