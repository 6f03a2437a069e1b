//! The conversation with the compiled program: questions in, answers out, numbers with the most significant byte first.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, anyhow, bail};

/// Whoever answers for a kernel: the compiled program, or a stand-in in the tests.
pub(super) trait Answers {
    /// The constants of the build.
    fn constants(&mut self) -> Result<Constants>;
    /// The words of entries (type, offset).
    fn entries(&mut self, entries: &[(u64, u64)]) -> Result<Vec<EntryAnswer>>;
    /// Everything that the helpers say of words.
    fn words(&mut self, words: &[u64]) -> Result<Vec<WordAnswer>>;
    /// What may be done with words that are present.
    fn accesses(&mut self, words: &[u64]) -> Result<Vec<AccessAnswer>>;
    /// The PMD level's words of entries; only where the build has them.
    fn pmds(&mut self, entries: &[(u64, u64)]) -> Result<Vec<PmdAnswer>>;
}

/// `NAME` to number, and the names in the order in which the program gave them.
#[derive(Clone, Default, Debug)]
pub(super) struct Constants {
    pub(super) order: Vec<String>,
    pub(super) values: BTreeMap<String, u64>,
}

impl Constants {
    const MARKERS: [&str; 3] = ["sets_exclusive", "sets_soft_dirty", "sets_uffd_wp"];

    pub(super) fn get(&self, name: &str) -> Result<u64> {
        self.values.get(name).copied().ok_or_else(|| anyhow!("the program gave no constant {name}"))
    }

    /// The value of one of the kernel's names, if it is a macro in this build.
    pub(super) fn symbol(&self, name: &str) -> Option<u64> {
        self.values.get(&format!("symbol:{name}")).copied()
    }

    /// A marker's helpers do something in this build; in the order of [`swp_pte::Flag::ALL`].
    pub(super) fn flags(&self) -> [bool; 3] {
        Self::MARKERS.map(|name| self.values.get(name) == Some(&1))
    }
}

/// `swp_entry_to_pte()`, and what the generic decoder reads back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct EntryAnswer {
    pub(super) word: u64,
    pub(super) back: (u64, u64),
}

/// The helpers on one word. Arrays are in the order of [`swp_pte::Flag::ALL`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct WordAnswer {
    pub(super) none: bool,
    pub(super) present: bool,
    pub(super) is: [bool; 3],
    /// Type and offset, once all markers are clear.
    pub(super) fields: (u64, u64),
    pub(super) mk: [u64; 3],
    pub(super) clear: [u64; 3],
    pub(super) clear_all: u64,
}

/// The helpers on one word that is present.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct AccessAnswer {
    pub(super) present: bool,
    pub(super) protnone: bool,
    pub(super) young: bool,
    /// To the hardware.
    pub(super) valid: bool,
    /// The word of the same page, but old.
    pub(super) old: u64,
    /// The word of the same page, if nobody may access it.
    pub(super) no_access: u64,
}

/// The PMD level on one entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct PmdAnswer {
    pub(super) word: u64,
    pub(super) back: (u64, u64),
    pub(super) mk_soft_dirty: u64,
    pub(super) mk_uffd_wp: u64,
    pub(super) present: bool,
}

/// The program, natively or under its emulator. Each batch of questions is a run of its own: it keeps no state.
#[derive(Debug)]
pub(super) struct Program<'a> {
    pub(super) path: &'a Path,
    pub(super) emulator: &'static [&'static str],
}

impl Program<'_> {
    /// Runs the program on all questions and gives all answers.
    fn ask(&self, questions: Vec<u8>) -> Result<Vec<u8>> {
        let mut command = match self.emulator {
            [qemu, arguments @ ..] => {
                let mut command = Command::new(qemu);
                command.args(arguments).arg(self.path);
                command
            }
            [] => Command::new(self.path),
        };
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child: Child = command.spawn().with_context(|| format!("cannot run {}", self.path.display()))?;
        let mut stdin = child.stdin.take().ok_or_else(|| anyhow!("the program has no input"))?;
        // From a thread: the program answers while it is still being asked.
        let writer = std::thread::spawn(move || stdin.write_all(&questions));
        let output = child.wait_with_output().context("cannot read the program's answers")?;
        let written = writer.join().map_err(|_| anyhow!("the thread that asks died"))?;
        if !output.status.success() {
            let stderr = String::from_utf8_lossy(&output.stderr);
            bail!(
                "{} ended with {} (a helper that reaches for the rest of the kernel crashes here) {}",
                self.path.display(),
                output.status,
                stderr.trim()
            );
        }
        written.context("cannot put questions to the program")?;
        Ok(output.stdout)
    }

    /// Questions of one kind, each of some numbers; `answer` reads the answer to one.
    fn batch<T>(
        &self,
        question: u8,
        numbers: impl Iterator<Item = Vec<u64>>,
        answer: impl Fn(&mut &[u8]) -> Result<T>,
    ) -> Result<Vec<T>> {
        let (mut asked, mut count) = (Vec::new(), 0usize);
        for question_numbers in numbers {
            asked.push(question);
            question_numbers.iter().for_each(|number| asked.extend(number.to_be_bytes()));
            count += 1;
        }
        let bytes = self.ask(asked)?;
        let mut rest = bytes.as_slice();
        let answers = (0..count).map(|_| answer(&mut rest)).collect::<Result<_>>()?;
        if !rest.is_empty() {
            bail!("the program gave {} bytes more than it was asked for", rest.len());
        }
        Ok(answers)
    }
}

fn number(bytes: &mut &[u8]) -> Result<u64> {
    let mut number = [0; 8];
    bytes.read_exact(&mut number).context("the program's answer is cut short")?;
    Ok(u64::from_be_bytes(number))
}

fn truth(bytes: &mut &[u8]) -> Result<bool> {
    let mut byte = [0];
    bytes.read_exact(&mut byte).context("the program's answer is cut short")?;
    match byte {
        [0] => Ok(false),
        [1] => Ok(true),
        [other] => bail!("the program answered {other} to a question of yes or no"),
    }
}

fn three<T>(bytes: &mut &[u8], read: fn(&mut &[u8]) -> Result<T>) -> Result<[T; 3]> {
    Ok([read(bytes)?, read(bytes)?, read(bytes)?])
}

impl Answers for Program<'_> {
    fn constants(&mut self) -> Result<Constants> {
        let text = String::from_utf8(self.ask(vec![b'C'])?).context("the constants are no text")?;
        let mut constants = Constants::default();
        for line in text.lines().take_while(|line| !line.is_empty()) {
            let pair = line.split_once(' ').and_then(|(name, hex)| Some((name, u64::from_str_radix(hex, 16).ok()?)));
            let (name, value) = pair.with_context(|| format!("{line:?} is no constant"))?;
            constants.order.push(name.into());
            constants.values.insert(name.into(), value);
        }
        // Whoever lacks one of these is another version of the program, and would pass for a kernel without markers.
        for name in Constants::MARKERS {
            constants.get(name)?;
        }
        Ok(constants)
    }

    fn entries(&mut self, entries: &[(u64, u64)]) -> Result<Vec<EntryAnswer>> {
        self.batch(b'E', entries.iter().map(|entry| vec![entry.0, entry.1]), |bytes| {
            Ok(EntryAnswer { word: number(bytes)?, back: (number(bytes)?, number(bytes)?) })
        })
    }

    fn words(&mut self, words: &[u64]) -> Result<Vec<WordAnswer>> {
        self.batch(b'W', words.iter().map(|word| vec![*word]), |bytes| {
            Ok(WordAnswer {
                none: truth(bytes)?,
                present: truth(bytes)?,
                is: three(bytes, truth)?,
                fields: (number(bytes)?, number(bytes)?),
                mk: three(bytes, number)?,
                clear: three(bytes, number)?,
                clear_all: number(bytes)?,
            })
        })
    }

    fn accesses(&mut self, words: &[u64]) -> Result<Vec<AccessAnswer>> {
        self.batch(b'A', words.iter().map(|word| vec![*word]), |bytes| {
            Ok(AccessAnswer {
                present: truth(bytes)?,
                protnone: truth(bytes)?,
                young: truth(bytes)?,
                valid: truth(bytes)?,
                old: number(bytes)?,
                no_access: number(bytes)?,
            })
        })
    }

    fn pmds(&mut self, entries: &[(u64, u64)]) -> Result<Vec<PmdAnswer>> {
        self.batch(b'P', entries.iter().map(|entry| vec![entry.0, entry.1]), |bytes| {
            Ok(PmdAnswer {
                word: number(bytes)?,
                back: (number(bytes)?, number(bytes)?),
                mk_soft_dirty: number(bytes)?,
                mk_uffd_wp: number(bytes)?,
                present: truth(bytes)?,
            })
        })
    }
}
