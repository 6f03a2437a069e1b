//! Answers as vector files, format 1: what is compared, and what `--write` writes, is the same text.

use serde_json::{Map, Value, json};
use swp_pte::MemoryOrder;

use super::ask::{Answers, Constants, WordAnswer};
use super::memory::Memory;
use super::tree::Tree;
use super::variants::Variant;

use anyhow::{Context, Result};

/// The header's facts about one build.
pub(super) struct Provenance<'a> {
    pub(super) release: &'a str,
    pub(super) variant: &'a Variant,
    pub(super) compiler: &'a str,
    pub(super) constants: &'a Constants,
    /// A header of which the build had another text, since the tree's does not compile.
    pub(super) mended: Option<String>,
    /// The configuration is a vendor's, as its headers have it.
    pub(super) as_built: bool,
}

impl<'a> Provenance<'a> {
    pub(super) fn new(tree: &'a Tree, variant: &'a Variant, compiler: &'a str, constants: &'a Constants) -> Self {
        let mended = variant.machine.mended(tree).map(|(header, _)| header);
        Self {
            release: tree.release.as_str(),
            variant,
            compiler,
            constants,
            mended,
            as_built: tree.configured.is_some(),
        }
    }

    /// How words lie in memory, as far as this build can tell.
    pub(super) fn memory(&self) -> Result<Memory> {
        let measured = Memory::measured(self.constants)?;
        Ok(if self.variant.machine.stands_in() { Memory { order: None, ..measured } } else { measured })
    }

    /// The first line. Names of the kernel are upper case; those in lower case are the header's own.
    fn header(&self, kind: &str, cases: usize) -> Result<String> {
        let variant = self.variant;
        let mut text = String::new();
        let mut field = |name: &str, value: Value| {
            text.push_str(if text.is_empty() { "{" } else { "," });
            text.push_str(&format!("{}:{value}", json!(name)));
        };
        field("format", json!(1));
        field("kind", json!(kind));
        field("kernel", json!(self.release));
        field("arch", json!(variant.machine.kernel_arch));
        field("variant", json!(variant.variant));
        field("config", json!(variant.config));
        field("kconfig", json!(variant.kconfig()));
        field("compiler", json!(self.compiler));
        if let Some(header) = &self.mended {
            field("mended", json!(header));
        }
        field("pte_bits", json!(self.constants.get("pte_bits")?));
        field("page_shift", json!(self.constants.get("page_shift")?));
        let memory = self.memory()?;
        field("memory_order", json!(memory.order.map(MemoryOrder::name)));
        if memory.copies != 1 {
            field("memory_copies", json!(memory.copies));
        }
        // In the program's order, which a map would lose.
        let mut consts = String::new();
        for name in self.constants.order.iter().filter(|name| name.starts_with(|first: char| first.is_uppercase())) {
            consts.push_str(if consts.is_empty() { "{" } else { "," });
            consts.push_str(&format!("{}:{}", json!(name), self.constants.get(name)?));
        }
        text.push_str(&format!(",\"consts\":{consts}}},\"cases\":{cases}}}\n"));
        Ok(text)
    }

    /// A file of entries.
    pub(super) fn encode_file(&self, kernel: &mut dyn Answers, entries: &[(u64, u64)]) -> Result<String> {
        let answers = kernel.entries(entries)?;
        let words: Vec<_> = answers.iter().map(|answer| answer.word).collect();
        let words = kernel.words(&words)?;
        let have = self.constants.flags();
        let mut text = self.header("encode", entries.len())?;
        for (((swp_type, offset), answer), word) in entries.iter().zip(&answers).zip(&words) {
            let [exclusive, soft_dirty, uffd_wp] = marked(word.mk, have);
            text.push_str(&format!(
                "{{\"type\":{swp_type},\"offset\":\"{offset:#x}\",\"pte\":\"{:#x}\",\"exclusive\":{exclusive},\
                 \"soft_dirty\":{soft_dirty},\"uffd_wp\":{uffd_wp},\"none\":{},\"present\":{}}}\n",
                answer.word, word.none, word.present
            ));
        }
        Ok(text)
    }

    /// A file of words.
    pub(super) fn raw_file(&self, kernel: &mut dyn Answers, words: &[u64]) -> Result<String> {
        let answers = kernel.words(words)?;
        let mut text = self.header("raw", words.len())?;
        for (word, answer) in words.iter().zip(&answers) {
            text.push_str(&self.raw_line(*word, answer));
        }
        Ok(text)
    }

    fn raw_line(&self, word: u64, answer: &WordAnswer) -> String {
        let have = self.constants.flags();
        let [mk, clear] = [marked(answer.mk, have), marked(answer.clear, have)];
        let mut text = format!(
            "{{\"raw\":\"{word:#x}\",\"none\":{},\"present\":{},\"type\":{},\"offset\":\"{:#x}\"",
            answer.none, answer.present, answer.fields.0, answer.fields.1
        );
        let names = ["exclusive", "soft_dirty", "uffd_wp"];
        for ((name, is), have) in names.iter().zip(answer.is).zip(have) {
            text.push_str(&format!(",\"{name}\":{}", if have { json!(is) } else { Value::Null }));
        }
        for ((name, mk), clear) in names.iter().zip(&mk).zip(&clear) {
            text.push_str(&format!(",\"mk_{name}\":{mk},\"clear_{name}\":{clear}"));
        }
        text.push_str(&format!(",\"clear_flags\":\"{:#x}\"}}\n", answer.clear_all));
        text
    }
}

/// The words with each marker, `null` where the build has no such helper.
fn marked(words: [u64; 3], have: [bool; 3]) -> [Value; 3] {
    let mut values = [Value::Null, Value::Null, Value::Null];
    for ((value, word), have) in values.iter_mut().zip(words).zip(have) {
        if have {
            *value = json!(format!("{word:#x}"));
        }
    }
    values
}

/// The questions of a vector file that is there already: its entries, or its words.
#[derive(Default, Debug)]
pub(super) struct Questions {
    pub(super) entries: Vec<(u64, u64)>,
    pub(super) words: Vec<u64>,
}

impl Questions {
    /// Reads the questions and leaves the answers.
    pub(super) fn read(text: &str) -> Result<Self> {
        let mut questions = Self::default();
        for (i, line) in text.lines().enumerate().skip(1) {
            let case: Map<String, Value> = serde_json::from_str(line).with_context(|| format!("line {}", i + 1))?;
            let hex = |name: &str| {
                let digits = case.get(name).and_then(Value::as_str).and_then(|text| text.strip_prefix("0x"));
                digits.and_then(|digits| u64::from_str_radix(digits, 16).ok())
            };
            match (case.get("type").and_then(Value::as_u64), hex("offset"), hex("raw")) {
                (_, _, Some(word)) => questions.words.push(word),
                (Some(swp_type), Some(offset), None) => questions.entries.push((swp_type, offset)),
                _ => anyhow::bail!("line {}: neither an entry nor a word", i + 1),
            }
        }
        Ok(questions)
    }
}
