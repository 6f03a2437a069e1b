//! The kernels of a variant between which nothing changes: neither the layout nor the numbering of swap types.

use swp_pte::{KernelRange, KernelVersion};
use swp_pte_atlas::SwapTypes;
use swp_pte_forms::{Doubts, Form, SwapFiles};

use crate::reading::{Reader, Said, TooWide, elsewhere};
use crate::target::{Target, rows_at};

/// Kernels that read every word alike.
#[derive(Clone, Copy, Debug)]
pub struct Era {
    /// Which kernels.
    pub kernels: KernelRange,
    /// How they read.
    pub reader: Reader,
}

/// The eras that a word is read by.
#[derive(Clone, Debug)]
pub struct Eras {
    newest: Era,
    /// The others, newest first.
    older: Vec<Era>,
}

/// The last minor number of each major one that ended.
const LAST: [(u16, u16); 4] = [(3, 19), (4, 20), (5, 19), (6, 19)];

/// The release before another.
const fn before(kernel: KernelVersion) -> KernelVersion {
    let mut i = 0;
    while i < LAST.len() && kernel.minor == 0 {
        let (major, minor) = LAST[i];
        if major + 1 == kernel.major {
            return KernelVersion::new(major, minor);
        }
        i += 1;
    }
    KernelVersion::new(kernel.major, kernel.minor.saturating_sub(1))
}

impl Eras {
    /// The kernel that was given or, where it was assumed, all that the variant had.
    #[must_use]
    pub fn of(target: &Target) -> Self {
        let given = Era { kernels: target.row.layout().source.kernels, reader: target.reader() };
        if !target.assumed {
            return Self { newest: given, older: Vec::new() };
        }
        let mut eras = Vec::new();
        for row in rows_at(target.variant(), target.level) {
            let kernels = row.layout().source.kernels;
            let changes = SwapTypes::CHANGES.iter().copied();
            let changes = changes.filter(|change| *change > kernels.first && kernels.contains(*change));
            let starts: Vec<_> = [kernels.first].into_iter().chain(changes).collect();
            for (i, first) in starts.iter().enumerate() {
                let last = starts.get(i + 1).copied().map(before).or(kernels.last);
                let reader = target.in_era(row, *first).reader();
                eras.push(Era { kernels: KernelRange { first: *first, last }, reader });
            }
        }
        let newest = eras.pop().unwrap_or(given);
        eras.reverse();
        Self { newest, older: eras }
    }

    /// The same, on a machine with these swap files.
    #[must_use]
    pub fn with_files(self, files: Option<SwapFiles>) -> Self {
        let with = |era: Era| Era { reader: era.reader.with_files(files), ..era };
        Self { newest: with(self.newest), older: self.older.into_iter().map(with).collect() }
    }

    /// How the newest kernel reads.
    #[must_use]
    pub const fn newest(&self) -> &Reader {
        &self.newest.reader
    }

    /// The different readings of a number of a form; those that follow each other and say the same are one.
    ///
    /// # Errors
    /// [`TooWide`].
    pub fn read(&self, form: Form, number: u64) -> Result<Answers, TooWide> {
        let mut newest = self.newest.read(form, number)?;
        let mut older: Vec<Answer> = Vec::new();
        for era in &self.older {
            let answer = era.read(form, number)?;
            let last = older.last_mut().unwrap_or(&mut newest);
            if last.said.same_answer(&answer.said) {
                last.kernels.first = answer.kernels.first;
            } else {
                older.push(answer);
            }
        }
        Ok(Answers { newest, older })
    }
}

impl Era {
    fn read(&self, form: Form, number: u64) -> Result<Answer, TooWide> {
        let said = self.reader.said(form, number)?;
        let doubts = self.reader.doubts(number, &said);
        let hints = elsewhere(&self.reader, form, number, &said);
        Ok(Answer { kernels: self.kernels, reader: self.reader, said, doubts, hints })
    }
}

/// What kernels say of a number.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The kernels that say so.
    pub kernels: KernelRange,
    /// The layout's reader of the newest of them.
    pub reader: Reader,
    /// What they say.
    pub said: Said,
    /// What speaks against it.
    pub doubts: Doubts,
    /// In which other form it says more.
    pub hints: Vec<String>,
}

/// What all kernels say of a word.
#[derive(Clone, Debug)]
pub struct Answers {
    /// What the kernel says that was given, or the newest.
    pub newest: Answer,
    /// What older kernels say, where that differs and none was given.
    pub older: Vec<Answer>,
}

impl Answers {
    /// The same for a number whose form is certain.
    #[must_use]
    pub fn without_hints(mut self) -> Self {
        self.newest.hints.clear();
        self.older.iter_mut().for_each(|answer| answer.hints.clear());
        self
    }

    /// All of them, newest first.
    pub fn all(&self) -> impl Iterator<Item = &Answer> {
        [&self.newest].into_iter().chain(&self.older)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::Asked;
    use swp_pte::Level;
    use swp_pte_atlas::{find, rows_of, variants};

    fn of(name: &str) -> Vec<Era> {
        let target = Target::find(&crate::target::wanted(name).unwrap(), &Asked::default(), Level::Pte).unwrap();
        let Eras { newest, older } = Eras::of(&target);
        [newest].into_iter().chain(older).collect()
    }

    #[test]
    fn eras_cover_every_kernel_of_the_record_once() {
        for name in variants() {
            let eras = of(name);
            for two in eras.windows(2) {
                // Between two eras there is nothing but releases of which no layout is told.
                let told = |kernel: &KernelVersion| find(name, *kernel).is_ok();
                let last = std::iter::successors(Some(before(two[0].kernels.first)), |kernel| Some(before(*kernel)));
                assert_eq!(two[1].kernels.last, last.into_iter().find(told), "{name}");
            }
            assert_eq!(eras.last().unwrap().kernels.first, rows_of(name).next().unwrap().layout().source.kernels.first);
            assert_eq!(eras[0].kernels.last, rows_of(name).last().unwrap().layout().source.kernels.last);
        }
    }

    #[test]
    fn what_is_the_same_is_one_answer() {
        let kernels = |name, word| -> Vec<String> {
            let target = Target::find(&crate::target::wanted(name).unwrap(), &Asked::default(), Level::Pte).unwrap();
            Eras::of(&target).read(Form::Pte, word).unwrap().all().map(|answer| answer.kernels.to_string()).collect()
        };
        let old = ["4.14 to 4.18", "4.8 to 4.13", "3.10 to 4.7"];
        assert_eq!(kernels("x86_64", 0x07ff_ffff_ffff_7c02), [&["4.19 and later"][..], &old].concat());
        assert_eq!(kernels("x86_64", 0x07ff_ffff_ffff_7c0a), [&["5.19 and later", "4.19 to 5.18"][..], &old].concat());
        assert_eq!(kernels("arm64", 0x41000), ["6.10 and later", "4.0 to 6.9"]);
    }
}
