//! The functions of a backend with its type forgotten: a word is a `u64` of the layout's width.
//!
//! Everything here is compiled once for each backend, so it is short; what asks these functions is compiled once.

use std::ops::RangeInclusive;

use swp_pte::{DecodeError, EncodeError, Flag, Layout, PteBits, PteKind, SwpEntry, SwpPte};

/// What the suite asks of a backend.
pub(super) struct Functions {
    pub(super) layout: &'static Layout<'static>,
    pub(super) encode: fn(SwpEntry) -> Result<u64, EncodeError>,
    pub(super) decode: fn(u64) -> Result<SwpEntry, DecodeError>,
    pub(super) kind: fn(u64) -> PteKind,
    pub(super) fields: fn(u64) -> (u64, u64),
    pub(super) enumerate: Enumerate,
    /// All three, or the stubs in their place.
    pub(super) markers: [Marker; Flag::ALL.len()],
}

/// Every offset of a range under one type: how many entries are [sound]; the others are handed over.
pub(super) type Enumerate = fn(u64, RangeInclusive<u64>, &mut dyn FnMut(SwpEntry)) -> u64;

/// The three functions of a marker.
pub(super) struct Marker {
    pub(super) flag: Flag,
    pub(super) is: fn(u64) -> bool,
    pub(super) mk: fn(u64) -> u64,
    pub(super) clear: fn(u64) -> u64,
}

impl std::fmt::Debug for Functions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.markers.iter().map(|marker| marker.flag)).finish()
    }
}

impl Functions {
    pub(super) fn of<P: SwpPte>() -> Self {
        let exclusive = Marker {
            flag: Flag::Exclusive,
            is: |word| pte::<P>(word).is_set_or_stub(Flag::Exclusive),
            mk: |word| bits(pte::<P>(word).set_or_stub(Flag::Exclusive)),
            clear: |word| bits(pte::<P>(word).clear_or_stub(Flag::Exclusive)),
        };
        let soft_dirty = Marker {
            flag: Flag::SoftDirty,
            is: |word| pte::<P>(word).is_set_or_stub(Flag::SoftDirty),
            mk: |word| bits(pte::<P>(word).set_or_stub(Flag::SoftDirty)),
            clear: |word| bits(pte::<P>(word).clear_or_stub(Flag::SoftDirty)),
        };
        let uffd_wp = Marker {
            flag: Flag::UffdWp,
            is: |word| pte::<P>(word).is_set_or_stub(Flag::UffdWp),
            mk: |word| bits(pte::<P>(word).set_or_stub(Flag::UffdWp)),
            clear: |word| bits(pte::<P>(word).clear_or_stub(Flag::UffdWp)),
        };
        Self {
            layout: const { &P::LAYOUT },
            encode: |entry| P::encode(entry).map(bits).map_err(EncodeError::from),
            decode: |word| pte::<P>(word).decode().map_err(DecodeError::from),
            kind: |word| pte::<P>(word).kind(),
            fields: |word| pte::<P>(word).fields(),
            enumerate: enumerate::<P>,
            markers: [exclusive, soft_dirty, uffd_wp],
        }
    }
}

/// The backend's type for a word.
fn pte<P: SwpPte>(word: u64) -> P {
    // The inputs are cut to the word already; what is above it would be a defect of the harness, caught by its tests.
    P::from_bits(P::Bits::try_from_u64(word & P::LAYOUT.word_mask()).unwrap_or_else(|| unreachable!()))
}

fn bits<P: SwpPte>(pte: P) -> u64 {
    pte.to_bits().into()
}

fn enumerate<P: SwpPte>(swp_type: u64, offsets: RangeInclusive<u64>, other: &mut dyn FnMut(SwpEntry)) -> u64 {
    let mut count = 0;
    for offset in offsets {
        let Ok(entry) = SwpEntry::from_parts(swp_type, offset) else { continue };
        if sound::<P>(entry) {
            count += 1;
        } else {
            other(entry);
        }
    }
    count
}

/// Whether an entry encodes as the data says, decodes, and decodes again under the marker.
fn sound<P: SwpPte>(entry: SwpEntry) -> bool {
    let (Ok(pte), Ok(data)) = (P::encode(entry), P::LAYOUT.encode(entry)) else { return false };
    let marked = pte.set_or_stub(Flag::Exclusive);
    bits(pte) == data
        && pte.decode() == Ok(entry)
        && marked.decode() == Ok(entry)
        && bits(marked) == data | P::LAYOUT.flag_mask(Flag::Exclusive)
        && marked.clear_or_stub(Flag::Exclusive) == pte
}
