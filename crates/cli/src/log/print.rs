//! What was found, for people and as JSON.

use std::io::Write;

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use swp_pte::{KernelVersion, Level};
use swp_pte_forms::{Form, SwapFiles};

use super::agree::{Agreement, entry_of, hold};
use super::kernel::{Kernel, Options};
use super::machines::{Context, Found, Waiting};
use crate::decode::text;
use crate::eras::Answers;
use crate::json::{Object, write_line};
use crate::reading::Hex;
use crate::target::Target;
use crate::{Error, output};

/// Kernels from this on print the other levels on a line of their own, so that a word ends its line.
const ONE_WORD_A_LINE: KernelVersion = KernelVersion::new(6, 18);

/// Prints, and counts.
pub(super) struct Printer {
    json: bool,
    options: Options,
    files: Option<SwapFiles>,
    /// What the last kernel was found to be, since most of a log is of one.
    last: Option<(Context, Kernel)>,
    last_error: Option<String>,
    found: usize,
    bad: usize,
    /// The lines that were read.
    pub(super) lines: u64,
}

/// What is said of something that was found.
#[derive(Serialize)]
struct Finding<'a> {
    line: u64,
    #[serde(flatten)]
    object: Option<Object<'a>>,
    /// Where there is no object.
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    form: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    release: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    variants: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agrees: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entry_line: Option<u64>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    swp_type: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<Hex<u64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    agreement: Option<String>,
}

impl Printer {
    pub(super) const fn new(json: bool, options: Options, files: Option<SwapFiles>) -> Self {
        Self { json, options, files, last: None, last_error: None, found: 0, bad: 0, lines: 0 }
    }

    /// Prints what has waited.
    pub(super) fn print(&mut self, out: &mut dyn Write, waiting: &Waiting<'_>) -> Result<(), Error> {
        let kernel = match self.last.take() {
            Some((context, kernel)) if context == *waiting.context => kernel,
            _ => Kernel::of(&self.options, waiting.context),
        };
        for (index, found) in waiting.found.iter().enumerate() {
            let read = Read::of(&kernel, waiting.found, index, self.files);
            self.bad += usize::from(read.error.is_some());
            if self.json {
                read.json(out, found, &kernel)?;
            } else {
                if !found.text.is_empty() {
                    if self.found > 0 {
                        writeln!(out)?;
                    }
                    let bold = Style::new().bold();
                    writeln!(out, "{bold}line {}{bold:#}  {}", found.line, found.text.trim())?;
                }
                read.text(out, found, &kernel, &mut self.last_error)?;
            }
            self.found += 1;
        }
        self.last = Some((waiting.context.clone(), kernel));
        Ok(())
    }

    /// How many words and entries were found.
    pub(super) const fn found(&self) -> usize {
        self.found
    }

    /// The command's end.
    pub(super) fn verdict(&self) -> Result<(), Error> {
        if self.found == 0 {
            output::complain("note", &format!("no page-table word and no swap entry in {} lines", self.lines));
        }
        crate::input::verdict(self.bad, self.found, "words and entries could not be read")
    }
}

/// What came of reading something.
struct Read<'k> {
    /// What each target says; one only where all say the same.
    answers: Vec<(&'k Target, Answers)>,
    agreement: Option<Agreement>,
    /// The line may have been cut.
    cut: Option<&'static str>,
    error: Option<String>,
    /// Type and offset of an entry that no layout could be asked about: they are the same on every architecture.
    parts: Option<(u64, u64)>,
}

impl<'k> Read<'k> {
    fn of(kernel: &'k Kernel, all: &[Found], index: usize, files: Option<SwapFiles>) -> Self {
        let mut read = Self { answers: Vec::new(), agreement: None, cut: None, error: None, parts: None };
        let Some(found) = all.get(index) else { return read };
        let value = match found.value {
            _ if found.is_cut => Err("the line was cut: a kernel prints eight digits at least".to_owned()),
            None => Err("more than 64 bits".to_owned()),
            Some(value) => Ok(value),
        };
        let value = match value {
            Ok(value) => value,
            Err(error) => {
                read.error = Some(error);
                return read;
            }
        };
        let level = found.form.level().unwrap_or(Level::Pte);
        let mut why = kernel.why.clone();
        for target in &kernel.targets {
            let answers = kernel
                .eras(target, level)
                .and_then(|eras| eras.with_files(files).read(found.form, value).map_err(|error| error.to_string()))
                .map(Answers::without_hints);
            match answers {
                Ok(answers) if read.says_already(&answers) => {}
                Ok(answers) => read.answers.push((target, answers)),
                Err(error) => why = why.or(Some(error)),
            }
        }
        if read.answers.is_empty() {
            read.error = why;
            read.parts = (found.form == Form::Entry).then(|| kernel.split(value)).flatten();
        }
        let known = kernel.targets.first().is_some_and(|target| !target.assumed && target.kernel < ONE_WORD_A_LINE);
        if found.form == Form::Pte && known && found.ends_line && found.text.contains("Bad page map") {
            read.cut = Some("the line ends there, where this kernel prints pmd too: it may have been cut");
        }
        if let Some((entry, Some(entry_value))) = entry_of(all, index).map(|entry| (entry, entry.value)) {
            let reader = read.answers.first().map(|(_, answers)| answers.newest.reader);
            read.agreement = Some(hold(value, (entry.line, entry_value), reader.as_ref(), &kernel.variants));
        }
        read
    }

    fn says_already(&self, answers: &Answers) -> bool {
        answers.older.is_empty()
            && self.answers.iter().any(|(_, known)| known.older.is_empty() && known.newest.said == answers.newest.said)
    }

    fn text(
        &self,
        out: &mut dyn Write,
        found: &Found,
        kernel: &Kernel,
        last: &mut Option<String>,
    ) -> Result<(), Error> {
        let warning = AnsiColor::Yellow.on_default();
        let release = |target: Option<&Target>| match &kernel.release {
            // The reading says it already.
            Some(release) if target.is_none_or(|target| target.release.as_str() != release) => format!("  {release}"),
            _ => String::new(),
        };
        for (target, answers) in &self.answers {
            text::answers(out, target, found.form, found.value.unwrap_or_default(), answers, &release(Some(target)))?;
        }
        if let Some(error) = &self.error {
            writeln!(out, "{} {}{}", found.form, found.digits, release(None))?;
            if let Some((swp_type, offset)) = self.parts {
                text::line(out, "type", Style::new(), &swp_type.to_string())?;
                text::line(out, "offset", Style::new(), &format!("{offset:#x}"))?;
            }
            let same = last.as_ref() == Some(error);
            let what = if same { "for the same reason" } else { error.as_str() };
            text::line(out, "not read", AnsiColor::Red.on_default(), what)?;
            *last = Some(error.clone());
        } else {
            *last = None;
        }
        if let Some(cut) = self.cut {
            text::line(out, "note", warning, cut)?;
        }
        if let Some(agreement) = &self.agreement {
            let style = if agreement.agrees == Some(false) { warning } else { Style::new() };
            text::line(out, "entry", style, &agreement.text())?;
        }
        Ok(())
    }

    fn json(&self, out: &mut dyn Write, found: &Found, kernel: &Kernel) -> Result<(), Error> {
        let value = found.value.unwrap_or_default();
        // Where variants differ none of them is chosen.
        let one = match self.answers.as_slice() {
            [(target, answers)] => Some(Object::with_eras(&found.digits, found.form, value, target, answers)),
            _ => None,
        };
        let variants = match self.answers.as_slice() {
            [] | [_] => Vec::new(),
            several => several.iter().map(|(target, _)| target.variant()).collect(),
        };
        let several =
            (!variants.is_empty()).then(|| "the log does not say which variant this is: give --arch".to_owned());
        let object = Finding {
            line: found.line,
            input: one.is_none().then_some(found.digits.as_str()),
            form: one.is_none().then_some(found.form.name()),
            object: one,
            release: kernel.release.as_deref().filter(|_| self.answers.len() != 1),
            variants,
            agrees: self.agreement.as_ref().and_then(|agreement| agreement.agrees),
            entry_line: self.agreement.as_ref().map(|agreement| agreement.line),
            agreement: self.agreement.as_ref().map(Agreement::text),
            swp_type: self.parts.map(|(swp_type, _)| swp_type),
            offset: self.parts.map(|(_, offset)| Hex(offset)),
            error: self.error.clone().or(several),
        };
        write_line(out, &object)
    }
}
