"""Every swapped page of a process, with drgn.

    drgn -c VMCORE -s VMLINUX swap_entries.py PID
"""

import sys
from collections import Counter

from drgn.helpers.linux.list import list_for_each_entry
from swp_pte.drgn import kernel_of, swap_entries

pid = int(sys.argv[1])
# The ring of processes, which a dump that was cut down has as well; drgn has `prog` in its scripts.
ring = list_for_each_entry("struct task_struct", prog["init_task"].tasks.address_of_(), "tasks")  # noqa: F821
task = next((task for task in ring if task.pid == pid), None)
if task is None:
    sys.exit(f"no process {pid}")

print(kernel_of(prog))  # noqa: F821
counts = Counter()
for found in swap_entries(task):
    entry = found.entry
    where = f"{found.swap_file or entry.type} {entry.offset:#x}" if entry.in_swap_file else f"pfn {entry.pfn or 0:#x}"
    marks = [name for name in ("exclusive", "soft_dirty", "uffd_wp") if getattr(entry, name)]
    print(f"{found.address:016x} {entry.softleaf:20} {where:32} {' '.join(marks)}")
    counts[entry.softleaf, bool(entry.exclusive)] += 1
for (softleaf, exclusive), count in sorted(counts.items()):
    print(f"{count:8} {softleaf}{', exclusive' if exclusive else ''}")
