//! Runs a command with its output in a log file, and reads from the log what the tests said.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};
use indicatif::ProgressBar;

use super::native;
use super::targets::Target;

/// The log of a target, or of something else that runs.
pub(super) fn path(name: &str) -> PathBuf {
    native::target_dir().join("logs").join(format!("{name}.log"))
}

/// Runs to the end, shows the newest line beside the bar, and returns all of the output with whether all went well.
pub(super) fn run(command: &mut Command, log: &Path, bar: &ProgressBar) -> Result<(String, bool)> {
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    }
    let mut file = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    let program = command.get_program().to_string_lossy().into_owned();
    writeln!(file, "{command:?}")?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run {program}"))?;
    let stderr = child.stderr.take().context("no stderr")?;
    let stdout = child.stdout.take().context("no stdout")?;
    // Read beside each other: a full pipe would stop the command.
    let (errors, lines) = thread::scope(|scope| {
        let errors = scope.spawn(|| read(stderr, bar));
        let lines = read(stdout, bar);
        (errors.join().unwrap_or_default(), lines)
    });
    let succeeded = child.wait()?.success();
    let text = errors + &lines;
    file.write_all(text.as_bytes())?;
    Ok((text, succeeded))
}

fn read(from: impl Read, bar: &ProgressBar) -> String {
    let mut text = String::new();
    // Not all that a test prints need be UTF-8.
    for line in BufReader::new(from).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        bar.set_message(line.trim().to_owned());
        text.push_str(&line);
        text.push('\n');
    }
    text
}

/// What a test run came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tests {
    pub(super) passed: u64,
    pub(super) failed: u64,
    /// The machine, as the test on it saw itself.
    pub(super) machine: String,
    /// What the other tests said of their size.
    pub(super) said: Vec<String>,
}

/// Reads the output of a test run; what does not show that it ran where it should, and all of it, is an error.
pub(super) fn tests(text: &str, target: &Target) -> Result<Tests> {
    let mut tests = Tests::default();
    for line in text.lines().filter_map(|line| line.strip_prefix("test result: ")) {
        let count = |what: &str| {
            let before = line.split([';', '.']).find_map(|part| part.trim().strip_suffix(what))?;
            before.trim().parse::<u64>().ok()
        };
        let (Some(passed), Some(failed)) = (count(" passed"), count(" failed")) else {
            bail!("cannot read this line: test result: {line}");
        };
        tests.passed += passed;
        tests.failed += failed;
    }
    let said = |prefix: &str| text.lines().find_map(|line| line.strip_prefix(prefix)).map(str::to_owned);
    if tests.failed > 0 {
        return Ok(tests);
    }
    tests.machine = said("machine: ").context("the test that asserts the machine did not run")?;
    let Target { arch, pointer_width, byte_order, .. } = target;
    let claimed = format!("{arch}, {pointer_width}-bit pointers, {byte_order}-endian, as claimed");
    if tests.machine != claimed {
        bail!("the tests ran on another machine: {}, and should have on: {claimed}", tests.machine);
    }
    for what in ["suite: ", "vectors: ", "memory order: ", "convert: "] {
        let said = said(what).with_context(|| format!("no test said \"{what}…\": part of the tests did not run"))?;
        tests.said.push(format!("{what}{said}"));
    }
    Ok(tests)
}

/// The end of an output, for an error.
pub(super) fn tail(text: &str) -> String {
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(25)..].join("\n")
}

#[cfg(test)]
mod unit {
    use super::*;
    use crate::cross::targets::TARGETS;

    const OUTPUT: &str = "machine: s390x, 64-bit pointers, big-endian, as claimed\n\
        suite: 31 layouts\nvectors: 2 cases\nmemory order: some\nconvert: some\n\
        test result: ok. 8 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.02s\n\
        test result: ok. 4 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.02s\n";

    #[test]
    fn passed_tests_are_counted_and_ignored_ones_are_not() {
        let tests = tests(OUTPUT, &TARGETS[0]).unwrap();
        assert_eq!((tests.passed, tests.failed), (12, 0));
    }

    #[test]
    fn a_run_that_does_not_show_its_machine_is_an_error() {
        for (right, wrong) in [
            ("machine: ", "engine: "),
            ("as claimed", "nobody claimed anything"),
            ("s390x", "x86_64"),
            ("vectors: ", "vector: "),
            ("8 passed", "all passed"),
        ] {
            assert!(tests(&OUTPUT.replacen(right, wrong, 1), &TARGETS[0]).is_err(), "{wrong}");
        }
    }
}
