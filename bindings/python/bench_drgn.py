"""Every page on swap of one process, rows a second: drgn by hand, drgn with swp_pte, swp_pte alone, and the program.

    target/python/bin/python bindings/python/bench_drgn.py VMCORE VMLINUX PID [PROGRAM]

All of them read the same dump in one run, each in a process of its own; VMLINUX is the kernel's, with debug information.
`cargo xtask live --arch x86_64 --pages 10000000 --keep DIR` makes such a dump. Of x86_64 with four levels.
"""

import os
import struct
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

# How many addresses are looked up one by one.
ONE_BY_ONE = 100_000
FRAME = 0x000F_FFFF_FFFF_F000


def opened(vmcore, vmlinux):
    import drgn

    program = drgn.Program()
    program.set_core_dump(vmcore)
    program.load_debug_info([vmlinux])
    return program


def task_of(program, pid):
    from drgn.helpers.linux.pid import find_task

    return find_task(program, pid)


def entries_by_hand(program, task):
    """What is written by hand today: a table is a read, its words come out of struct; kernels from 5.19 on."""
    from drgn.helpers.linux.mm import virt_to_phys

    def below(table, shift, base):
        words = struct.unpack("<512Q", program.read(table, 4096, physical=True))
        for index, word in enumerate(words):
            if word == 0:
                continue
            address = base | index << shift
            if not word & 0x101:
                yield address, word >> 59, (~word & (1 << 59) - 1) >> 9, word >> 3 & 1, word >> 1 & 1, word >> 2 & 1
            elif shift > 12 and not word & 0x80:
                yield from below(word & FRAME, shift - 9, address)

    return below(virt_to_phys(task.mm.pgd).value_(), 39, 0)


def by_hand(vmcore, vmlinux, pid):
    program = opened(vmcore, vmlinux)
    entries = entries_by_hand(program, task_of(program, pid))
    return lambda: sum(1 for _ in entries)


def one_by_one(vmcore, vmlinux, pid):
    """An address at a time, as it is asked where only some are wanted."""
    program = opened(vmcore, vmlinux)
    task = task_of(program, pid)
    addresses = [entry[0] for entry, _ in zip(entries_by_hand(program, task), range(ONE_BY_ONE))]

    def word(address):
        at, physical = task.mm.pgd.value_(), False
        for shift in (39, 30, 21, 12):
            entry = program.read_u64(at + (address >> shift & 0x1FF) * 8, physical)
            if shift == 12 or not entry & 1 or entry & 0x80:
                return entry
            at, physical = entry & FRAME, True

    return lambda: sum(1 for address in addresses if word(address))


def with_package(vmcore, vmlinux, pid):
    from swp_pte.drgn import swap_entries

    program = opened(vmcore, vmlinux)
    entries = swap_entries(task_of(program, pid))
    return lambda: sum(1 for _ in entries)


def package_alone(vmcore, _, pid):
    """Columns of every entry, decoded."""
    import numpy
    import swp_pte

    dump = swp_pte.Dump(vmcore)

    def walk():
        words = dump.walk(pid).word
        kinds = numpy.asarray(dump.kernel.decode_array(words).kind)
        return int((kinds == 2).sum())

    return walk


WAYS = {
    "drgn by hand, a table at a time": by_hand,
    "drgn by hand, an address at a time": one_by_one,
    "drgn with swp_pte.drgn.swap_entries": with_package,
    "swp_pte.Dump, columns": package_alone,
}


def child(what):
    """Runs it in a process of its own; seconds of all of it, and its peak of memory in MiB."""
    started = time.perf_counter()
    pid = os.fork()
    if pid == 0:
        try:
            what()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status, usage = os.wait4(pid, 0)
    if status:
        sys.exit("it failed")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def measured(way, arguments):
    """Rows, seconds of the walk, seconds of all of it, memory."""
    with tempfile.TemporaryFile() as said:

        def what():
            walk = way(*arguments)
            started = time.perf_counter()
            rows = walk()
            os.pwrite(said.fileno(), struct.pack("<Qd", rows, time.perf_counter() - started), 0)

        seconds, memory = child(what)
        rows, walk = struct.unpack("<Qd", os.pread(said.fileno(), 16, 0))
    return rows, walk, seconds, memory


def main():
    vmcore, vmlinux, pid = sys.argv[1], sys.argv[2], int(sys.argv[3])
    program = sys.argv[4] if len(sys.argv) > 4 else "target/release/swp-pte"
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; {Path(vmcore).stat().st_size >> 20} MiB of dump")
    print(f"{'':36} {'rows':>9} {'walk, s':>8} {'all, s':>7} {'rows/s':>9} {'MiB':>6}")
    counts = Counter()
    for name, way in WAYS.items():
        rows, walk, seconds, memory = measured(way, (vmcore, vmlinux, pid))
        print(f"{name:36} {rows:9} {walk:8.2f} {seconds:7.2f} {rows / walk:9.0f} {memory:6.0f}", flush=True)
        if way is not one_by_one:
            counts[rows] += 1
    assert len(counts) == 1, f"they do not find the same: {counts}"
    (rows,) = counts
    with tempfile.TemporaryDirectory() as folder:
        parquet = os.path.join(folder, "rows.parquet")
        for options in [], ["--json"], ["--csv"], ["--parquet", parquet]:

            def what(options=options):
                null = os.open(os.devnull, os.O_WRONLY)
                os.dup2(null, 1)
                os.dup2(null, 2)
                os.execv(program, [program, "walk", vmcore, "--pid", str(pid), *options])

            seconds, memory = child(what)
            name = f"swp-pte walk {options[0] if options else ''}"
            print(f"{name:36} {rows:9} {'':8} {seconds:7.2f} {rows / seconds:9.0f} {memory:6.0f}", flush=True)
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
