//! Every function of every layout, exported under a name that can be found in assembly:
//! `<variant>__<module>__<function>`, as `x86_64__since_5_19__encode` or `ppc_book3s64_4k__since_5_19__decode`.
//!
//! `cargo xtask asm` compiles this package with optimization and reads what came out; `cargo xtask prove` does so too, and
//! has `outcomes.rs` in it. Nothing else uses it.
#![no_std]

#[cfg(feature = "outcomes")]
pub mod outcomes;

use swp_pte::{PteKind, SwpEntry, Undecodable, Unencodable};

/// A line of the list becomes a module of functions that do nothing but call the backend's own.
macro_rules! probe {
    ($($name:ident: $pte:ty $(, $marker:ident)*;)*) => { $(
        #[doc = concat!("`", stringify!($pte), "`")]
        pub mod $name {
            use super::*;

            probe!(@function $name encode: fn(entry: SwpEntry) -> Result<$pte, Unencodable<$pte>> = <$pte>::encode(entry));
            probe!(@function $name decode: fn(pte: $pte) -> Result<SwpEntry, Undecodable<$pte>> = pte.decode());
            probe!(@function $name kind: fn(pte: $pte) -> PteKind = pte.kind());
            $(probe!(@$marker $name $pte);)*
        }
    )* };

    (@exclusive $name:ident $pte:ty) => { probe!(@marker $name $pte, is_exclusive, mk_exclusive, clear_exclusive); };
    (@soft_dirty $name:ident $pte:ty) => { probe!(@marker $name $pte, is_soft_dirty, mk_soft_dirty, clear_soft_dirty); };
    (@uffd_wp $name:ident $pte:ty) => { probe!(@marker $name $pte, is_uffd_wp, mk_uffd_wp, clear_uffd_wp); };

    (@marker $name:ident $pte:ty, $is:ident, $mk:ident, $clear:ident) => {
        probe!(@function $name $is: fn(pte: $pte) -> bool = pte.$is());
        probe!(@function $name $mk: fn(pte: $pte) -> $pte = pte.$mk());
        probe!(@function $name $clear: fn(pte: $pte) -> $pte = pte.$clear());
    };

    (@function $name:ident $function:ident: fn($arg:ident: $in:ty) -> $out:ty = $call:expr) => {
        #[doc = concat!("`", stringify!($function), "` of this layout")]
        #[unsafe(export_name = concat!(stringify!($name), "__", stringify!($function)))]
        pub fn $function($arg: $in) -> $out {
            $call
        }
    };
}

swp_pte_atlas::for_each_layout!(probe);
swp_pte_atlas::for_each_second_form!(probe);
