"""What the package promises beside its answers: refusals, texts, buffers, pictures."""

import array
import threading

import numpy
import pytest
import swp_pte
from swp_pte import DecodeError, EncodeError, Kernel, KernelError, Release

X86 = Kernel("x86_64", "6.12")


def test_the_exclusive_marker_is_read_and_written():
    word = swp_pte.encode(1, 0x41, arch="arm64", kernel="6.12", exclusive=True)
    entry = swp_pte.decode(word, arch="arm64", kernel="6.12")
    assert entry.exclusive is True
    assert (entry.type, entry.offset, entry.in_swap_file, entry.byte_offset) == (1, 0x41, True, 0x41000)
    assert "exclusive=True" in repr(entry) and "offset=0x41" in repr(entry)


def test_el9_is_no_upstream_kernel():
    """RHEL 9.4 has the markers of 5.19: 0x41004 is swap file 0, exclusive."""
    entry = swp_pte.decode(0x41004, arch="arm64", kernel="5.14.0-427.13.1.el9_4.aarch64")
    assert (entry.type, entry.offset, entry.exclusive) == (0, 0x410, True)


def test_what_is_assumed_is_said():
    assert X86.assumed == []
    assert any("newest" in one for one in Kernel("x86_64", "99.1").assumed)


def test_a_configuration_moves_types():
    stock = Kernel("x86_64", "6.12", config={"CONFIG_DEVICE_PRIVATE": False})
    assert stock.max_swapfiles > X86.max_swapfiles
    assert stock.meanings != X86.meanings and len(stock.meanings) == 32


@pytest.mark.parametrize("text", ["", "6", "six", "6.012", "6.12\0", "9" * 5000, "\N{SNOWMAN}"])
def test_a_text_that_is_no_release(text):
    with pytest.raises(KernelError) as error:
        Release(text)
    assert len(str(error.value)) < 300


@pytest.mark.parametrize(
    "call",
    [
        lambda: Kernel("vax", "6.12"),
        lambda: Kernel("x" * 100_000, "6.12"),
        lambda: Kernel("x86_64", "2.4"),
        lambda: Kernel("x86_64", "6.12", config={"SMP": True}),
        lambda: Kernel("x86_64", "6.12", pfn_bits=64),
        lambda: Kernel("x86_64", "6.12", page_size=5000),
        lambda: Kernel("x86_64", "6.12", level="pud"),
    ],
)
def test_a_kernel_that_is_not_known(call):
    with pytest.raises(KernelError) as error:
        call()
    assert len(str(error.value)) < 2000


def test_entries_that_do_not_fit():
    with pytest.raises(EncodeError, match="too large"):
        X86.encode(0, 1 << 58)
    with pytest.raises(EncodeError, match="swap type 32"):
        X86.encode(32, 1)
    with pytest.raises(EncodeError, match="no exclusive marker"):
        Kernel("x86_64", "5.10").encode(0, 1, exclusive=True)
    for bad in (-1, 1 << 64, "1", None, 1.5):
        with pytest.raises((OverflowError, TypeError)):
            X86.encode(bad, 1)
        with pytest.raises((OverflowError, TypeError)):
            X86.decode(bad)
    with pytest.raises(DecodeError, match="32 bits"):
        Kernel("riscv-rv32", "6.12").decode(1 << 40)


def test_a_refusal_is_a_value_error():
    assert issubclass(EncodeError, swp_pte.SwpPteError) and issubclass(swp_pte.SwpPteError, ValueError)


def words(count):
    return numpy.arange(count, dtype=numpy.uint64) * numpy.uint64(0x9E37_79B9_7F4A_7C15)


@pytest.mark.parametrize("make", [bytes, bytearray, memoryview, lambda raw: array.array("B", raw)])
def test_any_buffer_of_bytes(make):
    raw = words(1000).astype("<u8").tobytes()
    columns = X86.decode_array(make(raw))
    numbers = X86.decode_array(words(1000))
    for name in ("kind", "type", "markers", "offset"):
        assert numpy.array_equal(getattr(columns, name), getattr(numbers, name))
    swapped = X86.decode_array(words(1000).astype(">u8").tobytes(), byteorder="big")
    assert numpy.array_equal(swapped.offset, columns.offset)


def test_a_column_is_a_read_only_buffer():
    columns = X86.decode_array(words(100))
    offset = numpy.asarray(columns.offset)
    assert offset.dtype == numpy.uint64 and offset.shape == (100,) and not offset.flags.writeable
    assert numpy.asarray(columns.kind).dtype == numpy.uint8
    with pytest.raises(TypeError):
        columns.offset.view()[0] = 1
    assert columns.offset[-1] == offset[99]
    with pytest.raises(IndexError):
        columns.offset[100]
    del columns
    assert offset.sum() >= 0  # the view keeps the column


def test_buffers_that_are_no_arrays_of_words():
    with pytest.raises(DecodeError, match="no whole number"):
        X86.decode_array(b"1234567")
    with pytest.raises(DecodeError, match="one piece"):
        X86.decode_array(words(100)[::2])
    with pytest.raises(DecodeError, match="64"):
        X86.decode_array(numpy.zeros(4, dtype=numpy.uint32))
    with pytest.raises(DecodeError, match="byteorder"):
        X86.decode_array(b"", byteorder="middle")
    for bad in (None, 1, "text", [1, 2], numpy.zeros(4), object()):
        with pytest.raises(TypeError):
            X86.decode_array(bad)
    assert len(X86.decode_array(b"")) == 0


def test_other_threads_go_on_meanwhile():
    ticks, running = [0], [True]

    def tick():
        while running[0]:
            ticks[0] += 1

    thread = threading.Thread(target=tick)
    thread.start()
    data = words(4_000_000)
    before = ticks[0]
    X86.decode_array(data)
    after = ticks[0]
    running[0] = False
    thread.join()
    assert after > before


def test_the_atlas():
    layouts = swp_pte.atlas()
    assert len(layouts) == len(set(layouts)) > 100
    assert {layout.variant for layout in layouts} >= set(swp_pte.variants())
    for layout in layouts:
        assert sum(high - low + 1 for _, high, low in layout.fields) == layout.width
        assert layout._repr_svg_().lstrip().startswith("<svg")
        assert layout.variant in repr(layout)
    newest = X86.layout
    assert newest in layouts and newest.markers["exclusive"] is not None


def test_a_release_is_taken_apart():
    release = Release("5.14.0-427.13.1.el9_4.x86_64")
    assert (release.series, release.stable, release.build) == ((5, 14), 0, "427.13.1")
    assert release.vendor is not None and release.vendor in repr(release)


def test_what_the_benchmark_compares_is_the_same():
    import importlib.util
    from pathlib import Path

    place = Path(__file__).parents[1] / "bench.py"
    spec = importlib.util.spec_from_file_location("bench", place)
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    bench.check(X86, bench.some(10_000))
