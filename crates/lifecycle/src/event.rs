//! What can happen: one name for each way out of each kernel function, all of which must be reachable.

use swp_pte::Flag;

use crate::Model;

/// `Variant, "kernel function", "what happened" [, marker that it needs];` becomes the enum and its tables.
macro_rules! events {
    ($($variant:ident, $function:literal, $text:literal $(, $flag:ident)?;)*) => {
        /// What a step turned out to be.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum Event {
            $(#[doc = concat!($text, ": `", $function, "`.")] $variant),*
        }

        impl Event {
            /// All, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The kernel function whose step it is, or who takes it.
            #[must_use]
            pub const fn function(self) -> &'static str {
                match self { $(Self::$variant => $function),* }
            }

            /// What happened.
            #[must_use]
            pub const fn text(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            /// The marker without which it cannot happen.
            #[must_use]
            pub const fn needs(self) -> Option<Flag> {
                match self { $(Self::$variant => events!(@flag $($flag)?)),* }
            }

            /// The reachability property of each event that the model can have.
            pub(crate) fn properties(model: &Model) -> Vec<stateright::Property<Model>> {
                let mut properties = Vec::new();
                $(if model.expects(Self::$variant) {
                    properties.push(stateright::Property::sometimes(
                        concat!($function, ": ", $text),
                        |model: &Model, state| model.can_happen(state, Self::$variant),
                    ));
                })*
                properties
            }

            /// The name of its reachability property.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => concat!($function, ": ", $text)),* }
            }
        }
    };
    (@flag) => { None };
    (@flag $flag:ident) => { Some(Flag::$flag) };
}

events! {
    Write, "process", "writes to its writable page";
    Reuse, "do_wp_page", "exclusive, so made writable as it is";
    ReuseByCount, "do_wp_page", "nobody else is found, so made exclusive and writable";
    Copy, "do_wp_page", "somebody else may refer to the page, so copied";
    UnshareByCount, "do_wp_page", "unshare: nobody else is found, so made exclusive";
    UnshareCopy, "do_wp_page", "unshare: somebody else may refer to the page, so copied";
    SwapInByMarker, "do_swap_page", "the marker says exclusive", Exclusive;
    SwapInByCount, "do_swap_page", "no reference left but its own, so exclusive";
    SwapInShared, "do_swap_page", "possibly shared, so mapped read-only";
    SwapInCopied, "do_swap_page", "possibly shared, so do_wp_page copies for the write";
    SwapInStable, "do_swap_page", "under writeback that must be stable, so the marker is dropped", Exclusive;
    SwapInFresh, "do_swap_page", "read past the swap cache, so exclusive";
    SwapInKsmCopy, "ksm_might_need_to_copy", "from the swap cache, but copied: exclusive";
    ForkShared, "copy_present_pte", "the page is shared";
    ForkPinned, "copy_present_page", "the page may be pinned, so the child gets a copy";
    ForkSwap, "copy_nonpresent_pte", "the swap PTE is duplicated";
    ForkSwapMarked, "copy_nonpresent_pte", "the swap PTE, which had the marker, is duplicated", Exclusive;
    GetRead, "get_user_pages", "FOLL_GET to read";
    GetWrite, "get_user_pages", "FOLL_GET | FOLL_WRITE";
    PinRead, "pin_user_pages", "FOLL_PIN to read";
    PinWrite, "pin_user_pages", "FOLL_PIN | FOLL_WRITE";
    WriteThrough, "driver", "writes through its reference";
    Release, "driver", "gives its reference back";
    AddToSwap, "add_to_swap", "the page gets a slot and is in the swap cache";
    Unmap, "try_to_unmap_one", "the mapping becomes a swap PTE";
    UnmapMarked, "try_to_unmap_one", "the mapping becomes a swap PTE with the marker", Exclusive;
    UnmapPinned, "try_to_unmap_one", "the page may be pinned, so backed off";
    WritebackStart, "pageout", "writeback starts";
    WritebackEnd, "end_page_writeback", "the device has the content";
    Reclaim, "__remove_mapping", "the page leaves the swap cache and memory";
    FreeSwap, "folio_free_swap", "nobody names the slot any more, so the page leaves the swap cache";
    SwapRead, "read_swap_cache_async", "the content is read into the swap cache";
    Unuse, "unuse_pte", "swapoff maps the page, possibly shared";
    UnuseMarked, "unuse_pte", "swapoff maps the page, whose swap PTE had the marker", Exclusive;
    UnuseKsmCopy, "unuse_pte", "swapoff maps a copy of a former KSM page: exclusive";
    KsmShare, "write_protect_page", "KSM takes the page, which is not exclusive any more";
    ClearSoftDirty, "clear_soft_dirty", "user space clears soft-dirty", SoftDirty;
    UffdProtect, "uffd_wp_range", "user space write-protects with userfaultfd", UffdWp;
    UffdResolve, "uffd_wp_range", "user space lifts the write protection", UffdWp;
    Exit, "zap_pte_range", "exits";
}

/// What the kernel never promised, shown by reaching it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Limit {
    /// A `FOLL_GET` reference to read goes on reading the old page after its process has written to a copy.
    ReadGoesStale,
    /// A `FOLL_GET | FOLL_WRITE` reference writes to a page that its process, which forked, no longer has.
    ForkLosesWrite,
}

impl Limit {
    /// All.
    pub const ALL: [Self; 2] = [Self::ReadGoesStale, Self::ForkLosesWrite];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReadGoesStale => "limit: FOLL_GET to read does not see later writes",
            Self::ForkLosesWrite => "limit: FOLL_GET | FOLL_WRITE loses its process by fork",
        }
    }
}
