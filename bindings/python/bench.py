"""Ten million words to columns: this package, the same loop in Rust, numpy by hand, and Python by hand, in one run.

`cargo xtask python --bench` builds the package optimized and starts this.
"""

import subprocess
import time

import numpy
import swp_pte

WORDS = 10_000_000
#: Of these a twentieth is enough for a loop in Python.
PART = 20


def fastest(what, runs):
    def once():
        started = time.perf_counter()
        what()
        return time.perf_counter() - started

    return min(once() for _ in range(runs))


def some(count):
    """As many words, half of them entries, as the example `columns` of the atlas makes them."""
    numbers = numpy.arange(count, dtype=numpy.uint64)
    entries = numbers % 20 << numpy.uint64(59) | (~numbers << numpy.uint64(9)) & numpy.uint64((1 << 59) - 1)
    return numpy.where(numbers % 2 == 0, entries, numbers << numpy.uint64(12) | numpy.uint64(0x67))


def by_numpy(words):
    """What is written by hand for x86_64 from 5.19 on, without a look at what else a word can be."""
    present = words & numpy.uint64(0x101) != 0
    kind = numpy.where(words == 0, 0, numpy.where(present, 1, 2)).astype(numpy.uint8)
    swap = kind == 2
    type_ = numpy.where(swap, words >> numpy.uint64(59), 0).astype(numpy.uint8)
    offset = numpy.where(swap, (~words << numpy.uint64(5)) >> numpy.uint64(14), 0)
    markers = numpy.where(
        swap,
        (words >> numpy.uint64(3) & 1) | (words >> numpy.uint64(1) & 1) << 1 | (words >> numpy.uint64(2) & 1) << 2,
        0,
    ).astype(numpy.uint8)
    return kind, type_, markers, offset


def by_numpy_alone(words):
    """The same for who wants the swap entries alone, and not where in the array they are."""
    swap = words[(words != 0) & (words & numpy.uint64(0x101) == 0)]
    return swap >> numpy.uint64(59), (~swap << numpy.uint64(5)) >> numpy.uint64(14), swap >> numpy.uint64(3) & numpy.uint64(1)


def by_python(words):
    """What is written by hand where words come one at a time."""
    rows = []
    for word in words:
        if word == 0 or word & 0x101:
            continue
        rows.append((word >> 59, (~word & (1 << 59) - 1) >> 9, word >> 3 & 1))
    return rows


def check(kernel, words):
    """Every way says the same of each word."""
    columns = kernel.decode_array(words)
    kind, type_, markers, offset = (numpy.asarray(one) for one in (columns.kind, columns.type, columns.markers, columns.offset))
    for ours, hand in zip((kind, type_, markers, offset), by_numpy(words)):
        assert numpy.array_equal(ours, hand)
    swap = kind == swp_pte.SWAP
    assert 0 < swap.sum() < len(words)
    rows = type_[swap], offset[swap], markers[swap] & 1
    for ours, hand in zip(rows, by_numpy_alone(words)):
        assert numpy.array_equal(ours, hand)
    part = words[: len(words) // PART]
    assert by_python(part.tolist()) == list(zip(*(row[: swap[: len(part)].sum()].tolist() for row in rows)))


def main():
    kernel = swp_pte.Kernel("x86_64", "6.12")
    words = some(WORDS)
    check(kernel, words)
    loop = ["cargo", "run", "--quiet", "--release", "--package", "swp-pte-atlas", "--example", "columns"]
    rust = float(subprocess.run(loop, check=True, capture_output=True, text=True).stdout)
    package = fastest(lambda: kernel.decode_array(words), 9)
    vector = fastest(lambda: by_numpy(words), 3)
    alone = fastest(lambda: by_numpy_alone(words), 3)
    part = words[: WORDS // PART].tolist()
    python = fastest(lambda: by_python(part), 3) * PART
    print(f"{'':24} {'seconds':>9} {'ns a word':>10}")
    for name, seconds in [
        ("the loop in Rust", rust),
        ("swp_pte.decode_array", package),
        ("numpy by hand", vector),
        ("numpy, the swap entries", alone),
        ("Python by hand (1/20)", python),
    ]:
        print(f"{name:24} {seconds:9.4f} {seconds * 1e9 / WORDS:10.2f}")
    print(f"the package has {rust / package:.0%} of the loop's speed")


if __name__ == "__main__":
    main()
