//! What an entry says, by its level.

use swp_pte::Level;
use swp_pte_forms::{Doubts, SwapFiles};
use swp_pte_reading::{Keys, Reader, Reading, Said};
use swp_pte_vmcore::SwapFile;
use swp_pte_walk::Entry;

use crate::Error;
use crate::target::{Asked, Target};
use crate::vmcore::DumpArgs;

/// The layouts of a kernel, by level, and its swap files.
#[derive(Debug)]
pub(crate) struct Places {
    /// That of a PTE.
    pub(crate) target: Target,
    pte: Reader,
    /// That of a PMD, where the record has one for this kernel.
    pmd: Option<Reader>,
    /// Whether levels above use the PTE's form too.
    one_form: bool,
    /// Names by type.
    names: Vec<Option<String>>,
}

/// What an entry is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum What {
    /// As its layout reads it.
    Reading(Reading),
    /// An entry above the lowest level that is not present, of a kernel of which the record does not say how it writes such.
    Unknown,
}

impl Places {
    /// Looks the layouts up.
    pub(crate) fn new(args: &DumpArgs, asked: &Asked, files: &[SwapFile]) -> Result<Self, Error> {
        let target = args.target(asked, Level::Pte)?;
        let pmd = args.target(asked, Level::Pmd).ok();
        let one_form = pmd.is_some_and(|pmd| pmd.has_the_ptes_form());
        let last = files.iter().map(|file| file.swp_type).max();
        let size =
            |swp_type: u64| files.iter().find(|file| file.swp_type == swp_type).map_or(1, |file| file.max.max(1));
        let sizes = last.and_then(|last| SwapFiles::of((0..=last.min(31)).map(size)).ok());
        let mut names = Vec::new();
        for file in files {
            let index = usize::try_from(file.swp_type).unwrap_or(31).min(31);
            names.resize(names.len().max(index + 1), None);
            if let Some(name) = names.get_mut(index) {
                name.clone_from(&file.path);
            }
        }
        let reader = |target: Target| target.reader().with_files(sizes);
        Ok(Self { target, pte: reader(target), pmd: pmd.map(reader), one_form, names })
    }

    /// Those of one layout, for tests.
    #[cfg(test)]
    pub(crate) fn of_target(target: Target, names: Vec<Option<String>>) -> Self {
        Self { target, pte: target.reader(), pmd: None, one_form: false, names }
    }

    fn reader(&self, level: usize) -> Option<&Reader> {
        match level {
            1 => Some(&self.pte),
            2 => self.pmd.as_ref(),
            _ => self.pmd.as_ref().filter(|_| self.one_form),
        }
    }

    /// What an entry says; `None` of one that is empty to the kernel.
    pub(crate) fn what(&self, entry: &Entry) -> Option<What> {
        let reading = self.reader(entry.level).and_then(|reader| reader.read(entry.word).ok());
        match reading {
            Some(Reading::None { .. }) if !entry.leaf => None,
            Some(reading @ Reading::Present { .. }) => Some(What::Reading(reading)),
            // Above the lowest level bits say that it is a page which the form of a PTE does not have.
            _ if entry.leaf && entry.level > 1 => {
                Some(What::Reading(Reading::Present { inaccessible: None, frame: None }))
            }
            Some(reading) => Some(What::Reading(reading)),
            None => Some(What::Unknown),
        }
    }

    /// What speaks against it.
    pub(crate) fn doubts(&self, entry: &Entry, reading: &Reading) -> Doubts {
        self.reader(entry.level).map_or(Doubts::NONE, |reader| reader.doubts(entry.word, &Said::Word(*reading)))
    }

    /// The keys of JSON.
    pub(crate) fn keys(&self, entry: &Entry, what: &What) -> Keys {
        match what {
            What::Reading(reading) => Keys::of(&Said::Word(*reading), &self.doubts(entry, reading), &[]),
            What::Unknown => Keys::unknown(format!(
                "not present, and how {} writes entries at this level is not in the record",
                self.target.release
            )),
        }
    }

    /// The name of a swap file.
    pub(crate) fn name(&self, swp_type: u64) -> Option<&str> {
        self.names.get(usize::try_from(swp_type).ok()?)?.as_deref()
    }

    /// log2 of the page size.
    pub(crate) const fn page_shift(&self) -> u32 {
        self.pte.page_shift()
    }

    /// What Parquet keeps beside the rows.
    #[cfg(feature = "parquet")]
    pub(crate) fn about(&self) -> [(&'static str, String); 2] {
        [("variant", self.target.variant().to_owned()), ("kernel", self.target.release.to_string())]
    }
}

impl What {
    /// The swap file that it names a page of, and the page.
    pub(crate) const fn page(&self) -> Option<(u64, u64)> {
        match self {
            Self::Reading(Reading::Swap(swap)) if swap.byte_offset.is_some() => Some((swap.swp_type, swap.offset)),
            _ => None,
        }
    }

    /// Whether a page is mapped.
    pub(crate) const fn is_present(&self) -> bool {
        matches!(self, Self::Reading(Reading::Present { .. }))
    }
}
