//! The small errors of a backend, and every message.
#![expect(clippy::allow_attributes, reason = "of `backend!`, which is in the same crate here")]

extern crate std;

use super::{DecodeError, EncodeError, EntryError, Undecodable, Unencodable};
use crate::{Field, KernelVersion, Layout, Memory, MemoryOrder, Pattern, Reserved, SwpEntry, Variant};
use bitfield_struct::bitfield;
use std::string::ToString;

const VARIANT: Variant<'static> = Variant::new("toy", "toy", 32, 12, Memory::new(MemoryOrder::Little));

/// Bit 0 is present, 6-1 the type, of which five bits are written, 31-7 the offset, of which 24 are.
#[bitfield(u32, debug = false, new = false, default = false)]
struct Raw {
    present: bool,
    #[bits(6)]
    swp_type: u64,
    #[bits(25)]
    swp_offset: u64,
}

const LAYOUT: Layout<'static> = Layout::new(&VARIANT, Field::new(1, 6).writing(5), Field::new(7, 25).writing(24))
    .with_present(&[Pattern::all_ones(1)])
    .with_reserved(&[Reserved::new(1, "PRESENT", "")]);

crate::backend! {
    pub struct Pte(Raw: u32);
    none: |raw| raw.into_bits() == 0;
    present: |raw| raw.present();
    offset: writes 24 bits;
}

/// Kernels that lose entries: of the type they keep two bits, bit 4 of the offset means present, and none ignores bit 2.
mod losing {
    use super::{Field, Layout, Pattern, Reserved, VARIANT, bitfield};

    #[bitfield(u32, debug = false, new = false, default = false)]
    struct Raw {
        #[bits(2)]
        swp_type: u64,
        #[bits(5)]
        swp_offset: u64,
        #[bits(25)]
        __: u64,
    }

    const LAYOUT: Layout<'static> = Layout::new(&VARIANT, Field::new(0, 2), Field::new(2, 5).writing(4))
        .with_lost_type(0b1_1100)
        .with_present_offset(1 << 4)
        .with_none(Pattern::exactly(0, 1 << 2))
        .with_present(&[Pattern::all_ones(1 << 6)])
        .with_reserved(&[Reserved::new(1 << 6, "PRESENT", "")]);

    crate::backend! {
        pub struct Pte(Raw: u32);
        none: |raw| raw.into_bits() & !(1 << 2) == 0;
        present: |raw| raw.swp_offset() >> 4 != 0;
        offset: writes 4 bits;
        type: keeps 2 bits;
    }
}

#[test]
fn a_refused_entry_says_what_the_kernel_would_lose() {
    use losing::Pte;
    for swp_type in 0..32 {
        for offset in 0..34 {
            let entry = entry(swp_type, offset);
            let backend = Pte::encode(entry).map(|pte| u64::from(pte.to_bits())).map_err(Unencodable::why);
            assert_eq!(backend, Pte::LAYOUT.encode(entry), "{entry:?}");
        }
    }
    let why = |swp_type, offset| Pte::encode(entry(swp_type, offset)).unwrap_err().why();
    assert_eq!(why(4, 3), EncodeError::TypeLost { value: 4, max: 3 });
    assert_eq!(why(1, 16), EncodeError::EncodesToPresent { entry: entry(1, 16) });
    assert_eq!(why(1, 32), EncodeError::OffsetOutOfRange { value: 32, max: 15 });
    assert_eq!(why(0, 1), EncodeError::IgnoredByNone { entry: entry(0, 1) });
    assert_eq!(why(0, 0), EncodeError::EncodesToNone { entry: entry(0, 0) });
}

fn entry(swp_type: u64, offset: u64) -> SwpEntry {
    SwpEntry::from_parts(swp_type, offset).unwrap()
}

#[test]
fn a_refused_entry_says_why() {
    let max = (1 << 24) - 1;
    assert!(Pte::encode(entry(31, max)).is_ok());
    let refused = Pte::encode(entry(3, max + 1)).unwrap_err();
    assert_eq!(
        (refused.entry(), refused.why()),
        (entry(3, max + 1), EncodeError::OffsetOutOfRange { value: max + 1, max })
    );
    let refused = Pte::encode(entry(0, 0)).unwrap_err();
    assert_eq!(refused.why(), EncodeError::EncodesToNone { entry: entry(0, 0) });
    // The largest offset is not too large, whatever the entry was refused for.
    let at_the_limit = Unencodable::<Pte>::new(entry(0, max));
    assert_eq!(at_the_limit.why(), EncodeError::EncodesToNone { entry: entry(0, max) });
}

#[test]
fn a_refused_word_says_why() {
    for (word, why) in [
        (0, DecodeError::None { word: 0 }),
        (0x81, DecodeError::Present { word: 0x81 }),
        (32 << 1, DecodeError::TypeOutOfRange { value: 32, max: 31 }),
        (1 << 31 | 31 << 1, DecodeError::OffsetOutOfRange { value: 1 << 24, max: (1 << 24) - 1 }),
    ] {
        let refused = Pte::from_bits(word).decode().unwrap_err();
        assert_eq!((refused.word(), refused.why()), (word.into(), why));
    }
    let wide = Undecodable::<Pte>::new(1 << 32);
    assert_eq!(wide.why(), DecodeError::WordTooWide { word: 1 << 32, width: 32 });
}

#[test]
fn small_errors_are_equal_by_what_they_hold() {
    let [one, other] = [1, 2].map(Undecodable::<Pte>::new);
    assert!(one == Undecodable::new(1) && one != other);
    assert_eq!(one.to_string(), one.why().to_string());
    assert_eq!(std::format!("{one:?}"), std::format!("{:?}", one.why()));
}

#[test]
fn every_message_has_field_value_and_limit() {
    const TYPE: &str = "swap type 32 is too large: the largest is 31";
    const OFFSET: &str = "swap offset 0x20 is too large: the largest is 0x1f";
    let (entry_type, entry_offset) =
        (EntryError::TypeOutOfRange { value: 32, max: 31 }, EntryError::OffsetOutOfRange { value: 32, max: 31 });
    for (error, text) in [(entry_type, TYPE), (entry_offset, OFFSET)] {
        let texts = [error.to_string(), EncodeError::from(error).to_string(), DecodeError::from(error).to_string()];
        assert_eq!(texts, [text; 3]);
    }
    let none = EncodeError::EncodesToNone { entry: entry(3, 0x41) };
    assert!(none.to_string().starts_with("swap type 3 with offset 0x41 encodes to the word that means no page"));
    let at = entry(3, 0x41);
    for (error, text) in [
        (EncodeError::TypeLost { value: 5, max: 3 }, "swap type 5 is lost: the kernel's encoder drops what is above 3"),
        (
            EncodeError::EncodesToPresent { entry: at },
            "swap type 3 with offset 0x41 encodes to a word that reads as present: the kernel takes it for a mapping",
        ),
        (
            EncodeError::IgnoredByNone { entry: at },
            "swap type 3 with offset 0x41 encodes to a word that reads as none: pte_none ignores every bit that it sets",
        ),
    ] {
        assert_eq!(error.to_string(), text);
    }
    for (error, text) in [
        (DecodeError::None { word: 16 }, "0x10 is no swap PTE: it is none (no page here)"),
        (DecodeError::Present { word: 16 }, "0x10 is no swap PTE: it is present (it maps a page)"),
        (DecodeError::WordTooWide { word: 16, width: 32 }, "0x10 has more than the 32 bits of this layout"),
    ] {
        assert_eq!(error.to_string(), text);
    }
    let version = "6".parse::<KernelVersion>().unwrap_err().to_string();
    assert!(version.starts_with("not a kernel version: expected MAJOR.MINOR"), "{version}");
}
