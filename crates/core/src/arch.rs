//! An architecture as data: its names, its variants, and what their kernels can be built with.
//!
//! Each architecture's crate has one [`Arch`]; whatever is true of an architecture stands there and nowhere else.

use crate::{Frame, KernelRange, KernelVersion, Memory, Pattern};

/// An architecture of the kernel.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Arch<'a> {
    /// The name, as the crate has it: `ppc`.
    pub name: &'a str,
    /// The kernel's `ARCH`: `powerpc`.
    pub kernel_name: &'a str,
    /// Other names, as `uname -m` and distributions have them, with what they can mean.
    pub names: &'a [Name<'a>],
    /// The families of layouts.
    pub variants: &'a [Variant<'a>],
}

impl<'a> Arch<'a> {
    /// An architecture by its name, the kernel's name for it, its other names and its variants.
    #[must_use]
    pub const fn new(name: &'a str, kernel_name: &'a str, names: &'a [Name<'a>], variants: &'a [Variant<'a>]) -> Self {
        Self { name, kernel_name, names, variants }
    }

    /// The variant of this name.
    #[must_use]
    pub fn variant(&self, name: &str) -> Option<&'a Variant<'a>> {
        self.variants.iter().find(|variant| variant.name == name)
    }
}

/// Another name of an architecture, and the variants that it can mean.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Name<'a> {
    /// `ppc64le`, as `uname -m` prints it.
    pub name: &'a str,
    /// The variants that it fits, each with what tells it from the others; the text is empty where there is one only.
    pub fits: &'a [(&'a str, &'a str)],
}

impl<'a> Name<'a> {
    /// A name, and the variants that it fits.
    #[must_use]
    pub const fn new(name: &'a str, fits: &'a [(&'a str, &'a str)]) -> Self {
        Self { name, fits }
    }
}

/// A family of layouts of an architecture, chosen by MMU, word size, page size or extension: what all its eras share.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Variant<'a> {
    /// The architecture, as the crate is named.
    pub arch: &'a str,
    /// The name that layouts are looked up by: `ppc-book3s64-4k`.
    pub name: &'a str,
    /// Bits of the word: 32 or 64.
    pub width: u32,
    /// log2 of the smallest page size that its kernels have.
    pub page_shift: u32,
    /// `BITS_PER_LONG`: the bits of a `swp_entry_t`; 32 in 32-bit kernels whose words have 64.
    pub long_bits: u32,
    /// How a word lies in memory.
    pub memory: Memory,
    /// `SWP_PFN_BITS` by configuration, that of the usual one first; see [`PfnBits`].
    pub pfn_bits: &'a [PfnBits<'a>],
    /// The options that take swap types which its kernels can be built with; see [`BuildOption`].
    pub options: &'a [BuildOption],
    /// Why a word is present to the kernel though the hardware gets no page out of it. The first that fits counts.
    pub inaccessible: &'a [Inaccessible<'a>],
    /// Where a present word has its page frame number, by page size and kernel; empty where that depends on what the
    /// variant does not say. See [`Frame`].
    pub frames: &'a [Frame],
    /// The addresses of the kernel's own memory and code, as numbers of `long_bits` bits: a word that looks like one is
    /// hardly a page-table entry. Empty where they look like any other number.
    pub kernel_addresses: &'a [Pattern],
}

impl<'a> Variant<'a> {
    /// A variant of 64-bit or 32-bit words and pages of `1 << page_shift` bytes; lists are empty.
    #[must_use]
    pub const fn new(arch: &'a str, name: &'a str, width: u32, page_shift: u32, memory: Memory) -> Self {
        Self {
            arch,
            name,
            width,
            page_shift,
            long_bits: width,
            memory,
            pfn_bits: &[],
            options: &[],
            inaccessible: &[],
            frames: &[],
            kernel_addresses: &[],
        }
    }

    /// In 32-bit kernels, whatever the words have.
    #[must_use]
    pub const fn of_32_bit_kernels(self) -> Self {
        Self { long_bits: 32, ..self }
    }

    /// With the place of the page frame number in a present word.
    #[must_use]
    pub const fn with_frames(self, frames: &'a [Frame]) -> Self {
        Self { frames, ..self }
    }

    /// With the kernel's own addresses.
    #[must_use]
    pub const fn with_kernel_addresses(self, kernel_addresses: &'a [Pattern]) -> Self {
        Self { kernel_addresses, ..self }
    }

    /// With another name: a variant whose other facts are these.
    #[must_use]
    pub const fn with_name(self, name: &'a str) -> Self {
        Self { name, ..self }
    }

    /// With words that lie otherwise in memory.
    #[must_use]
    pub const fn with_memory(self, memory: Memory) -> Self {
        Self { memory, ..self }
    }

    /// With `SWP_PFN_BITS` by configuration.
    #[must_use]
    pub const fn with_pfn_bits(self, pfn_bits: &'a [PfnBits<'a>]) -> Self {
        Self { pfn_bits, ..self }
    }

    /// With what its kernels can be built with.
    #[must_use]
    pub const fn with_options(self, options: &'a [BuildOption]) -> Self {
        Self { options, ..self }
    }

    /// With why words are present though not to the hardware.
    #[must_use]
    pub const fn with_inaccessible(self, inaccessible: &'a [Inaccessible<'a>]) -> Self {
        Self { inaccessible, ..self }
    }

    /// Whether a kernel of this variant can be built with an option.
    #[must_use]
    pub fn can_have(&self, option: KernelOption, kernel: KernelVersion) -> bool {
        self.options.iter().any(|one| one.option == option && one.kernels.contains(kernel))
    }

    /// `SWP_PFN_BITS` of the usual configuration.
    #[must_use]
    pub fn usual_pfn_bits(&self) -> Option<u32> {
        self.pfn_bits.first().map(|usual| usual.bits)
    }

    /// Where a present word has its page frame number in a kernel with pages of this size, if that is known.
    #[must_use]
    pub fn frame(&self, kernel: KernelVersion, page_shift: u32) -> Option<&'a Frame> {
        self.frames.iter().find(|frame| frame.page_shift == page_shift && frame.kernels.contains(kernel))
    }

    /// Whether a number looks like an address of the kernel's own.
    #[must_use]
    pub fn is_kernel_address(&self, number: u64) -> bool {
        (self.long_bits > 32 || number >> 32 == 0) && self.kernel_addresses.iter().any(|one| one.matches(number))
    }

    /// Why the hardware gets no page out of a word that is present; the caller has asked whether it is.
    #[must_use]
    pub fn inaccessible(&self, kernel: KernelVersion, word: u64) -> Option<&'a Inaccessible<'a>> {
        self.inaccessible.iter().find(|why| why.kernels.contains(kernel) && why.pattern.matches(word))
    }
}

/// How many low bits of an entry's offset hold a page frame number from 6.1 on: `SWP_PFN_BITS`
/// (`include/linux/swapops.h`), which is `MAX_PHYSMEM_BITS - PAGE_SHIFT`. It belongs to a kernel's build, not to a layout.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct PfnBits<'a> {
    /// The number of bits.
    pub bits: u32,
    /// The configuration that has it, in words.
    pub configuration: &'a str,
}

impl<'a> PfnBits<'a> {
    /// So many bits, in kernels of this configuration.
    #[must_use]
    pub const fn new(bits: u32, configuration: &'a str) -> Self {
        Self { bits, configuration }
    }
}

/// An option of the kernel's configuration that takes swap types away from the swap files.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum KernelOption {
    /// `CONFIG_MEMORY_FAILURE`: hwpoison entries.
    MemoryFailure,
    /// `CONFIG_MIGRATION`: migration entries.
    Migration,
    /// `CONFIG_DEVICE_PRIVATE`: entries of device memory.
    DevicePrivate,
    /// `CONFIG_PTE_MARKER`: PTE markers, while they were an option.
    PteMarker,
    /// `CONFIG_USERSWAP`, of openEuler only: pages that userspace keeps.
    Userswap,
}

impl KernelOption {
    /// All of them.
    pub const ALL: &'static [Self] =
        &[Self::MemoryFailure, Self::Migration, Self::DevicePrivate, Self::PteMarker, Self::Userswap];

    /// The name without `CONFIG_`: `MEMORY_FAILURE`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::MemoryFailure => "MEMORY_FAILURE",
            Self::Migration => "MIGRATION",
            Self::DevicePrivate => "DEVICE_PRIVATE",
            Self::PteMarker => "PTE_MARKER",
            Self::Userswap => "USERSWAP",
        }
    }
}

impl core::fmt::Display for KernelOption {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.pad(self.name())
    }
}

/// An option, and the kernels of a variant that can be built with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct BuildOption {
    /// The option.
    pub option: KernelOption,
    /// The kernels.
    pub kernels: KernelRange,
}

impl BuildOption {
    /// An option that the kernels of this range can be built with.
    #[must_use]
    pub const fn new(option: KernelOption, kernels: KernelRange) -> Self {
        Self { option, kernels }
    }

    /// An option that every kernel of the record can be built with.
    #[must_use]
    pub const fn always(option: KernelOption) -> Self {
        Self::new(option, KernelRange::since(KernelVersion::new(0, 0)))
    }
}

/// Why the kernel keeps a page away from the hardware.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Reason {
    /// Nobody may access it: `mprotect(PROT_NONE)`, or NUMA balancing waits for the next access. The word is the same
    /// for both (`pte_protnone`); the VMA tells.
    ProtNone,
    /// The next access shall fault and mark the page young.
    NotYoung,
    /// The entry is being changed, and nobody shall use it meanwhile.
    Invalidated,
}

impl Reason {
    /// The reason in words.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::ProtNone => "PROT_NONE or NUMA hinting",
            Self::NotYoung => "not young: the next access faults",
            Self::Invalidated => "invalidated for an update",
        }
    }
}

/// Why a word is present to the kernel although the hardware gets nothing out of it: a walk of page tables that looks at
/// the hardware's valid bit alone takes it for a hole or, worse, for a swap PTE.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Inaccessible<'a> {
    /// The kernels.
    pub kernels: KernelRange,
    /// The words, among those that are present.
    pub pattern: Pattern,
    /// The reason.
    pub reason: Reason,
    /// The bit of the word that decides.
    pub bit: u32,
    /// The kernel's name for the bit.
    pub symbol: &'a str,
}

impl<'a> Inaccessible<'a> {
    /// The present words under `mask` that are `value` are kept away for a reason, which `bit` gives.
    #[must_use]
    pub const fn new(mask: u64, value: u64, reason: Reason, bit: u32, symbol: &'a str) -> Self {
        let kernels = KernelRange::since(KernelVersion::new(0, 0));
        Self { kernels, pattern: Pattern { mask, value }, reason, bit, symbol }
    }

    /// The same, for these kernels only.
    #[must_use]
    pub const fn in_kernels(self, kernels: KernelRange) -> Self {
        Self { kernels, ..self }
    }

    /// Whether the bit that decides is set, in a word that fits, or clear.
    #[must_use]
    pub const fn is_set(&self) -> bool {
        self.pattern.value >> self.bit & 1 != 0
    }
}

impl core::fmt::Display for Inaccessible<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let set = if self.is_set() { "set" } else { "clear" };
        write!(f, "{} (bit {} {set}, {})", self.reason.text(), self.bit, self.symbol)
    }
}

#[cfg(test)]
mod tests;
