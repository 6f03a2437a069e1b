"""The types and texts of `__init__.pyi`: what the module really has, and enough for a checked program."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
import swp_pte

STUB = Path(swp_pte.__file__).with_name("__init__.pyi")


def texts():
    for node in ast.parse(STUB.read_text()).body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            yield node.name, ast.get_docstring(node)
        for member in node.body if isinstance(node, ast.ClassDef) else []:
            if isinstance(member, ast.FunctionDef) and not member.name.startswith("__"):
                yield f"{node.name}.{member.name}", ast.get_docstring(member)


@pytest.mark.parametrize("name, text", list(texts()), ids=lambda value: value if value and " " not in value else "")
def test_help_says_what_the_stub_says(name, text):
    found = swp_pte
    for part in name.split("."):
        found = getattr(found, part)
    assert text, f"{name} has no text"
    assert " ".join(found.__doc__.split()) == " ".join(text.split())


def mypy(*arguments):
    run = subprocess.run([sys.executable, "-m", *arguments], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_a_program_is_checked(tmp_path):
    program = tmp_path / "program.py"
    program.write_text('''
from collections.abc import Iterator

import swp_pte
from swp_pte import Entry, Kernel


def swapped(kernel: Kernel, words: bytes) -> Iterator[Entry]:
    columns = kernel.decode_array(words)
    for i, kind in enumerate(columns.kind):
        if kind == swp_pte.SWAP:
            yield kernel.decode(int.from_bytes(words[8 * i : 8 * i + 8], "little"))


def offsets(release: str) -> list[int]:
    try:
        kernel = Kernel("x86_64", release, config={"MIGRATION": True})
    except swp_pte.KernelError:
        return []
    return [entry.offset for entry in swapped(kernel, bytes(64)) if entry.offset is not None]


def walked(path: str) -> int:
    dump = swp_pte.Dump(path)
    total = len(bytes(dump.kernel.decode_array(b"").offset)) + len(offsets("6.12"))
    for process in dump.processes:
        for address, level, table, word in dump.walk(process.pid):
            total += address + level + table + word
    return total + len(swp_pte.walk_tables("sv39", 0, dump.read).word.view())
''')
    mypy("mypy", "--strict", "--cache-dir", str(tmp_path / "cache"), str(program))


def test_the_stub_is_of_this_module():
    here = Path(__file__).parent
    settings = ["--allowlist", str(here / "stubtest.txt"), "--mypy-config-file", str(here.parent / "pyproject.toml")]
    mypy("mypy.stubtest", "swp_pte", "--concise", "--ignore-missing-stub", "--ignore-unused-allowlist", *settings)
