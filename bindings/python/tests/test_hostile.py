"""Bad input: wrong types, wrong sizes, None, garbage, buffers that change hands. Each gives an ordinary exception; a panic is none
(`PanicException` is no `Exception`), and a fault of memory is what `cargo xtask python --sanitize` sees."""

import array
import ctypes
import gzip
import mmap
import random
import signal
import threading
from pathlib import Path

import numpy
import pytest
import swp_pte
from swp_pte import DecodeError, Kernel

DUMPS = Path(__file__).parents[3] / "tests" / "dumps"
X86 = Kernel("x86_64", "6.12")
COLUMNS = X86.decode_array(b"\1\2\3\4\5\6\7\10" * 5)

#: What a caller may have to catch, and nothing else.
ORDINARY = (TypeError, ValueError, OverflowError, IndexError, AttributeError, BufferError, MemoryError)


class Lies:
    """Says that it is a number, a text, a sequence, and fails at each."""

    def __index__(self):
        raise ValueError("no index")

    def __len__(self):
        return -1

    def __getitem__(self, index):
        return self

    def __fspath__(self):
        return None

    def __repr__(self):
        raise ValueError("no repr")


GARBAGE = [
    None,
    True,
    0,
    1,
    -1,
    63,
    64,
    (1 << 63) - 1,
    1 << 63,
    (1 << 64) - 1,
    1 << 64,
    -(1 << 200),
    1.5,
    float("nan"),
    2j,
    "",
    "6.12",
    "x86_64",
    "arm64-4k-48",
    "little",
    "pte",
    "\0",
    "\ud800",
    "\N{SNOWMAN}" * 1000,
    "9" * 100_000,
    "6." * 1000,
    b"",
    b"1234567",
    b"12345678",
    bytearray(16),
    memoryview(b"12345678" * 2)[::2],
    array.array("d", [1.0]),
    array.array("u", "ab"),
    numpy.zeros((3, 3), dtype="u8").T[1:],
    numpy.zeros(3),
    numpy.array(7, dtype="u8"),
    numpy.zeros(0, dtype=">u4"),
    numpy.zeros(2, dtype=[("a", "u8")]),
    COLUMNS,
    COLUMNS.offset,
    [],
    [b"12345678"],
    (1, 2),
    {},
    {"MIGRATION": True},
    {"MIGRATION": None, 3: "x"},
    set(),
    lambda *any: b"",
    lambda *any: 1 / 0,
    len,
    Lies(),
    Lies,
    X86,
    X86.layout,
    swp_pte,
]

CALLS = {
    "Kernel": Kernel,
    "Release": swp_pte.Release,
    "Dump": swp_pte.Dump,
    "walk_tables": swp_pte.walk_tables,
    "decode": swp_pte.decode,
    "encode": swp_pte.encode,
    "decode_array": swp_pte.decode_array,
    "Kernel.decode": X86.decode,
    "Kernel.encode": X86.encode,
    "Kernel.decode_array": X86.decode_array,
    "Layout.kind": X86.layout.kind,
    "Layout.encode": X86.layout.encode,
    "Layout.decode_array": X86.layout.decode_array,
    "Column.__getitem__": COLUMNS.offset.__getitem__,
    "Column.view": COLUMNS.offset.view,
    "Layout.__eq__": X86.layout.__eq__,
    "Column": swp_pte.Column,
    "Entry": swp_pte.Entry,
    "Walk": swp_pte.Walk,
    "variants": swp_pte.variants,
    "atlas": swp_pte.atlas,
}
NAMES = ["arch", "kernel", "config", "pfn_bits", "page_size", "max_swapfiles", "level", "byteorder", "exclusive", "base", "first", "last"]


@pytest.mark.parametrize("name", CALLS)
def test_garbage_for_every_argument(name):
    call, chance = CALLS[name], random.Random(name)
    refused = 0
    # Each value alone, and then any of them together, by place and by name.
    tries = [((value,), {}) for value in GARBAGE]
    for _ in range(2000):
        places = tuple(chance.choice(GARBAGE) for _ in range(chance.randrange(4)))
        names = {key: chance.choice(GARBAGE) for key in chance.sample(NAMES, chance.randrange(4))}
        tries.append((places, names))
    for places, names in tries:
        try:
            call(*places, **names)
        except (*ORDINARY, OSError, ZeroDivisionError) as error:
            refused += 1
            try:
                text = str(error)
            except ValueError:
                continue
            assert len(text) < 5000
    assert refused > len(tries) // 4


@pytest.mark.parametrize("bad", [value for value in GARBAGE if not hasattr(value, "__index__") or value is Lies], ids=lambda value: type(value).__name__)
def test_what_is_no_word(bad):
    with pytest.raises(ORDINARY):
        X86.decode(bad)
    with pytest.raises(ORDINARY):
        X86.encode(0, bad)


@pytest.mark.parametrize("order", ["<", ">", "=", ""])
def test_numbers_have_the_order_of_their_format(order):
    """A dump of s390 through numpy is ">u8": that was read as if it were this machine's."""
    word = X86.encode(3, 0x41, exclusive=True)
    columns = X86.decode_array(numpy.full(3, word, dtype=f"{order}u8"))
    assert list(columns.offset) == [0x41] * 3 and list(columns.type) == [3] * 3
    rv32 = Kernel("riscv-rv32", "6.12")
    columns = rv32.decode_array(numpy.full(3, rv32.encode(3, 0x41), dtype=f"{order}u4"))
    assert list(columns.offset) == [0x41] * 3


def test_a_byteorder_is_stronger_than_a_format():
    words = numpy.full(3, X86.encode(3, 0x41), dtype="<u8")
    assert list(X86.decode_array(words.view(">u8"), byteorder="little").offset) == [0x41] * 3
    assert list(X86.decode_array(words.byteswap(), byteorder="big").offset) == [0x41] * 3


def test_numbers_of_ctypes_and_unaligned_ones():
    word = X86.encode(3, 0x41)
    for make in (ctypes.c_uint64, ctypes.c_ulong, ctypes.c_int64, ctypes.c_uint64.__ctype_be__):
        assert list(X86.decode_array((make * 2)(word, word)).offset) == [0x41] * 2
    raw = b"x" + word.to_bytes(8, "little") * 2
    unaligned = numpy.frombuffer(raw, dtype="<u8", offset=1)
    assert list(X86.decode_array(unaligned).offset) == [0x41] * 2
    assert list(X86.decode_array(memoryview(raw)[1:]).offset) == [0x41] * 2


def test_what_is_wrong_with_a_buffer_is_said():
    for bad, what in [
        (numpy.zeros(3), "items 'd' of 8 bytes|items \"d\" of 8 bytes"),
        (numpy.array(7, dtype="u8"), "a single number"),
        (None, "NoneType is no buffer"),
    ]:
        with pytest.raises(TypeError, match=what):
            X86.decode_array(bad)


def test_columns_of_columns():
    """The words may be a column of this package."""
    again = X86.decode_array(COLUMNS.offset)
    assert len(again) == len(COLUMNS)
    assert len(X86.decode_array(X86.decode_array(bytes(64)).kind)) == 1
    for column in (again.kind, again.offset):
        assert bytes(column) == bytes(memoryview(column)) == numpy.asarray(column).tobytes()


def test_a_buffer_that_somebody_else_writes_to_and_resizes():
    words, end = bytearray(8 * 50_000), threading.Event()

    def write():
        at = 0
        while not end.is_set():
            at = (at * 31 + 7) % len(words)
            words[at] = at & 0xFF
            try:
                words.extend(b"12345678")
                del words[-8:]
            except BufferError:
                pass  # it is held

    thread = threading.Thread(target=write)
    thread.start()
    for _ in range(50):
        try:
            assert len(X86.decode_array(words)) >= 50_000
        except DecodeError:
            pass
    end.set()
    thread.join()
    words.extend(b"1")  # nothing holds it any longer


def test_more_words_than_there_is_memory_for():
    try:
        huge = mmap.mmap(-1, 1 << 46, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | getattr(mmap, "MAP_NORESERVE", 0x4000))
    except (OSError, ValueError, OverflowError):
        pytest.skip("no address space for so many words")
    with huge, pytest.raises(MemoryError):
        X86.decode_array(huge)


def tables(address, size):
    """Every entry of every table points at another table."""
    return b"".join((((address + 0x1000 * (i + 1)) & 0xFF_FFFF_F000) | 0x67).to_bytes(8, "little") for i in range(size // 8))


def test_a_reader_may_end_the_walk():
    calls = []

    def read(address, size):
        calls.append(address)
        if len(calls) == 100:
            raise KeyboardInterrupt
        return tables(address, size)

    with pytest.raises(KeyboardInterrupt):
        swp_pte.walk_tables("x86_64", 0, read)
    assert len(calls) == 100


def test_ctrl_c_ends_the_walk():
    # The signal arrives while Python runs `read`, or between two of its calls.
    before = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    try:
        with pytest.raises(KeyboardInterrupt):
            swp_pte.walk_tables("x86_64", 0, tables)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_a_reader_that_walks_itself():
    depth = []

    def read(address, size):
        if len(depth) < 5:
            depth.append(address)
            swp_pte.walk_tables("sv39", address, read)
        return bytes(size)

    assert not swp_pte.walk_tables("x86_64", 0, read).missing


def answers(path):
    """All that a dump says, as far as it goes."""
    dump = swp_pte.Dump(path)
    repr(dump), dump.ranges, dump.vmcoreinfo
    found = 0
    for what in ("notes", "kernel", "processes", "swap_files"):
        try:
            getattr(dump, what)
            found += 1
        except swp_pte.SwpPteError:
            pass
    try:
        processes = [process for process in dump.processes if process.pgd is not None]
    except swp_pte.SwpPteError:
        return found
    for process in processes[:5]:
        try:
            walk = dump.walk(process.pid)
            found += len(dump.kernel.decode_array(walk.word))
        except swp_pte.SwpPteError:
            pass
    return found


@pytest.mark.parametrize("name", ["x86_64", "arm64", "s390"])
def test_dumps_that_are_damaged(name, tmp_path):
    whole = gzip.decompress((DUMPS / f"{name}.elf.gz").read_bytes())
    chance, said = random.Random(name), 0
    path = tmp_path / "dump.elf"
    for turn in range(24):
        damaged = bytearray(whole)
        if turn % 3 == 0:
            del damaged[chance.randrange(len(damaged)) :]
        # The headers of ELF, whose pieces then claim to be of any length, or what the pages hold.
        first, last = (0, 0x400) if turn % 4 == 1 else (0x2000, len(whole))
        for _ in range(chance.randrange(1, 200)):
            at = chance.randrange(first, last)
            if at < len(damaged):
                damaged[at] = chance.randrange(256)
        path.write_bytes(damaged)
        try:
            said += answers(path)
        except swp_pte.SwpPteError:
            pass
    assert said > 0
