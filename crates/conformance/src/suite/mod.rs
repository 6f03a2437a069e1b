//! The suite: every property of the contract, generic over the backend.

mod encoding;
mod markers;
mod placement;
mod probe;

pub use placement::history;

use swp_pte::{Flag, SoftDirty, SwpPte, UffdWp};

use crate::{Coverage, Report};

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
    /// What a plain run does: layouts of up to 2^26 encodings enumerated, 4,096 random inputs per property.
    #[must_use]
    pub const fn quick(seed: u64) -> Self {
        Self { enumerate_up_to: 1 << 26, random: 4096, seed, progress: &|_| {} }
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

/// The three functions of a marker.
struct Marker<P> {
    flag: Flag,
    is: fn(P) -> bool,
    mk: fn(P) -> P,
    clear: fn(P) -> P,
}

/// A backend and the markers that it has beside the exclusive one.
///
/// ```
/// use swp_pte_conformance::{Options, Subject};
///
/// let (report, coverage) = Subject::<swp_pte_arm64::Pte>::new().uffd_wp().run(&Options::quick(1));
/// assert_eq!(report.failed, 0, "{:#?}", report.failures);
/// assert_eq!(coverage.encodings, 1 << 55);
/// ```
pub struct Subject<P> {
    markers: Vec<Marker<P>>,
}

impl<P> std::fmt::Debug for Subject<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.markers.iter().map(|marker| marker.flag)).finish()
    }
}

impl<P: SwpPte> Default for Subject<P> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P: SwpPte> Subject<P> {
    /// A backend with the exclusive marker, or its stubs, alone.
    #[must_use]
    pub fn new() -> Self {
        let exclusive =
            Marker { flag: Flag::Exclusive, is: P::is_exclusive, mk: P::mk_exclusive, clear: P::clear_exclusive };
        Self { markers: vec![exclusive] }
    }

    /// The backend has soft-dirty.
    #[must_use]
    pub fn soft_dirty(mut self) -> Self
    where
        P: SoftDirty,
    {
        let soft_dirty =
            Marker { flag: Flag::SoftDirty, is: P::is_soft_dirty, mk: P::mk_soft_dirty, clear: P::clear_soft_dirty };
        self.markers.push(soft_dirty);
        self
    }

    /// The backend has uffd-wp.
    #[must_use]
    pub fn uffd_wp(mut self) -> Self
    where
        P: UffdWp,
    {
        let uffd_wp = Marker { flag: Flag::UffdWp, is: P::is_uffd_wp, mk: P::mk_uffd_wp, clear: P::clear_uffd_wp };
        self.markers.push(uffd_wp);
        self
    }

    /// How many pairs of type and offset fit the layout.
    #[must_use]
    pub const fn encodings() -> u128 {
        32 * (P::LAYOUT.max_offset() as u128 + 1)
    }

    /// Every check on the backend and on its layout's data.
    #[must_use]
    pub fn run(&self, options: &Options<'_>) -> (Report, Coverage) {
        let mut report = Report::new(const { &P::LAYOUT });
        let argument = encoding::check::<P>(&mut report, options);
        self.check_markers(&mut report, options);
        self.probe(&mut report);
        self.agree(&mut report, options);
        self.check_placements(&mut report, options);
        (report, Coverage { encodings: Self::encodings(), argument })
    }
}

/// The backend's type for a word that came out of the interpreter.
fn pte<P: SwpPte>(word: u64) -> P {
    use swp_pte::PteBits;
    // The inputs are cut to the word already; what is above it would be a defect of the harness, caught by its tests.
    P::from_bits(P::Bits::try_from_u64(word & P::LAYOUT.word_mask()).unwrap_or_else(|| unreachable!()))
}

fn bits<P: SwpPte>(pte: P) -> u64 {
    pte.to_bits().into()
}
