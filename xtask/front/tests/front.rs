//! The front with a cargo that only repeats what it was told: arguments arrive as they were, and exit codes come back.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output};

/// A program that prints its arguments, one a line, and ends with a code.
fn cargo(code: u8) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("cargo-{code}"));
    fs::write(&path, format!("#!/bin/sh\nprintf '%s\\n' \"$@\"\nexit {code}\n")).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap();
    path
}

fn front(cargo: PathBuf, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask-front")).env("CARGO", cargo).args(args).output().unwrap()
}

#[test]
fn arguments_go_through_and_exit_codes_come_back() {
    // 3 and 4 are the oracle's, 2 is clap's.
    for code in [0, 1, 2, 3, 4] {
        let output = front(cargo(code), &["oracle", "--kernel", "a tree", "--", "--help", "-h"]);
        assert_eq!(output.status.code(), Some(code.into()));
        let text = String::from_utf8(output.stdout).unwrap();
        let (to_cargo, to_program) = text.split_once("\n--\n").unwrap();
        assert!(
            to_cargo.starts_with("run\n--package\nswp-pte-oracle\n") && !to_cargo.contains("--quiet"),
            "{to_cargo}"
        );
        assert_eq!(to_program, "--kernel\na tree\n--\n--help\n-h\n");
    }
}

#[test]
fn a_task_without_a_program_of_its_own_is_named_to_the_one_that_has_it() {
    let output = front(cargo(5), &["tidy", "--help"]);
    assert_eq!(output.status.code(), Some(5));
    assert!(output.stdout.ends_with(b"\n--\ntidy\n--help\n"));
}

#[test]
fn without_a_task_nothing_is_built() {
    for (args, code) in [(&[] as &[&str], 0), (&["--help"], 0), (&["help"], 0), (&["nonsense"], 2), (&["--json"], 2)] {
        let output = front(PathBuf::from("/nonexistent"), args);
        assert_eq!(output.status.code(), Some(code), "{args:?}");
        let text = if code == 0 { output.stdout } else { output.stderr };
        assert!(String::from_utf8(text).unwrap().contains("\n  conformance  "), "{args:?}");
    }
}
