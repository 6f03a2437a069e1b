"""The rows of an image as CSV and JSON lines: swp-pte beside DuckDB and polars, in one run.

    pip install duckdb polars
    cargo bench -p swp-pte-cli --bench scan -- --mib 1024 --make "$PWD/tables.bin"
    cargo build --release -p swp-pte-cli
    python3 crates/cli/benches/scan/rows.py tables.bin --folder /dev/shm

swp-pte reads the image, finds the rows and writes them, from start to exit. The others have the rows in memory already, out of
the Parquet file that swp-pte wrote, and only their writing is timed; `numbers` leaves numbers as they are, decimal, and
`same bytes` formats them as swp-pte does, which the files are compared for. All use all processors. Nothing but this
script needs DuckDB and polars.
"""

import argparse
import filecmp
import os
import pathlib
import subprocess
import tempfile
import time

import duckdb
import polars


def hexadecimal(column, name):
    return f"printf('0x%x', \"{column}\") AS \"{name}\""


MARKERS = "exclusive, soft_dirty, uffd_wp, " + hexadecimal("stray", "stray")
QUERIES = {
    "CSV": f"position, {hexadecimal('raw', 'raw')}, type, {hexadecimal('offset', 'offset')}, {MARKERS}",
    "JSON lines": f"position, {hexadecimal('raw', 'word')}, type, {hexadecimal('offset', 'offset')}, {MARKERS}",
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("image")
    parser.add_argument("--program", default="target/release/swp-pte")
    parser.add_argument("--before", help="an older swp-pte, to be timed too")
    parser.add_argument("--arch", default="x86_64")
    parser.add_argument("--kernel", default="6.12")
    parser.add_argument("--folder", help="where to write; a file system in memory leaves the disk out of it")
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        measure(args, pathlib.Path(folder))


def measure(args, folder):
    rows, ours = folder / "rows.parquet", {"CSV": folder / "ours.csv", "JSON lines": folder / "ours.jsonl"}

    def scan(program, option, out):
        command = [program, "scan", args.image, "--arch", args.arch, "--kernel", args.kernel, option, out]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    scan(args.program, "--parquet", rows)
    database = duckdb.connect()
    database.execute(f"CREATE TABLE rows AS SELECT * FROM '{rows}'")
    frame = polars.read_parquet(rows)
    count = len(frame)
    theirs = folder / "theirs"

    def copy(what, form):
        options = "FORMAT csv, HEADER" if form == "CSV" else "FORMAT json"
        database.execute(f"COPY (SELECT {what} FROM rows) TO '{theirs}' ({options})")

    def writers(form):
        option = {"CSV": "--csv", "JSON lines": "--jsonl"}[form]
        yield "swp-pte", lambda: scan(args.program, option, ours[form])
        if args.before:
            yield "swp-pte before", lambda: scan(args.before, option, ours[form].with_suffix(".before"))
        yield "DuckDB, same bytes", lambda: copy(QUERIES[form], form)
        yield "DuckDB, numbers", lambda: copy("*", form)
        write = frame.write_csv if form == "CSV" else frame.write_ndjson
        yield "polars, numbers", lambda: write(theirs)

    print(f"{count} rows; DuckDB {duckdb.__version__}, polars {polars.__version__}, {os.cpu_count()} processors;")
    print(f"the fastest of {args.rounds} rounds\n")
    print("| rows as | written by | time | ns a row | file |")
    print("|---|---|--:|--:|--:|")
    for form in ours:
        best, sizes = {}, {}
        for _ in range(args.rounds):
            for name, write in writers(form):
                theirs.unlink(missing_ok=True)
                start = time.perf_counter()
                write()
                took = time.perf_counter() - start
                best[name] = min(took, best.get(name, took))
                file = theirs if theirs.exists() else ours[form]
                sizes[name] = file.stat().st_size
                if name.endswith("same bytes") and not filecmp.cmp(ours[form], theirs, shallow=False):
                    raise SystemExit(f"{name}: {form} is not what swp-pte writes")
                if name.endswith("before") and not filecmp.cmp(
                    ours[form], ours[form].with_suffix(".before"), shallow=False
                ):
                    raise SystemExit(f"{name}: {form} is not what it is now")
        for name, took in best.items():
            nanoseconds = took / count * 1e9
            print(f"| {form} | {name} | {took:.2f} s | {nanoseconds:.0f} | {sizes[name] / 1e6:.0f} MB |")


if __name__ == "__main__":
    main()
