"""Linux swap page-table entries: the words that a kernel leaves in a page table when a page is on disk.

>>> import swp_pte
>>> swp_pte.decode(0x41040, arch="arm64", kernel="6.12")
Entry(0x41040, arm64: swap, softleaf=swap, type=1, offset=0x41, exclusive=False)

A kernel is a variant of an architecture (`variants()`) and a release, as `uname -r` prints it. Nothing is guessed: a kernel of
which the record does not know which layout it has is a `KernelError`, and what had to be assumed stands in `Kernel.assumed`.
"""

from functools import lru_cache as _lru_cache

from ._native import (
    Column,
    Columns,
    DecodeError,
    Dump,
    DumpError,
    EncodeError,
    Entry,
    Kernel,
    KernelError,
    Layout,
    Process,
    Release,
    SwapFile,
    SwpPteError,
    Walk,
    __version__,
    atlas,
    variants,
    walk_tables,
)

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

#: What `Columns.kind` holds.
NONE, PRESENT, SWAP, BROKEN = 0, 1, 2, 255


@_lru_cache(maxsize=64)
def _kernel(arch, release, config, pfn_bits):
    return Kernel(arch, release, config=dict(config), pfn_bits=pfn_bits)


def _of(arch, kernel, config, pfn_bits):
    return _kernel(arch, kernel, tuple(sorted((config or {}).items())), pfn_bits)


def decode(word, *, arch, kernel, config=None, pfn_bits=None):
    """What a word says. See `Kernel.decode`."""
    return _of(arch, kernel, config, pfn_bits).decode(word)


def encode(type, offset, *, arch, kernel, exclusive=False, soft_dirty=False, uffd_wp=False):
    """The word for an entry. See `Kernel.encode`."""
    found = _of(arch, kernel, None, None)
    return found.encode(type, offset, exclusive=exclusive, soft_dirty=soft_dirty, uffd_wp=uffd_wp)


def decode_array(buffer, *, arch, kernel, byteorder=None):
    """What each word of an array says, as columns. See `Kernel.decode_array`."""
    return _of(arch, kernel, None, None).decode_array(buffer, byteorder=byteorder)
