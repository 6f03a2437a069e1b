//! `cargo xtask`: finds the program that has the task, and lets cargo build and start it, with cargo's progress in view.
//!
//! It depends on nothing, so that it is there at once: what a task needs is compiled when that task is asked for, and
//! for no other. Arguments go through untouched, so `cargo xtask TASK --help` is answered by the program; its exit code
//! is ours.

use std::env;
use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode};

/// A task, and the package of the program that has it.
struct Task {
    name: &'static str,
    package: &'static str,
    /// One line for the list of tasks.
    about: &'static str,
}

/// The package with all tasks that need no program of their own; it takes the name of the task as its first argument.
const OTHERS: &str = "xtask";

const TASKS: [Task; 15] = [
    Task {
        name: "conformance",
        package: "xtask-conformance",
        about: "Hold every backend against itself, its data, and what the kernel's compiled headers answered",
    },
    Task { name: "vectors", package: OTHERS, about: "List the vector files of this repository, or pin their counts" },
    Task {
        name: "generate",
        package: OTHERS,
        about: "Write the pictures of the layouts and the tables of the pages from the atlas",
    },
    Task {
        name: "asm",
        package: OTHERS,
        about: "Read the compiled functions of every layout: no call, no panic path, no loop, at most the branches they need",
    },
    Task {
        name: "prove",
        package: "xtask-prove",
        about: "Prove every compiled function of every layout, for every input, to do what the layout's data say",
    },
    Task {
        name: "lifecycle",
        package: "xtask-lifecycle",
        about: "Explore the life of a page through swap, with the words of every layout, and every safeguard switched off",
    },
    Task {
        name: "live",
        package: "xtask-live",
        about: "Boot Debian kernels under qemu, dump their memory, and hold walk against what they say of their pages",
    },
    Task {
        name: "oracle",
        package: "swp-pte-oracle",
        about: "Build a kernel tree's own swap helpers for every architecture, ask them, and compare",
    },
    Task {
        name: "cross",
        package: OTHERS,
        about: "Compile for foreign machines and run the tests there: other byte orders, other word sizes, no operating system",
    },
    Task {
        name: "package",
        package: OTHERS,
        about: "Check what users of the published crates meet: features, the oldest compiler, the packages",
    },
    Task {
        name: "page",
        package: OTHERS,
        about: "Make the page in the browser, docs/decode.html; whether it is of these sources, and says what the program says",
    },
    Task {
        name: "c",
        package: OTHERS,
        about: "Build the C library, its header and pkg-config file, and run its tests in C, here and on foreign machines",
    },
    Task {
        name: "python",
        package: OTHERS,
        about: "Build the Python package into an environment of its own and run its tests; time it",
    },
    Task { name: "tidy", package: OTHERS, about: "Check what no compiler checks" },
    Task { name: "ci", package: OTHERS, about: "Everything that CI runs, in two lanes, up to the first failure" },
];

/// What clap says of a wrong command line.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1);
    let Some(first) = arguments.next() else {
        print!("{}", help());
        return ExitCode::SUCCESS;
    };
    if ["help", "--help", "-h"].iter().any(|help| first == *help) {
        print!("{}", help());
        return ExitCode::SUCCESS;
    }
    match TASKS.iter().find(|task| first == task.name) {
        Some(task) => start(task, arguments),
        None => {
            eprintln!("error: no task {:?}\n\n{}", first.display(), help());
            ExitCode::from(USAGE)
        }
    }
}

fn help() -> String {
    let width = TASKS.iter().map(|task| task.name.len()).max().unwrap_or_default();
    let tasks: String = TASKS.iter().map(|task| format!("  {:width$}  {}\n", task.name, task.about)).collect();
    format!(
        "The tasks of swp-pte\n\nUsage: cargo xtask TASK [OPTIONS]\n\nTasks:\n{tasks}\n\
         `cargo xtask TASK --help` builds the task's program and shows its options.\n"
    )
}

/// Starts the package's program with these arguments, as cargo does: after building what has changed.
fn start(task: &Task, arguments: impl Iterator<Item = OsString>) -> ExitCode {
    // The words of cargo's own lines, among which it stands.
    eprintln!("    Starting {}: the program of package {}, once it is built", task.name, task.package);
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.toml");
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["run", "--package", task.package, "--manifest-path"]).arg(manifest).arg("--");
    if task.package == OTHERS {
        cargo.arg(task.name);
    }
    match cargo.args(arguments).status() {
        // A program that a signal ended has no code.
        Ok(status) => status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from),
        Err(error) => {
            eprintln!("error: cannot run cargo: {error}");
            ExitCode::FAILURE
        }
    }
}
