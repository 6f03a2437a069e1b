//! The suite: every property of the contract, for any backend.
//!
//! A backend joins as a type, which [`Functions`] forgets: what is compiled for each is its functions and the loop that
//! enumerates, not the suite.

mod encoding;
mod functions;
mod markers;
mod placement;
mod probe;

pub use placement::history;

use std::marker::PhantomData;

use swp_pte::{Layout, SwpPte};

use crate::{Coverage, Report};
use functions::Functions;

/// How much to check.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Layouts with at most this many encodings are enumerated, all of them; wider ones get the affine argument.
    pub enumerate_up_to: u128,
    /// Random inputs per property.
    pub random: usize,
    /// The seed of the random inputs.
    pub seed: u64,
    /// Told how many encodings were enumerated since the last call; called from several threads.
    pub progress: &'a (dyn Fn(u64) + Sync),
}

impl Options<'_> {
    /// What a plain run does: 4,096 random inputs per property, and layouts of up to 2^20 encodings enumerated. No kernel's
    /// is as small; the affine argument covers them, and to enumerate the two smallest would take most of the time.
    #[must_use]
    pub const fn quick(seed: u64) -> Self {
        Self { enumerate_up_to: 1 << 20, random: 4096, seed, progress: &|_| {} }
    }

    /// Everything that can be enumerated: layouts of up to 2^32 encodings.
    #[must_use]
    pub const fn full(seed: u64) -> Self {
        Self { enumerate_up_to: 1 << 32, ..Self::quick(seed) }
    }
}

impl std::fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("enumerate_up_to", &self.enumerate_up_to)
            .field("random", &self.random)
            .field("seed", &self.seed)
            .finish_non_exhaustive()
    }
}

/// A backend, with its markers and the stubs in place of those that it does not have.
///
/// ```
/// use swp_pte_conformance::{Options, Subject};
///
/// let (report, coverage) = Subject::<swp_pte_arm64::Pte>::new().run(&Options::quick(1));
/// assert_eq!(report.failed, 0, "{:#?}", report.failures);
/// assert_eq!(coverage.encodings, 1 << 55);
/// ```
pub struct Subject<P> {
    functions: Functions,
    backend: PhantomData<P>,
}

impl<P> std::fmt::Debug for Subject<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.functions.fmt(f)
    }
}

impl<P: SwpPte> Default for Subject<P> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P: SwpPte> Subject<P> {
    /// A backend of this type.
    #[must_use]
    pub fn new() -> Self {
        Self { functions: Functions::of::<P>(), backend: PhantomData }
    }

    /// How many pairs of type and offset fit the layout.
    #[must_use]
    pub const fn encodings() -> u128 {
        encodings(&P::LAYOUT)
    }

    /// Every check on the backend and on its layout's data.
    #[must_use]
    pub fn run(&self, options: &Options<'_>) -> (Report, Coverage) {
        self.functions.run(options)
    }
}

const fn encodings(layout: &Layout<'_>) -> u128 {
    32 * (layout.max_offset() as u128 + 1)
}

impl Functions {
    fn run(&self, options: &Options<'_>) -> (Report, Coverage) {
        let mut report = Report::new(self.layout);
        let argument = self.check_encoding(&mut report, options);
        self.check_markers(&mut report, options);
        self.probe(&mut report);
        self.agree(&mut report, options);
        self.check_placements(&mut report, options);
        (report, Coverage { encodings: encodings(self.layout), argument })
    }
}
