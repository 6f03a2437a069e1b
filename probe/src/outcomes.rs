//! What `cargo xtask prove` asks for beside the functions of `lib.rs`: what a backend has as an implementation of `SwpPte`,
//! the interpreter of the layout's data, and witnesses.
//!
//! A witness makes one outcome of its arguments, and nothing else: `<module>__encode_ok` the `Ok` of `encode`. So nobody
//! has to know how rustc lays out an enum: what the witness leaves in registers and memory is what the function must
//! leave. `size__<type>` says how many bytes of that are the value.

use swp_pte::{DecodeError, EncodeError, Flag, PteKind, SwpEntry, SwpPte, Undecodable, Unencodable};

/// The address of a function, so that a linker keeps it in a program that only reads it.
#[derive(Clone, Copy, Debug)]
#[repr(transparent)]
pub struct Kept(pub *const ());

// SAFETY: it is an address of code, and nobody reads what is there.
unsafe impl Sync for Kept {}

/// A function under a name that can be found in machine code.
macro_rules! function {
    ($name:ident: fn($($arg:ident: $in:ty),*) -> $out:ty = $call:expr) => { function!("", $name: fn($($arg: $in),*) -> $out = $call); };

    ($of:expr, $name:ident: fn($($arg:ident: $in:ty),*) -> $out:ty = $call:expr) => {
        #[doc = concat!("`", stringify!($name), "`, as the module says")]
        #[unsafe(export_name = concat!($of, stringify!($name)))]
        pub fn $name($($arg: $in),*) -> $out {
            $call
        }
    };
}

macro_rules! layouts {
    ($($name:ident: $pte:ty $(, $marker:ident)*;)*) => { $(
        #[doc = concat!("`", stringify!($pte), "`")]
        pub mod $name {
            use super::*;

            layouts!(@of $name, $pte,
                fields: fn(pte: $pte) -> (u64, u64) = pte.fields();
                why_encode: fn(entry: SwpEntry) -> EncodeError = Unencodable::<$pte>::new(entry).why();
                why_decode: fn(word: u64) -> DecodeError = Undecodable::<$pte>::new(word).why();
                stub_is_exclusive: fn(pte: $pte) -> bool = pte.is_set_or_stub(Flag::Exclusive);
                stub_mk_exclusive: fn(pte: $pte) -> $pte = pte.set_or_stub(Flag::Exclusive);
                stub_clear_exclusive: fn(pte: $pte) -> $pte = pte.clear_or_stub(Flag::Exclusive);
                stub_is_soft_dirty: fn(pte: $pte) -> bool = pte.is_set_or_stub(Flag::SoftDirty);
                stub_mk_soft_dirty: fn(pte: $pte) -> $pte = pte.set_or_stub(Flag::SoftDirty);
                stub_clear_soft_dirty: fn(pte: $pte) -> $pte = pte.clear_or_stub(Flag::SoftDirty);
                stub_is_uffd_wp: fn(pte: $pte) -> bool = pte.is_set_or_stub(Flag::UffdWp);
                stub_mk_uffd_wp: fn(pte: $pte) -> $pte = pte.set_or_stub(Flag::UffdWp);
                stub_clear_uffd_wp: fn(pte: $pte) -> $pte = pte.clear_or_stub(Flag::UffdWp);

                layout_encode: fn(entry: SwpEntry) -> Result<u64, EncodeError> = <$pte>::LAYOUT.encode(entry);
                layout_decode: fn(word: u64) -> Result<SwpEntry, DecodeError> = <$pte>::LAYOUT.decode(word);
                layout_kind: fn(word: u64) -> PteKind = <$pte>::LAYOUT.kind(word);
                layout_fields: fn(word: u64) -> (u64, u64) = <$pte>::LAYOUT.fields(word);
                layout_stray: fn(word: u64) -> u64 = <$pte>::LAYOUT.stray(word);
                layout_is_exclusive: fn(word: u64) -> bool = <$pte>::LAYOUT.is_set(Flag::Exclusive, word);
                layout_mk_exclusive: fn(word: u64) -> u64 = <$pte>::LAYOUT.set(Flag::Exclusive, word);
                layout_clear_exclusive: fn(word: u64) -> u64 = <$pte>::LAYOUT.clear(Flag::Exclusive, word);
                layout_is_soft_dirty: fn(word: u64) -> bool = <$pte>::LAYOUT.is_set(Flag::SoftDirty, word);
                layout_mk_soft_dirty: fn(word: u64) -> u64 = <$pte>::LAYOUT.set(Flag::SoftDirty, word);
                layout_clear_soft_dirty: fn(word: u64) -> u64 = <$pte>::LAYOUT.clear(Flag::SoftDirty, word);
                layout_is_uffd_wp: fn(word: u64) -> bool = <$pte>::LAYOUT.is_set(Flag::UffdWp, word);
                layout_mk_uffd_wp: fn(word: u64) -> u64 = <$pte>::LAYOUT.set(Flag::UffdWp, word);
                layout_clear_uffd_wp: fn(word: u64) -> u64 = <$pte>::LAYOUT.clear(Flag::UffdWp, word);

                witness_encode_ok: fn(pte: $pte) -> Result<$pte, Unencodable<$pte>> = Ok(pte);
                witness_encode_refused: fn(entry: SwpEntry) -> Result<$pte, Unencodable<$pte>> = Err(Unencodable::new(entry));
                witness_decode_ok: fn(entry: SwpEntry) -> Result<SwpEntry, Undecodable<$pte>> = Ok(entry);
                witness_decode_refused: fn(word: u64) -> Result<SwpEntry, Undecodable<$pte>> = Err(Undecodable::new(word));
                witness_pte: fn(pte: $pte) -> $pte = pte;
                size_encode: fn() -> usize = size_of::<Result<$pte, Unencodable<$pte>>>();
                size_decode: fn() -> usize = size_of::<Result<SwpEntry, Undecodable<$pte>>>();
                size_pte: fn() -> usize = size_of::<$pte>();
            );
        }
    )*
    };

    (@of $name:ident, $pte:ty, $($function:ident: fn($($arg:ident: $in:ty),*) -> $out:ty = $call:expr;)*) => {
        $(function!(concat!(stringify!($name), "__"), $function: fn($($arg: $in),*) -> $out = $call);)*

        /// All of them.
        pub static KEPT: &[Kept] = &[$(Kept($function as *const ())),*];
    };
}

swp_pte_atlas::for_each_layout!(layouts);
swp_pte_atlas::for_each_second_form!(layouts);

/// What the functions of all layouts return.
macro_rules! shared {
    ($($function:ident: fn($($arg:ident: $in:ty),*) -> $out:ty = $call:expr;)*) => {
        $(function!($function: fn($($arg: $in),*) -> $out = $call);)*

        /// All of them.
        pub static KEPT: &[Kept] = &[$(Kept($function as *const ())),*];
    };
}

shared! {
    witness_bool_true: fn() -> bool = true;
    witness_bool_false: fn() -> bool = false;
    size_bool: fn() -> usize = size_of::<bool>();
    witness_kind_none: fn() -> PteKind = PteKind::None;
    witness_kind_present: fn() -> PteKind = PteKind::Present;
    witness_kind_swap: fn() -> PteKind = PteKind::Swap;
    size_kind: fn() -> usize = size_of::<PteKind>();
    witness_word: fn(word: u64) -> u64 = word;
    size_word: fn() -> usize = size_of::<u64>();
    witness_fields: fn(swp_type: u64, offset: u64) -> (u64, u64) = (swp_type, offset);
    size_fields: fn() -> usize = size_of::<(u64, u64)>();

    witness_layout_encode_ok: fn(word: u64) -> Result<u64, EncodeError> = Ok(word);
    witness_layout_encode_type: fn(value: u64, max: u64) -> Result<u64, EncodeError> = Err(EncodeError::TypeOutOfRange { value, max });
    witness_layout_encode_offset: fn(value: u64, max: u64) -> Result<u64, EncodeError> = Err(EncodeError::OffsetOutOfRange { value, max });
    witness_layout_encode_lost: fn(value: u64, max: u64) -> Result<u64, EncodeError> = Err(EncodeError::TypeLost { value, max });
    witness_layout_encode_present: fn(entry: SwpEntry) -> Result<u64, EncodeError> = Err(EncodeError::EncodesToPresent { entry });
    witness_layout_encode_none: fn(entry: SwpEntry) -> Result<u64, EncodeError> = Err(EncodeError::EncodesToNone { entry });
    witness_layout_encode_ignored: fn(entry: SwpEntry) -> Result<u64, EncodeError> = Err(EncodeError::IgnoredByNone { entry });
    size_layout_encode: fn() -> usize = size_of::<Result<u64, EncodeError>>();
    witness_why_encode_type: fn(value: u64, max: u64) -> EncodeError = EncodeError::TypeOutOfRange { value, max };
    witness_why_encode_offset: fn(value: u64, max: u64) -> EncodeError = EncodeError::OffsetOutOfRange { value, max };
    witness_why_encode_lost: fn(value: u64, max: u64) -> EncodeError = EncodeError::TypeLost { value, max };
    witness_why_encode_present: fn(entry: SwpEntry) -> EncodeError = EncodeError::EncodesToPresent { entry };
    witness_why_encode_none: fn(entry: SwpEntry) -> EncodeError = EncodeError::EncodesToNone { entry };
    witness_why_encode_ignored: fn(entry: SwpEntry) -> EncodeError = EncodeError::IgnoredByNone { entry };
    size_why_encode: fn() -> usize = size_of::<EncodeError>();

    witness_layout_decode_ok: fn(entry: SwpEntry) -> Result<SwpEntry, DecodeError> = Ok(entry);
    witness_layout_decode_none: fn(word: u64) -> Result<SwpEntry, DecodeError> = Err(DecodeError::None { word });
    witness_layout_decode_present: fn(word: u64) -> Result<SwpEntry, DecodeError> = Err(DecodeError::Present { word });
    witness_layout_decode_type: fn(value: u64, max: u64) -> Result<SwpEntry, DecodeError> = Err(DecodeError::TypeOutOfRange { value, max });
    witness_layout_decode_offset: fn(value: u64, max: u64) -> Result<SwpEntry, DecodeError> = Err(DecodeError::OffsetOutOfRange { value, max });
    witness_layout_decode_wide: fn(word: u64, width: u32) -> Result<SwpEntry, DecodeError> = Err(DecodeError::WordTooWide { word, width });
    size_layout_decode: fn() -> usize = size_of::<Result<SwpEntry, DecodeError>>();
    witness_why_decode_none: fn(word: u64) -> DecodeError = DecodeError::None { word };
    witness_why_decode_present: fn(word: u64) -> DecodeError = DecodeError::Present { word };
    witness_why_decode_type: fn(value: u64, max: u64) -> DecodeError = DecodeError::TypeOutOfRange { value, max };
    witness_why_decode_offset: fn(value: u64, max: u64) -> DecodeError = DecodeError::OffsetOutOfRange { value, max };
    witness_why_decode_wide: fn(word: u64, width: u32) -> DecodeError = DecodeError::WordTooWide { word, width };
    size_why_decode: fn() -> usize = size_of::<DecodeError>();
}
