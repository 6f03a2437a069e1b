from collections.abc import Callable, Iterator, Mapping
from os import PathLike
from typing import Literal, final

from typing_extensions import Buffer, Self

__all__ = [
    "BROKEN",
    "Column",
    "Columns",
    "DecodeError",
    "Dump",
    "DumpError",
    "EncodeError",
    "Entry",
    "Kernel",
    "KernelError",
    "Layout",
    "NONE",
    "PRESENT",
    "Process",
    "Release",
    "SWAP",
    "SwapFile",
    "SwpPteError",
    "Walk",
    "__version__",
    "atlas",
    "decode",
    "decode_array",
    "encode",
    "variants",
    "walk_tables",
]

__version__: str
NONE: Literal[0]
PRESENT: Literal[1]
SWAP: Literal[2]
BROKEN: Literal[255]

class SwpPteError(ValueError):
    """Any refusal of this package."""

class KernelError(SwpPteError):
    """No layout is known: an unknown variant, a text that is no release, or a kernel of which the record does not say which
    layout it has."""

class EncodeError(SwpPteError):
    """An entry that the layout cannot hold; the message has field, value and limit."""

class DumpError(SwpPteError):
    """A file that is no dump, memory that is not in it, or what its kernel does not say."""

class DecodeError(SwpPteError):
    """A number that is no word of the layout, or a buffer that is no array of words."""

@final
class Release:
    """A kernel's release, taken apart: `uname -r`, a `Linux version` line, `git describe`.

    Raises KernelError for a text that is none.
    """

    def __new__(cls, text: str) -> Self: ...
    @property
    def text(self) -> str:
        """The text that it was made of."""
    @property
    def series(self) -> tuple[int, int]:
        """The upstream release that it began as: major and minor."""
    @property
    def stable(self) -> int | None:
        """The third number; None if it was not given."""
    @property
    def candidate(self) -> int | None:
        """The number of a release candidate."""
    @property
    def commits(self) -> int | None:
        """Commits behind the tag, as `git describe` counts them."""
    @property
    def build(self) -> str | None:
        """The vendor's build."""
    @property
    def vendor(self) -> str | None:
        """Whose kernel it is; None for upstream's own."""

@final
class Entry:
    """What a word says under a layout and a kernel's numbering of swap types. Every number is exact."""

    @property
    def word(self) -> int:
        """The word itself."""
    @property
    def variant(self) -> str:
        """The name of the layout's variant."""
    @property
    def kind(self) -> Literal["none", "present", "swap"]:
        """The kernel's predicates: `pte_none()`, `pte_present()`, or neither."""
    @property
    def type(self) -> int | None:
        """The swap type that the kernel's decoder reads; None if the word is no swap PTE."""
    @property
    def offset(self) -> int | None:
        """The swap offset, in pages; None if the word is no swap PTE."""
    @property
    def byte_offset(self) -> int | None:
        """Where the page begins in its swap file, in bytes; None for what is in no swap file."""
    @property
    def in_swap_file(self) -> bool:
        """True for a page in a swap file, False for every other thing."""
    @property
    def exclusive(self) -> bool | None:
        """The exclusive marker, `pte_swp_exclusive()`; None where the layout does not have it."""
    @property
    def soft_dirty(self) -> bool | None:
        """The soft-dirty marker, `pte_swp_soft_dirty()`; None where the layout does not have it."""
    @property
    def uffd_wp(self) -> bool | None:
        """The uffd-wp marker, `pte_swp_uffd_wp()`; None where the layout does not have it."""
    @property
    def stray(self) -> int:
        """The bits that no encoder leaves so; 0 for a word that a kernel wrote."""
    @property
    def softleaf(self) -> str | None:
        """What the entry is: "swap", "migration-read", "hwpoison", "marker" …; "unnamed" where several are possible."""
    @property
    def candidates(self) -> list[str]:
        """What an "unnamed" entry can be; empty otherwise."""
    @property
    def pfn(self) -> int | None:
        """The page frame number of a present word, or of migration, device and hwpoison entries; None where there is none, or
        where it is not known for this architecture."""
    @property
    def young(self) -> bool | None:
        """Of a migration entry, whether the page was young, where its offset has room for that; None for anything else."""
    @property
    def dirty(self) -> bool | None:
        """Of a migration entry, whether the page was dirty, likewise."""
    @property
    def marker_uffd_wp(self) -> bool | None:
        """Of a PTE marker (`PTE_MARKER_UFFD_WP`); None for anything else."""
    @property
    def marker_poisoned(self) -> bool | None:
        """Of a PTE marker (`PTE_MARKER_POISONED`); None for anything else."""
    @property
    def marker_guard(self) -> bool | None:
        """Of a PTE marker (`PTE_MARKER_GUARD`); None for anything else."""
    @property
    def present_why(self) -> str | None:
        """Why a present word is no mapping to the hardware; None if it is one."""

@final
class Column(Buffer):
    """A column of numbers, read-only, with the buffer protocol: `numpy.asarray(column)` copies nothing."""

    def __len__(self) -> int: ...
    def __getitem__(self, index: int, /) -> int: ...
    def __iter__(self) -> Iterator[int]: ...
    def __buffer__(self, flags: int, /) -> memoryview: ...
    def view(self) -> memoryview:
        """The numbers without a copy: format B or Q."""

@final
class Columns:
    """What an array of words says, a column each."""

    @property
    def kind(self) -> Column:
        """NONE, PRESENT, SWAP, or BROKEN for a word that reads as swap and holds what no encoder writes. uint8."""
    @property
    def type(self) -> Column:
        """Swap types; 0 where the word holds no entry. uint8."""
    @property
    def markers(self) -> Column:
        """Markers that are set: 1 exclusive, 2 soft-dirty, 4 uffd-wp; 0 where the word holds no entry. uint8."""
    @property
    def offset(self) -> Column:
        """Swap offsets in pages; 0 where the word holds no entry. uint64."""
    def __len__(self) -> int: ...

@final
class Layout:
    """A layout of the record: the bits of a variant in a range of kernels. In a notebook it is a picture."""

    @property
    def variant(self) -> str:
        """The name of the variant, which `arch` takes."""
    @property
    def level(self) -> str:
        """The level of the page tables whose entries have it: "pte", or another where those differ."""
    @property
    def kernels(self) -> str:
        """The kernels that have it, as text."""
    @property
    def first_kernel(self) -> tuple[int, int]:
        """The first kernel that has it: major and minor."""
    @property
    def last_kernel(self) -> tuple[int, int] | None:
        """The last kernel that has it; None where that is not known."""
    @property
    def grade(self) -> str:
        """How it is known: "measured" (its compiled headers were asked) or "read"."""
    @property
    def source(self) -> str:
        """The kernel's header, the symbols there, and the commit."""
    @property
    def width(self) -> int:
        """Bits of a word: 32 or 64."""
    @property
    def page_shift(self) -> int:
        """log2 of the smallest page size, in bytes."""
    @property
    def memory_order(self) -> str:
        """How a word lies in memory: "little", "big", "big-low-word-first"."""
    @property
    def max_offset(self) -> int:
        """The largest swap offset that the encoder takes, in pages."""
    @property
    def markers(self) -> dict[str, int | None]:
        """The bit of each marker; None where the layout does not have it."""
    @property
    def fields(self) -> list[tuple[str, int, int]]:
        """What the bits are, highest first: name, highest bit, lowest bit."""
    def kind(self, word: int) -> Literal["none", "present", "swap"]:
        """The kernel's predicates for a word. Raises DecodeError for a number that is wider than the layout's words."""
    def encode(
        self, swp_type: int, offset: int, *, exclusive: bool = False, soft_dirty: bool = False, uffd_wp: bool = False
    ) -> int:
        """As `Kernel.encode`."""
    def decode_array(
        self, buffer: Buffer, *, byteorder: Literal["little", "big", "native"] | None = None
    ) -> Columns:
        """As `Kernel.decode_array`."""
    def _repr_svg_(self) -> str:
        """The picture, for notebooks."""

@final
class Kernel:
    """What a variant has in a kernel's release.

    `config` says how it was built, as far as that moves swap types ({"DEVICE_PRIVATE": False}); `pfn_bits` is `SWP_PFN_BITS`;
    `page_size` is in bytes; `max_swapfiles` is the length of its `swap_info[]`; `level` is "pte" or "pmd". Raises KernelError.
    """

    def __new__(
        cls,
        arch: str,
        release: str,
        *,
        config: Mapping[str, bool] | None = None,
        pfn_bits: int | None = None,
        page_size: int | None = None,
        max_swapfiles: int | None = None,
        level: Literal["pte", "pmd"] = "pte",
    ) -> Self: ...
    @property
    def layout(self) -> Layout:
        """The layout of its swap PTEs."""
    @property
    def release(self) -> Release:
        """Its release, taken apart."""
    @property
    def assumed(self) -> list[str]:
        """What had to be assumed, a sentence each; empty where nothing was."""
    @property
    def bits_grade(self) -> str:
        """How the bits are known: "measured", "captured", "read", "changelog"."""
    @property
    def bits_source(self) -> str:
        """Where that stands."""
    @property
    def types_grade(self) -> str:
        """How the numbering of swap types is known, likewise."""
    @property
    def types_source(self) -> str:
        """Where that stands."""
    @property
    def max_swapfiles(self) -> int:
        """How many swap files it can have, `MAX_SWAPFILES`."""
    @property
    def meanings(self) -> list[str]:
        """What each of the 32 swap types is."""
    def decode(self, word: int) -> Entry:
        """What a word says. Raises DecodeError for a number that is wider than the layout's words."""
    def encode(
        self, swp_type: int, offset: int, *, exclusive: bool = False, soft_dirty: bool = False, uffd_wp: bool = False
    ) -> int:
        """The word for an entry; `offset` is in pages. Raises EncodeError with field, value and limit."""
    def decode_array(
        self, buffer: Buffer, *, byteorder: Literal["little", "big", "native"] | None = None
    ) -> Columns:
        """What each word of a buffer says. Bytes are words as they lie in memory, in the order of the layout's machine; numbers of
        32 or 64 bits have the order that their format says (numpy's ">u8"), this machine's where it says none. `byteorder` is
        stronger than either. The interpreter goes on meanwhile: who writes to the buffer gets answers to some of both words.
        Raises DecodeError, TypeError for what holds no integers, MemoryError."""

@final
class Walk:
    """Every entry of page tables that is not empty, in the order of addresses, a column each. A row is a tuple: virtual
    address, level (1 is the lowest), physical address of its table, word."""

    @property
    def address(self) -> Column:
        """Virtual addresses. uint64."""
    @property
    def level(self) -> Column:
        """Levels of the page tables, 1 being the lowest. uint8."""
    @property
    def table(self) -> Column:
        """Physical addresses of the tables that the words stand in. uint64."""
    @property
    def word(self) -> Column:
        """The words. uint64."""
    @property
    def missing(self) -> list[str]:
        """What could not be read, a sentence each, at most 1000."""
    def __len__(self) -> int: ...
    def __getitem__(self, index: int, /) -> tuple[int, int, int, int]: ...
    def __iter__(self) -> Iterator[tuple[int, int, int, int]]: ...

@final
class Process:
    """A process of a dump."""

    @property
    def pid(self) -> int:
        """Its process ID, as the first namespace has it."""
    @property
    def comm(self) -> str | None:
        """Its name, as `ps` has it; None if it is not in the dump."""
    @property
    def pgd(self) -> int | None:
        """The physical address of its highest page table; None if it has none, or where it is not known."""
    @property
    def kernel_thread(self) -> bool:
        """Whether it is a thread of the kernel, which has no page tables of its own."""

@final
class SwapFile:
    """A swap file of a dump."""

    @property
    def type(self) -> int:
        """The swap type of its entries."""
    @property
    def path(self) -> str | None:
        """Its path; None if that is not in the dump."""
    @property
    def max(self) -> int:
        """Pages that entries can name, the header's among them."""
    @property
    def pages(self) -> int | None:
        """Pages that can be used; None if it is not known."""
    @property
    def prio(self) -> int | None:
        """Its priority; None if it is not known."""

@final
class Dump:
    """A memory dump: ELF (vmcore, qemu), kdump-compressed or flattened, LiME, raw. No debug information is needed.

    `base` is the physical address of the first byte of a raw one. Raises DumpError, which says what is missing.
    """

    def __new__(cls, path: str | PathLike[str], *, base: int | None = None) -> Self: ...
    @property
    def ranges(self) -> list[tuple[int, int]]:
        """Physical memory that it describes: first address, and the one after the last."""
    @property
    def vmcoreinfo(self) -> bytes | None:
        """The text of VMCOREINFO, if the dump has it as a note or in its header."""
    @property
    def notes(self) -> list[str]:
        """What is strange about it, a sentence each."""
    @property
    def kernel(self) -> Kernel:
        """Its kernel: release, machine and `swap_info[]` are those of the dump."""
    @property
    def processes(self) -> list[Process]:
        """Its processes, kernel threads among them."""
    @property
    def swap_files(self) -> list[SwapFile]:
        """Its swap files."""
    def read(self, address: int, size: int) -> bytes:
        """Physical memory. Raises DumpError for what is not there."""
    def walk(self, pid: int, *, first: int = 0, last: int | None = None) -> Walk:
        """The page tables of a process, from one virtual address to another."""

def walk_tables(
    geometry: str, root: int, read: Callable[[int, int], bytes], *, first: int = 0, last: int | None = None
) -> Walk:
    """Page tables by their name ("x86_64", "arm64-4k-48", "sv39", …) below the physical address of the highest one, in memory that
    `read(physical address, size)` gives. An exception of `read` is one of `missing`; what is no `Exception`, as
    KeyboardInterrupt, ends the walk. Raises DumpError for an unknown name, MemoryError."""

def atlas() -> list[Layout]:
    """Every layout of the record, oldest first within a variant; those of higher levels last."""

def variants() -> list[str]:
    """The names of all variants, which `arch` takes."""

def decode(
    word: int, *, arch: str, kernel: str, config: Mapping[str, bool] | None = None, pfn_bits: int | None = None
) -> Entry:
    """What a word says. See `Kernel.decode`."""
def encode(
    type: int,
    offset: int,
    *,
    arch: str,
    kernel: str,
    exclusive: bool = False,
    soft_dirty: bool = False,
    uffd_wp: bool = False,
) -> int:
    """The word for an entry. See `Kernel.encode`."""
def decode_array(
    buffer: Buffer, *, arch: str, kernel: str, byteorder: Literal["little", "big", "native"] | None = None
) -> Columns:
    """What each word of an array says, as columns. See `Kernel.decode_array`."""
