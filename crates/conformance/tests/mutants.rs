//! The harness can fail: backends with one defect each, and the check that must catch it.
//!
//! A mutant declares the true layout of a real backend and behaves by a damaged copy of it.

use std::marker::PhantomData;

use swp_pte::{
    EncodeError, Field, Flag, Layout, Pattern, Placement, PteKind, SwpEntry, SwpOffset, SwpPte, Undecodable,
    Unencodable,
};
use swp_pte_conformance::{Argument, Check, Options, Report, Subject};

/// A defect: what the backend claims to be, and what it does.
trait Defect: Copy + Eq + std::hash::Hash + std::fmt::Debug + Send + Sync + 'static {
    const DECLARED: Layout<'static>;
    const ACTUAL: Layout<'static>;

    /// The encoder; most defects leave it to the damaged layout.
    fn encode(entry: SwpEntry) -> Result<u64, EncodeError> {
        Self::ACTUAL.encode(entry)
    }

    /// What is read of any word; most defects leave it to the damaged layout.
    fn fields(word: u64) -> (u64, u64) {
        Self::ACTUAL.fields(word)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Mutant<D>(u64, PhantomData<D>);

impl<D: Defect> Mutant<D> {
    fn map(self, change: impl FnOnce(u64) -> u64) -> Self {
        Self(change(self.0), PhantomData)
    }
}

impl<D: Defect> SwpPte for Mutant<D> {
    type Bits = u64;

    const LAYOUT: Layout<'static> = D::DECLARED;

    fn from_bits(bits: u64) -> Self {
        Self(bits, PhantomData)
    }

    fn to_bits(self) -> u64 {
        self.0
    }

    fn kind(self) -> PteKind {
        D::ACTUAL.kind(self.0)
    }

    fn fields(self) -> (u64, u64) {
        D::fields(self.0)
    }

    fn encode(entry: SwpEntry) -> Result<Self, Unencodable<Self>> {
        D::encode(entry).map(Self::from_bits).map_err(|_| Unencodable::new(entry))
    }

    fn decode(self) -> Result<SwpEntry, Undecodable<Self>> {
        D::ACTUAL.decode(self.0).map_err(|_| Undecodable::new(self.0))
    }

    fn is_set_or_stub(self, flag: Flag) -> bool {
        D::ACTUAL.is_set(flag, self.0)
    }

    fn set_or_stub(self, flag: Flag) -> Self {
        self.map(|word| D::ACTUAL.set(flag, word))
    }

    fn clear_or_stub(self, flag: Flag) -> Self {
        self.map(|word| D::ACTUAL.clear(flag, word))
    }
}

impl<D: Defect> std::fmt::LowerHex for Mutant<D> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

const S390: Layout<'static> = swp_pte_s390::Pte::LAYOUT;
const ARM64: Layout<'static> = swp_pte_arm64::until_5_18::Pte::LAYOUT;
const X86_64: Layout<'static> = swp_pte_x86_64::Pte::LAYOUT;

fn run<D: Defect>() -> Report {
    let options = Options { random: 256, ..Options::quick(7) };
    Subject::<Mutant<D>>::new().run(&options).0
}

macro_rules! mutants {
    ($($(#[$doc:meta])* $name:ident: $declared:expr => $actual:expr, caught by $($check:ident),+;)*) => {$(
        $(#[$doc])*
        #[test]
        fn $name() {
            #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
            struct TheDefect;
            impl Defect for TheDefect {
                const DECLARED: Layout<'static> = $declared;
                const ACTUAL: Layout<'static> = $actual;
            }
            let report = run::<TheDefect>();
            assert!(report.failed > 0, "the mutant survived");
            $(assert!(report.caught_by(Check::$check), "not caught by {}: {:#?}", Check::$check, report.failures);)+
        }
    )*};
}

mutants! {
    /// The marker moved by one bit.
    marker_moved: X86_64 => X86_64.with_exclusive(4, Placement::UnusedBit), caught by Markers, Probe;
    /// The marker on a type bit.
    marker_on_a_type_bit: X86_64 => X86_64.with_exclusive(59, Placement::UnusedBit), caught by Markers, Probe;
    /// The marker on an offset bit.
    marker_on_an_offset_bit: S390 => S390.with_exclusive(12, Placement::UnusedBit), caught by Markers, Probe;
    /// The type one bit short.
    type_one_bit_short: S390 => S390.with_fields(Field::new(2, 4), S390.swp_offset), caught by NeverNoneOrPresent, Affine;
    /// The offset one bit short.
    offset_one_bit_short: S390 => S390.with_fields(S390.swp_type, Field::new(12, 51)), caught by Limits, Probe;
    /// The offset one bit long.
    offset_one_bit_long: ARM64 => ARM64.with_fields(ARM64.swp_type, Field::new(8, 51)), caught by Limits;
    /// The offset shifted by one.
    offset_shifted: ARM64 => ARM64.with_fields(ARM64.swp_type, Field::new(9, 50)), caught by Affine, Probe;
    /// The inversion dropped.
    inversion_dropped: X86_64 => X86_64.with_fields(X86_64.swp_type, Field::new(9, 50)), caught by Affine, Data;
    /// A fixed bit missing.
    fixed_bit_missing: S390 => S390.with_always_one(1 << 9), caught by Affine, Data;
    /// The present bit set.
    present_bit_set: S390 => S390.with_always_one(S390.always_one | 1), caught by RoundTrip, NeverNoneOrPresent;
    /// Soft-dirty and marker swapped.
    markers_swapped: S390 => S390.with_exclusive(1, Placement::UnusedBit).with_soft_dirty(11), caught by Markers, Probe;
    /// The marker a stub although the layout has it.
    marker_a_stub: S390 => S390.without(Flag::Exclusive), caught by Markers, Probe;
    /// A marker although the layout is from before it.
    marker_too_early: ARM64 => ARM64.with_exclusive(1, Placement::UnusedBit), caught by Markers, Probe;
    /// `pte_none` that ignores nothing.
    none_too_narrow: X86_64 => X86_64.with_none(Pattern::exactly(0, 0)), caught by Data;
    /// `pte_present` that does not know `PROT_NONE`.
    present_too_narrow: X86_64 => X86_64.with_present(&[Pattern::all_ones(1)]), caught by Data, Probe;
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct MasksInSilence;

impl Defect for MasksInSilence {
    const DECLARED: Layout<'static> = S390;
    const ACTUAL: Layout<'static> = S390;

    fn encode(entry: SwpEntry) -> Result<u64, EncodeError> {
        let offset = SwpOffset::new(entry.offset().get() & S390.max_offset()).unwrap_or_default();
        S390.encode(SwpEntry::new(entry.swp_type(), offset))
    }
}

/// An encoder that cuts an oversized offset instead of refusing it.
#[test]
fn oversized_offset_masked() {
    assert!(run::<MasksInSilence>().caught_by(Check::Limits));
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Crooked;

impl Defect for Crooked {
    const DECLARED: Layout<'static> = S390;
    const ACTUAL: Layout<'static> = S390;

    /// Right on zero and on every single bit, wrong where two bits of the type meet: only pairs can tell.
    fn encode(entry: SwpEntry) -> Result<u64, EncodeError> {
        let crooked = u64::from(entry.swp_type().get() == 0b11 && entry.offset().get() == 0);
        S390.encode(entry).map(|word| word ^ crooked << 20)
    }
}

/// An encoder that is right on zero and the one-hot entries, but not affine.
#[test]
fn not_affine() {
    assert!(run::<Crooked>().caught_by(Check::Affine));
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct ReadsLess;

impl Defect for ReadsLess {
    const DECLARED: Layout<'static> = X86_64;
    const ACTUAL: Layout<'static> = X86_64;

    fn fields(word: u64) -> (u64, u64) {
        if X86_64.kind(word) == PteKind::Swap { X86_64.fields(word) } else { (0, 0) }
    }
}

/// A reader of fields that is right wherever there is an entry.
#[test]
fn fields_of_swap_ptes_only() {
    assert!(run::<ReadsLess>().caught_by(Check::Data));
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Sound<const BACKEND: usize>;

impl<const BACKEND: usize> Defect for Sound<BACKEND> {
    const DECLARED: Layout<'static> = [S390, ARM64, X86_64][BACKEND];
    const ACTUAL: Layout<'static> = Self::DECLARED;
}

/// Without a defect nothing is caught, or the tests above would show nothing.
#[test]
fn no_defect_no_failure() {
    for report in [run::<Sound<0>>(), run::<Sound<1>>(), run::<Sound<2>>()] {
        assert_eq!(report.failed, 0, "{:#?}", report.failures);
    }
}

/// s390 with an offset of eight bits: few enough entries to enumerate.
const SMALL: Layout<'static> = S390.with_fields(S390.swp_type, Field::new(12, 8));

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct WrongOnce;

impl Defect for WrongOnce {
    const DECLARED: Layout<'static> = SMALL;
    const ACTUAL: Layout<'static> = SMALL;

    fn encode(entry: SwpEntry) -> Result<u64, EncodeError> {
        let wrong = u64::from(entry.swp_type().get() == 0b111 && entry.offset().get() == 0b0101_0101);
        SMALL.encode(entry).map(|word| word ^ wrong << 12)
    }
}

/// An encoder that is wrong for a single entry, neither an edge nor a pair of bits: only enumerating tells.
#[test]
fn wrong_for_one_entry() {
    let subject = Subject::<Mutant<WrongOnce>>::new();
    let enumerated = Options { random: 0, ..Options::quick(7) };
    let (report, coverage) = subject.run(&enumerated);
    assert_eq!((report.failed, coverage.argument, coverage.encodings), (1, Argument::Enumerated, 1 << 13));
    assert!(report.caught_by(Check::RoundTrip), "{:#?}", report.failures);
    let (not_enumerated, coverage) = subject.run(&Options { enumerate_up_to: 0, ..enumerated });
    assert_eq!((not_enumerated.failed, coverage.argument), (0, Argument::Affine));
    assert_eq!(report.checks - not_enumerated.checks, 1 << 13, "one check for each entry");
}
