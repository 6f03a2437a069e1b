//! How every test starts the program.

use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The program, with nothing on standard input.
pub(crate) fn program(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_swp-pte"));
    command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Its exit code, and what it wrote on standard output and standard error.
pub(crate) fn texts(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

/// Runs a program with bytes on standard input; whether it read all of them is said too.
fn feed(mut command: Command, input: &[u8]) -> (Output, io::Result<()>) {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_vec());
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().unwrap();
    (output, writer.join().unwrap())
}

/// Runs a program with bytes on standard input, all of which it must read.
pub(crate) fn fed(command: Command, input: &[u8]) -> Output {
    let (output, read) = feed(command, input);
    read.unwrap();
    output
}

/// Runs a program with what somebody types, which it need not read.
pub(crate) fn typed(command: Command, input: &[u8]) -> Output {
    feed(command, input).0
}

/// Runs it in a folder.
pub(crate) fn swp_pte(folder: &Path, args: &[&str]) -> Output {
    program(args).current_dir(folder).output().unwrap()
}

/// Runs it in a folder, and gives standard output; it must succeed.
pub(crate) fn ok(folder: &Path, args: &[&str]) -> String {
    let output = swp_pte(folder, args);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Runs it in a folder, and gives what it complains of; it must fail with this exit code.
pub(crate) fn fails(folder: &Path, args: &[&str], code: i32) -> String {
    let (found, _, stderr) = texts(&swp_pte(folder, args));
    assert_eq!(found, Some(code), "{args:?}: {stderr}");
    assert!(stderr.contains("error:") && !stderr.contains("panicked"), "{args:?}: {stderr}");
    stderr
}
