//! The safeguards of the kernel, each with a switch.

use crate::Promise;

/// `Variant, "name", Promise, "function", "what it says";` becomes the enum and its tables.
macro_rules! rules {
    ($($variant:ident, $name:literal, $promise:ident, $function:literal, $text:literal;)*) => {
        /// A safeguard: something that the kernel takes care of, and that a model without it shows to be needed.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum Rule {
            $(#[doc = concat!($text, ": `", $function, "`.")] $variant),*
        }

        impl Rule {
            /// All, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name by which it is switched off.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The promise that it protects.
            #[must_use]
            pub const fn protects(self) -> Promise {
                match self { $(Self::$variant => Promise::$promise),* }
            }

            /// The kernel function that keeps it.
            #[must_use]
            pub const fn function(self) -> &'static str {
                match self { $(Self::$variant => $function),* }
            }

            /// What it says.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }
        }
    };
}

rules! {
    UnmapRemembers, "unmap-remembers", NoLostWrite, "try_to_unmap_one",
        "unmapping moves exclusive into the marker";
    SwapInReuses, "swap-in-reuses", NoLostWrite, "do_swap_page",
        "swap-in makes the page exclusive again where the marker or the reference count allows";
    UnuseReadsMarker, "unuse-reads-marker", NoLostWrite, "unuse_pte",
        "swapoff makes the page exclusive again where the marker says so";
    WritebackLooksForReferences, "writeback-looks-for-references", NoLostWrite, "is_page_cache_freeable",
        "writeback starts only without unexpected references";
    ReclaimLooksForDirty, "reclaim-looks-for-dirty", Isolation, "__remove_mapping",
        "a page leaves the swap cache only clean";
    MarkerOutsideOffset, "marker-outside-offset", Isolation, "the layout",
        "the marker is no bit of the swap offset";
    ForkClearsParentMarker, "fork-clears-parent-marker", ExclusiveMeansOne, "copy_nonpresent_pte",
        "fork clears the marker in the parent's swap PTE";
    ForkClearsChildMarker, "fork-clears-child-marker", ExclusiveMeansOne, "copy_nonpresent_pte",
        "the swap PTE that fork makes has no marker";
    ForkClearsExclusive, "fork-clears-exclusive", ExclusiveMeansOne, "page_try_dup_anon_rmap",
        "fork clears exclusive on the page that it shares";
    ReuseCountsReferences, "reuse-counts-references", ExclusiveMeansOne, "do_wp_page",
        "a page that is not exclusive is reused only with the one reference left, outside the swap cache";
    StableWritesDropMarker, "stable-writes-drop-marker", StableWrites, "do_swap_page",
        "the marker is dropped while the page is under writeback on a device that needs stable pages";
    UnmapLooksForPins, "unmap-looks-for-pins", PinnedStays, "page_try_share_anon_rmap",
        "unmapping backs off from an exclusive page that may be pinned";
    ForkLooksForPins, "fork-looks-for-pins", PinnedStays, "page_try_dup_anon_rmap",
        "fork copies a page that may be pinned and does not share it";
    PinUnshares, "pin-unshares", PinnedStays, "gup_must_unshare",
        "a read pin is taken on an exclusive page only";
    ForkWriteProtects, "fork-write-protects", WritableMeansExclusive, "copy_present_pte",
        "fork makes both entries of a shared page read-only";
    KsmWriteProtects, "ksm-write-protects", WritableMeansExclusive, "write_protect_page",
        "KSM makes the entry of a page read-only when it stops being exclusive";
    MarkerOutsidePresent, "marker-outside-present", WritableMeansExclusive, "the layout",
        "the marker is no bit that means present";
    SoftDirtyCarried, "soft-dirty-carried", BitsSurvive, "try_to_unmap_one",
        "unmapping carries soft-dirty into the swap PTE";
    UffdWpCarried, "uffd-wp-carried", BitsSurvive, "do_swap_page",
        "swap-in carries uffd-wp into the mapping";
}

/// Which safeguards are in force.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rules(u32);

impl Rules {
    /// All of them: the kernel as it is.
    pub const ALL: Self = Self(u32::MAX);

    /// The same without one.
    #[must_use]
    pub const fn without(self, rule: Rule) -> Self {
        Self(self.0 & !(1 << rule as u32))
    }

    /// Whether a rule is in force.
    #[must_use]
    pub const fn on(self, rule: Rule) -> bool {
        self.0 >> rule as u32 & 1 != 0
    }
}
