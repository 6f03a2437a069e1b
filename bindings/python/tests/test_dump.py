"""Three dumps of real machines, with what these said themselves: the words of page tables, through the interface of Python."""

import json
from pathlib import Path

import pytest
import swp_pte

DUMPS = Path(__file__).parents[3] / "tests" / "dumps"
TRUTHS = sorted(DUMPS.glob("*.truth.json"))


@pytest.fixture(params=TRUTHS, ids=lambda path: path.name.split(".")[0])
def machine(request, tmp_path):
    import gzip

    truth = json.loads(request.param.read_text())
    path = tmp_path / "dump.elf"
    path.write_bytes(gzip.decompress(request.param.with_name(request.param.name.replace("truth.json", "elf.gz")).read_bytes()))
    return swp_pte.Dump(path), truth


def test_there_are_three_dumps():
    assert len(TRUTHS) == 3


def check(rows, walk, kernel):
    """Every address of the truth: its word, and what the guest said of it."""
    words = {address: word for address, level, _, word in walk if level == 1}
    seen = 0
    for row in rows:
        word = words.get(int(row["va"], 0))
        seen += 1
        if word is None:
            # The walk hands out what is not empty.
            assert not row["swapped"] and not row["present"] and row["word"] in (None, "0x0", "0x400"), row
            continue
        if row["word"] is not None:
            assert word == int(row["word"], 0), row
        entry = kernel.decode(word)
        if row["swapped"] is not None and entry.softleaf not in ("hwpoison", "marker"):
            assert row["swapped"] == (entry.kind == "swap"), row
        if row["present"] is not None:
            assert row["present"] == (entry.kind == "present"), row
        if entry.in_swap_file:
            for key in ("type", "offset", "exclusive", "uffd_wp"):
                if row[key] is not None:
                    value = int(row[key], 0) if isinstance(row[key], str) else row[key]
                    assert (getattr(entry, key) or 0) == value, (key, row)
    return seen


def test_every_address_of_a_process(machine):
    dump, truth = machine
    process = next(process for process in dump.processes if process.pid == truth["pid"])
    assert process.pgd == int(truth["pgd_phys"], 0)
    assert dump.kernel.layout.variant == truth["variant"]
    assert dump.kernel.release.text == truth["release"]
    walk = dump.walk(truth["pid"])
    assert not walk.missing
    assert check(truth["rows"], walk, dump.kernel) == len(truth["rows"]) == 260
    assert {file.type for file in dump.swap_files} == {0, 1}


def test_the_same_through_a_reader_of_memory(machine):
    dump, truth = machine
    tables = {"x86_64": "x86_64", "arm64": "arm64-4k-48", "s390": "s390-region2"}[truth["variant"]]
    walk = swp_pte.walk_tables(tables, int(truth["pgd_phys"], 0), dump.read)
    assert check(truth["rows"], walk, dump.kernel) == 260


def test_arrays_of_words_of_a_walk(machine):
    dump, truth = machine
    walk = dump.walk(truth["pid"])
    columns = dump.kernel.decode_array(walk.word)
    swaps = sum(kind == swp_pte.SWAP for kind in columns.kind)
    assert swaps == sum(dump.kernel.decode(word).kind == "swap" for word in walk.word) > 100


def test_what_is_not_there(machine, tmp_path):
    dump, _ = machine
    with pytest.raises(swp_pte.DumpError, match="no process 99999"):
        dump.walk(99999)
    with pytest.raises(swp_pte.DumpError, match="not in the dump"):
        dump.read(1 << 60, 8)
    with pytest.raises(swp_pte.DumpError, match="at once"):
        dump.read(0, 1 << 40)
    with pytest.raises(swp_pte.DumpError):
        swp_pte.Dump(tmp_path / "nothing")
    with pytest.raises(swp_pte.DumpError):
        swp_pte.Dump(tmp_path)
    (tmp_path / "text").write_text("no dump at all\n" * 100)
    with pytest.raises(swp_pte.SwpPteError):
        swp_pte.Dump(tmp_path / "text").processes
    with pytest.raises(swp_pte.DumpError, match="no page tables are called"):
        swp_pte.walk_tables("vax", 0, dump.read)

    def broken(address, size):
        raise RuntimeError("the reader broke")

    assert "the reader broke" in swp_pte.walk_tables("x86_64", 0, broken).missing[0]
    for bad in (lambda address, size: b"", lambda address, size: None, None):
        assert swp_pte.walk_tables("x86_64", 0, bad).missing


def test_a_walk_is_iterated_as_it_is_indexed(machine):
    dump, truth = machine
    walk = dump.walk(truth["pid"])
    assert list(walk) == [walk[i] for i in range(len(walk))]
    assert list(walk.word) == [walk.word[i] for i in range(len(walk))]
