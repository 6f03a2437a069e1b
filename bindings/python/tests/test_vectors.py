"""Every answer of the kernels' headers, and the words of running kernels, through the interface of Python."""

import json
from pathlib import Path

import pytest
import swp_pte

VECTORS = Path(__file__).parents[3] / "tests" / "vectors"
FILES = sorted(VECTORS.glob("*.jsonl"))
CAPTURES = sorted((VECTORS / "captures").glob("*.jsonl"))
MARKERS = ("exclusive", "soft_dirty", "uffd_wp")
#: Kernels whose own predicate loses the bit on the way to its answer (an `int` of 64 bits; mended in 6.16).
UNSEEN = {"alpha"}


def number(value):
    return int(value, 16) if isinstance(value, str) else value


def cases(path):
    with path.open() as lines:
        header = json.loads(next(lines))
        return header, [json.loads(line) for line in lines]


def kind(case):
    return "none" if case["none"] else "present" if case["present"] else "swap"


def test_there_are_vectors():
    assert len(FILES) > 100
    assert len(CAPTURES) == 2


@pytest.mark.parametrize("path", [f for f in FILES if not f.name.endswith(".raw.jsonl")], ids=lambda path: path.name)
def test_encode(path):
    header, all_cases = cases(path)
    kernel = swp_pte.Kernel(header["variant"], header["kernel"])
    encoded = 0
    for case in all_cases:
        offset, word = number(case["offset"]), number(case["pte"])
        try:
            assert kernel.encode(case["type"], offset) == word
        except swp_pte.EncodeError:
            # It would not come back as the entry that it was.
            assert kind(case) != "swap" or kernel.decode(word).offset != offset or kernel.decode(word).type != case["type"]
            continue
        encoded += 1
        entry = kernel.decode(word)
        assert (entry.kind, entry.type, entry.offset, entry.stray) == ("swap", case["type"], offset, 0)
        for marker in MARKERS:
            if case[marker] is not None:
                marked = kernel.encode(case["type"], offset, **{marker: True})
                assert marked == number(case[marker])
                assert getattr(kernel.decode(marked), marker) is True
    assert encoded > len(all_cases) // 4


@pytest.mark.parametrize("path", [f for f in FILES if f.name.endswith(".raw.jsonl")], ids=lambda path: path.name)
def test_raw(path):
    header, all_cases = cases(path)
    kernel = swp_pte.Kernel(header["variant"], header["kernel"])
    unseen = header["variant"] in UNSEEN and kernel.release.series < (6, 16)
    width = header["pte_bits"] // 8
    words = [number(case["raw"]) for case in all_cases]
    columns = kernel.decode_array(b"".join(word.to_bytes(width, "big") for word in words), byteorder="big")
    assert len(columns) == len(words)
    for i, (case, word) in enumerate(zip(all_cases, words)):
        entry = kernel.decode(word)
        assert entry.kind == kind(case)
        assert kernel.layout.kind(word) == kind(case)
        if entry.kind != "swap":
            assert columns.kind[i] == (swp_pte.NONE if entry.kind == "none" else swp_pte.PRESENT)
            assert columns.type[i] == columns.markers[i] == columns.offset[i] == 0
            continue
        assert (entry.type, entry.offset) == (case["type"], number(case["offset"]))
        bits = 0
        for bit, marker in enumerate(MARKERS):
            bits |= bool(getattr(entry, marker)) << bit
            if case[marker] is not None and not (unseen and marker == "exclusive"):
                assert getattr(entry, marker) == case[marker]
        if entry.type > 31 or entry.offset > kernel.layout.max_offset:
            assert columns.kind[i] == swp_pte.BROKEN
        else:
            assert columns.kind[i] == swp_pte.SWAP
            assert (columns.type[i], columns.offset[i], columns.markers[i]) == (entry.type, entry.offset, bits)


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.name)
def test_captures(path):
    """Words of a running kernel, beside what its own pagemap said of the page, and how that came to be."""
    header, all_cases = cases(path)
    kernel = swp_pte.Kernel(header["variant"], header["kernel"])
    order = header["memory_order"]
    # As they lay in the guest's memory.
    memory = b"".join(number(case["pte"]).to_bytes(8, order) for case in all_cases)
    assert kernel.layout.memory_order == order
    columns = kernel.decode_array(memory)
    swapped = 0
    for i, case in enumerate(all_cases):
        entry = kernel.decode(number(case["pte"]))
        swap = case["swapped"] or case["guard"]
        assert entry.kind == ("swap" if swap else "present" if case["present"] else "none"), case
        assert columns.kind[i] == {"none": swp_pte.NONE, "present": swp_pte.PRESENT, "swap": swp_pte.SWAP}[entry.kind]
        if entry.kind == "present":
            assert entry.present_why.startswith("PROT_NONE") == (case["case"] == "prot_none")
        if entry.kind != "swap":
            assert columns.type[i] == columns.markers[i] == columns.offset[i] == 0
            continue
        swapped += 1
        assert (entry.type, entry.offset, entry.stray) == (case["type"], number(case["offset"]), 0), case
        assert entry.in_swap_file and bool(entry.marker_guard) == case["guard"]
        # Those that were forked after they had been paged out are shared.
        assert entry.exclusive == (case["case"] != "forked_after"), case
        if case["who"] == "parent":
            # What the child has of these is its own.
            assert (bool(entry.soft_dirty), bool(entry.uffd_wp)) == (case["soft_dirty"], case["uffd_wp"]), case
        bits = sum(bool(getattr(entry, marker)) << bit for bit, marker in enumerate(MARKERS))
        assert (columns.type[i], columns.offset[i], columns.markers[i]) == (entry.type, entry.offset, bits)
        marked = {marker: True for marker in MARKERS if getattr(entry, marker)}
        assert kernel.encode(entry.type, entry.offset, **marked) == entry.word
    assert swapped > 100
