//! A kernel's answers against this project: first the layout, bit by bit; then thousands of questions, each judged by
//! the same code that judges the vector files.

use std::io::Cursor;

use anyhow::{Context, Result};
use swp_pte::{Flag, KernelVersion, Release};
use swp_pte_atlas::Row;
use swp_pte_conformance::{Failure, VectorFile};

use super::ask::Answers;
use super::layout::{Change, Known, identify};
use super::lines::Provenance;
use super::pmd;
use super::present;
use super::probe::{Probed, probe};
use super::prove::Proof;
use super::questions;

/// What comparing found.
#[derive(Default, Debug)]
pub(super) struct Comparison {
    pub(super) change: Option<Box<Change>>,
    /// The declared layout, if it is the one that was probed.
    pub(super) known: Option<&'static Row>,
    pub(super) entries: usize,
    pub(super) words: usize,
    pub(super) pmds: usize,
    pub(super) checks: u64,
    pub(super) failed: u64,
    pub(super) failures: Vec<Failure>,
    /// Mismatches that have no vector behind them: PMD words, page frame bits, names in the sources.
    pub(super) others: Vec<String>,
    /// Worth knowing, and no failure.
    pub(super) notes: Vec<String>,
    pub(super) probed: Option<Probed>,
    /// The helpers, proved, if that was asked for.
    pub(super) proof: Option<Proof>,
    /// What the compiler calls itself, and for whom it stands in.
    pub(super) compiler: String,
}

impl Comparison {
    /// Checks of another kind.
    pub(super) fn add(&mut self, checks: usize, mismatches: Vec<String>) {
        self.checks += u64::try_from(checks).unwrap_or(u64::MAX);
        self.others.extend(mismatches);
    }

    /// Whether a helper is not what the layout says, for some word.
    pub(super) const fn refuted(&self) -> bool {
        match &self.proof {
            Some(proof) => !proof.refuted.is_empty(),
            None => false,
        }
    }

    pub(super) fn mismatches(&self) -> u64 {
        let refuted = self.proof.as_ref().map_or(0, |proof| proof.refuted.len());
        self.failed + u64::try_from(self.others.len() + refuted).unwrap_or(u64::MAX)
    }
}

/// Asks and compares.
pub(super) fn compare(
    kernel: &mut dyn Answers,
    provenance: &Provenance<'_>,
    version: KernelVersion,
) -> Result<Comparison> {
    let (memory, pages) = (provenance.memory()?, provenance.variant.pages);
    let probed = probe(kernel, provenance.constants, memory, pages).context("the layout cannot be probed")?;
    let mut found = Comparison::default();
    let release: Release =
        provenance.release.parse().with_context(|| format!("{:?} is no release", provenance.release))?;
    match identify(&probed, provenance.variant, &release) {
        Some(Known::AsDeclared(row)) => {
            found.known = Some(row);
            check_answers(kernel, provenance, row, &release, &probed, &mut found)?;
            check_build(provenance, row, &release, &probed, &mut found);
            let inaccessible = row.facts().inaccessible;
            // A build of somebody else's need not tell PROT_NONE from other mappings; ours do where the architecture can.
            let without_protnone = provenance.as_built && provenance.constants.get("has_protnone")? == 0;
            if without_protnone || version < KernelVersion::new(5, 10) {
                let why = if without_protnone { "built without pte_protnone" } else { "older than 5.10" };
                found.notes.push(format!("{why}: not asked why present words are hidden"));
            } else {
                let present = present::check(kernel, provenance.constants, row.layout(), version, inaccessible)?;
                found.add(present.checks, present.mismatches);
            }
        }
        // Thousands of answers would only say again what the layout says.
        Some(Known::Changed(change)) => found.change = Some(change),
        None => anyhow::bail!("the atlas is empty"),
    }
    found.probed = Some(probed);
    found.compiler = provenance.compiler.into();
    Ok(found)
}

/// Entries, words, and PMDs.
fn check_answers(
    kernel: &mut dyn Answers,
    provenance: &Provenance<'_>,
    row: &'static Row,
    release: &Release,
    probed: &Probed,
    found: &mut Comparison,
) -> Result<()> {
    let max = probed.swp_offset.max();
    let boundary = questions::boundary_entries(max);
    let mut entries = boundary.clone();
    entries.extend(questions::random_entries(max, questions::ENTRIES));
    judge("entries", &provenance.encode_file(kernel, &entries)?, found)?;
    found.entries = entries.len();

    // Every combination of markers on every boundary entry, each set by the kernel, one on top of the other.
    let mut flagged: Vec<u64> = kernel.entries(&boundary)?.iter().map(|answer| answer.word).collect();
    for (i, have) in provenance.constants.flags().into_iter().enumerate() {
        if have {
            let more = kernel.words(&flagged)?;
            flagged.extend(more.iter().filter_map(|answer| answer.mk.get(i).copied()));
        }
    }
    let mut words = questions::words(probed.width, questions::WORDS);
    words.extend(flagged);
    judge("words", &provenance.raw_file(kernel, &words)?, found)?;
    found.words = words.len();

    // The generic decoder gives back what went in; of the empty word it need not say anything.
    for (asked, answer) in entries.iter().zip(kernel.entries(&entries)?) {
        if row.layout().none.matches(answer.word) {
            continue;
        }
        found.checks += 1;
        // What our data says is lost must be.
        let lost = row.layout().lost_type & asked.0 != 0;
        if (answer.back == *asked) == lost {
            found.others.push(format!("pte_to_swp_entry(swp_entry_to_pte({asked:x?})) is {:x?}", answer.back));
        }
    }
    if provenance.constants.get("HAVE_PMD")? == 1 {
        let pmds = pmd::check(kernel, row.variant(), release, provenance.constants.flags(), max)?;
        found.pmds = pmds.asked;
        found.add(pmds.asked, pmds.mismatches);
    }
    found.others.truncate(20);
    Ok(())
}

/// Judges a text in the format of the vector files by the code that judges those.
fn judge(name: &str, text: &str, found: &mut Comparison) -> Result<()> {
    let file = VectorFile::read(name, Cursor::new(text.as_bytes()))?;
    let report = file.run();
    found.checks += report.checks;
    found.failed += report.failed;
    found.failures.extend(report.failures);
    Ok(())
}

/// The numbers that the atlas keeps beside the layout.
fn check_build(
    provenance: &Provenance<'_>,
    row: &'static Row,
    release: &Release,
    probed: &Probed,
    found: &mut Comparison,
) {
    if let Some(bits) = provenance.constants.values.get("SWP_PFN_BITS") {
        found.checks += 1;
        let listed = row.facts().pfn_bits;
        match listed.iter().position(|one| u64::from(one.bits) == *bits) {
            Some(0) => (),
            Some(at) => {
                let configuration = listed.get(at).map_or("", |one| one.configuration);
                found.notes.push(format!("SWP_PFN_BITS is {bits}, not as usual: {configuration}"));
            }
            None => {
                let listed: Vec<_> = listed.iter().map(|one| one.bits.to_string()).collect();
                found.others.push(format!("SWP_PFN_BITS: kernel {bits}, the atlas {}", listed.join(" or ")));
            }
        }
    }
    let series = release.series();
    // A vendor's kernels are rows of their own.
    if release.vendor().is_none() && !row.layout().source.measured.contains(&series) {
        found.notes.push(format!("{series} is not in the layout's list of measured kernels: add it"));
    }
    for (flag, bit) in Flag::ALL.into_iter().zip(probed.flags) {
        if bit.is_none() && row.layout().flag(flag).is_some() {
            found.notes.push(format!("built without {}: its bit was not asked for", flag.name()));
        }
    }
}
