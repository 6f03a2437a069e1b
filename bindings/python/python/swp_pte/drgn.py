"""Swap entries of a process through drgn: the word at an address, what it says, and which swap file it is in.

>>> from swp_pte.drgn import swap_entries          # doctest: +SKIP
>>> for found in swap_entries(find_task(128)):     # doctest: +SKIP
...     print(found)

drgn has the kernel's types; the layout of its page tables and of its swap entries is here. A page table is read as physical
memory, so that words that are not present are as good as any other.
"""

from collections.abc import Iterator
from typing import NamedTuple, Optional

from drgn import Architecture, FaultError, Object, Program
from drgn.helpers.linux.fs import d_path
from drgn.helpers.linux.mm import follow_phys, virt_to_phys

from . import DumpError, Entry, Kernel, KernelError, walk_tables

__all__ = ["SwapEntry", "kernel_of", "swap_entries", "swap_entry_at", "swap_file_name"]


class SwapEntry(NamedTuple):
    """A word that is neither empty nor present."""

    #: The virtual address.
    address: int
    #: The level of the page table, 1 being the lowest.
    level: int
    #: What the word says.
    entry: Entry
    #: The name of its swap file; None for what is in none, or where the kernel does not have the name.
    swap_file: Optional[str]


def _info(prog: Program) -> dict[str, str]:
    """VMCOREINFO as a dictionary."""
    lines = prog["VMCOREINFO"].string_().decode(errors="replace").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _number(info: dict[str, str], name: str) -> Optional[int]:
    value = info.get(f"NUMBER({name})")
    return None if value is None else int(value, 0)


def _variant(prog: Program) -> tuple[str, int]:
    arch, page_size = prog.platform.arch, prog["PAGE_SIZE"].value_()
    known = {
        Architecture.X86_64: "x86_64",
        Architecture.AARCH64: "arm64",
        Architecture.S390X: "s390",
        Architecture.RISCV64: "riscv-rv64",
        Architecture.PPC64: "ppc-book3s64-64k" if page_size == 65536 else "ppc-book3s64-4k",
    }
    if arch not in known:
        raise KernelError(f"{arch.name} is not known to swp_pte.drgn")
    return known[arch], page_size


def _layout(prog: Program) -> tuple[Kernel, Optional[str]]:
    """The kernel, and the name of its page tables."""
    if "swp_pte" in prog.cache:
        known: tuple[Kernel, Optional[str]] = prog.cache["swp_pte"]
        return known
    variant, page_size = _variant(prog)
    length = prog["swap_info"].type_.length
    release = prog["UTS_RELEASE"].string_().decode()
    kernel = Kernel(variant, release, page_size=page_size, max_swapfiles=length)
    info = _info(prog)
    if variant == "x86_64":
        tables = "x86_64-la57" if _number(info, "pgtable_l5_enabled") else "x86_64"
    elif variant == "arm64":
        tables = f"arm64-{page_size >> 10}k-{_number(info, 'VA_BITS')}"
    elif variant == "riscv-rv64":
        tables = {39: "sv39", 48: "sv48", 57: "sv57"}[int(info.get("NUMBER(VA_BITS)", "0x27"), 0)]
    elif variant.startswith("ppc"):
        tables = f"ppc64-radix-{page_size >> 10}k"
    else:
        tables = None  # s390: each process says how deep its own are
    prog.cache["swp_pte"] = kernel, tables
    return kernel, tables


def kernel_of(prog: Program) -> Kernel:
    """The `swp_pte.Kernel` of a program: its release, its machine, and the length of its `swap_info[]`."""
    return _layout(prog)[0]


def _tree(mm: Object) -> tuple[Kernel, str, int]:
    prog = mm.prog_
    kernel, tables = _layout(prog)
    if tables is None:
        # `_ASCE_TYPE_MASK`: segment, region-third, region-second, region-first.
        asce = mm.context.asce.value_()
        return kernel, ("s390-segment", "s390-region3", "s390-region2", "s390-region1")[asce >> 2 & 3], asce & ~0xFFF
    try:
        root = virt_to_phys(mm.pgd)
    except FaultError:
        # A dump that was cut down need not say where the direct mapping is; its page tables do.
        root = follow_phys(prog["init_mm"].address_of_(), mm.pgd)
    return kernel, tables, root.value_()


def swap_file_name(prog: Program, swap_type: int) -> Optional[str]:
    """The path of a swap file by its type; None if there is none, or if its name is not in the dump."""
    try:
        info = prog["swap_info"][swap_type]
        return d_path(info.swap_file.f_path).decode(errors="replace") if info else None
    except FaultError:
        return None


def _found(mm: Object, first: int, last: Optional[int]) -> Iterator[SwapEntry]:
    prog = mm.prog_
    kernel, tables, root = _tree(mm)
    names: dict[int, Optional[str]] = {}
    walk = walk_tables(tables, root, lambda at, size: prog.read(at, size, physical=True), first=first, last=last)
    for address, level, _, word in walk:
        entry = kernel.decode(word)
        if entry.kind != "swap":
            continue
        name = None
        if entry.in_swap_file and entry.type is not None:
            if entry.type not in names:
                names[entry.type] = swap_file_name(prog, entry.type)
            name = names[entry.type]
        yield SwapEntry(address, level, entry, name)
    if walk.missing:
        raise DumpError("; ".join(walk.missing[:3]))


def swap_entries(task: Object, *, first: int = 0, last: Optional[int] = None) -> Iterator[SwapEntry]:
    """Every swap entry of a task, in the order of addresses, an iterator of `SwapEntry`.

    `task` is a `struct task_struct *`. Raises DumpError at the end if a part of the page tables could not be read, and KernelError
    if the layout is not known.
    """
    mm = task.mm.read_()
    if not mm:
        raise KernelError(f"task {task.pid.value_()} has no memory of its own: a kernel thread, or it has ended")
    return _found(mm, first, last)


def swap_entry_at(mm: Object, address: int) -> Optional[SwapEntry]:
    """The swap entry at a virtual address of a `struct mm_struct *`; None if there is another word, or none."""
    return next(iter(_found(mm, address, address)), None)
