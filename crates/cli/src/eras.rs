//! The kernels of a variant between which nothing changes: neither the layout nor the numbering of swap types.

use swp_pte::{DecodeError, KernelRange, KernelVersion};
use swp_pte_atlas::{SwapTypes, rows_of};

use crate::kconfig::Build;
use crate::reading::{Reader, Reading};
use crate::target::{Target, Variant};

/// Kernels that read every word alike.
#[derive(Clone, Copy, Debug)]
pub struct Era {
    /// Which kernels.
    pub kernels: KernelRange,
    /// How they read.
    pub reader: Reader,
}

/// The release before another. No boundary of the record is the first release of a major version.
const fn before(kernel: KernelVersion) -> KernelVersion {
    KernelVersion::new(kernel.major, kernel.minor.saturating_sub(1))
}

/// The eras of a variant, newest first.
#[must_use]
pub fn eras(variant: Variant, build: Build) -> Vec<Era> {
    let mut eras = Vec::new();
    for row in rows_of(variant.name()) {
        let kernels = row.layout().source.kernels;
        let changes =
            SwapTypes::CHANGES.into_iter().filter(|change| *change > kernels.first && kernels.contains(*change));
        let starts: Vec<_> = [kernels.first].into_iter().chain(changes).collect();
        for (i, first) in starts.iter().enumerate() {
            let last = starts.get(i + 1).copied().map(before).or(kernels.last);
            let target = Target { row, kernel: *first, assumed: true, build };
            eras.push(Era { kernels: KernelRange { first: *first, last }, reader: Reader::new(&target) });
        }
    }
    eras.reverse();
    eras
}

/// What kernels say of a word.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The kernels that say so.
    pub kernels: KernelRange,
    /// The layout's reader of the newest of them.
    pub reader: Reader,
    /// What they say.
    pub reading: Reading,
}

/// The different readings of a word, newest first; those that follow each other and say the same are one.
///
/// # Errors
/// [`DecodeError::WordTooWide`].
pub fn answers(eras: &[Era], word: u64) -> Result<Vec<Answer>, DecodeError> {
    let mut answers: Vec<Answer> = Vec::new();
    for era in eras {
        let reading = era.reader.read(word)?;
        match answers.last_mut() {
            Some(answer) if answer.reading.same_answer(&reading) => answer.kernels.first = era.kernels.first,
            _ => answers.push(Answer { kernels: era.kernels, reader: era.reader, reading }),
        }
    }
    Ok(answers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use swp_pte_atlas::variants;

    fn of(name: &str) -> Vec<Era> {
        eras(crate::target::variant(name).unwrap(), Build::default())
    }

    #[test]
    fn eras_cover_every_kernel_of_the_record_once() {
        for name in variants() {
            let eras = of(name);
            for two in eras.windows(2) {
                assert_eq!(two[1].kernels.last, Some(before(two[0].kernels.first)), "{name}");
            }
            assert_eq!(eras.last().unwrap().kernels.first, rows_of(name).next().unwrap().layout().source.kernels.first);
            assert_eq!(eras[0].kernels.last, rows_of(name).last().unwrap().layout().source.kernels.last);
        }
    }

    #[test]
    fn what_is_the_same_is_one_answer() {
        let kernels = |name, word| -> Vec<String> {
            answers(&of(name), word).unwrap().iter().map(|answer| answer.kernels.to_string()).collect()
        };
        assert_eq!(kernels("x86_64", 0x07ff_ffff_ffff_7c02), ["5.10 and later"]);
        assert_eq!(kernels("x86_64", 0x07ff_ffff_ffff_7c0a), ["5.19 and later", "5.10 to 5.18"]);
        assert_eq!(kernels("arm64", 0x41000), ["6.10 and later", "5.10 to 6.9"]);
    }
}
