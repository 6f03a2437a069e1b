//! The program on input and output that is not as it should be: a clear error, the right exit code, and all that was good
//! still answered.

use std::fs::{self, OpenOptions};
use std::io::Read;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::start::{fed, program};

fn objects(output: &Output) -> Vec<Value> {
    str::from_utf8(&output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The exit code, and what is on standard error.
fn failed(args: &[&str]) -> (Option<i32>, String) {
    let output = program(args).output().unwrap();
    assert!(output.stdout.is_empty(), "{args:?}");
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

const S390: [&str; 5] = ["decode", "--arch", "s390", "--kernel", "6.12"];

#[test]
fn every_bad_line_is_an_object_with_an_error_and_the_rest_is_decoded() {
    let mut input = b"0x41e02\n\n\0\n\xff\xfe\nfoo\n-1\n0x1 0x2\n0x10000000000000000\n".to_vec();
    input.extend(std::iter::repeat_n(b'7', 1_000_000));
    input.extend_from_slice(b"\r\n0x41e02\r\n0x41e02");
    let output = fed(program(&[&S390[..], &["--json"]].concat()), &input);
    let objects = objects(&output);
    assert_eq!(output.status.code(), Some(1));
    // A blank line is none.
    assert_eq!(objects.len(), 10);
    for (i, object) in objects.iter().enumerate() {
        if [0, 8, 9].contains(&i) {
            assert_eq!((&object["input"], &object["type"]), (&"0x41e02".into(), &0.into()), "line {i}");
        } else {
            assert!(object["error"].is_string() && object["kind"].is_null(), "line {i}: {object}");
        }
    }
    assert!(String::from_utf8(output.stderr).unwrap().contains("7 of 10 words could not be decoded"));
}

#[test]
fn bad_lines_of_text_are_named_by_their_number_and_shown_harmlessly() {
    let output = fed(program(&S390), b"0x41e02\n\x1b[2Jx\n");
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(errors.contains("line 2") && !errors.contains('\x1b'), "{errors}");
    assert!(String::from_utf8(output.stdout).unwrap().contains("offset      0x41"));
}

#[test]
fn a_word_wider_than_the_layout_is_an_error() {
    let output =
        fed(program(&["decode", "--arch", "riscv-rv32", "--kernel", "6.12", "--json"]), b"0x100000000\n0xffffffff\n");
    let objects = objects(&output);
    assert!(objects[0]["error"].as_str().unwrap().contains("32 bits"), "{:?}", objects[0]);
    assert_eq!(objects[1]["word"], "0xffffffff");
}

#[test]
fn no_input_is_no_error() {
    let output = fed(program(&S390), b"");
    assert!(output.status.success() && output.stdout.is_empty() && output.stderr.is_empty());
}

#[test]
fn what_decode_prints_encode_reads() {
    let args = |command| [command, "--arch", "x86_64", "--kernel", "6.12", "--json"];
    let decoded = fed(program(&args("decode")), b"0x07ffffffffff7c0a\n0xd7fffffffdb97200\n");
    let encoded = fed(program(&args("encode")), &decoded.stdout);
    let words: Vec<_> = objects(&encoded).into_iter().map(|object| object["word"].clone()).collect();
    assert_eq!(words, ["0x7ffffffffff7c0a", "0xd7fffffffdb97200"]);
    let bad = b"{}\n[0,1]\nnull\n{\"type\":0}\n{\"type\":-1,\"offset\":0}\n{\"type\":0,\"offset\":1e3}\n{\"type\":0,\"offset\":\"0x41\"\n";
    let output = fed(program(&args("encode")), bad);
    let objects = objects(&output);
    assert_eq!((objects.len(), output.status.code()), (7, Some(1)));
    assert!(objects.iter().all(|object| object["error"].is_string()), "{objects:?}");
}

#[test]
fn unknown_names_and_kernels_list_what_is_near() {
    for (args, near) in [
        (&["decode", "--arch", "x86_46", "0"][..], "x86_64"),
        (&["decode", "--arch", "ppc", "0"], "ppc-book3s64-4k"),
        (&["decode", "--arch", "x86_64", "--kernel", "2.6", "0"], "4.8 to 4.13"),
        (&["decode", "--arch", "x86_64", "--kernel", "six", "0"], "6.12"),
        (&["decode", "--arch", "ppc-nohash32-40x", "--kernel", "6.12", "0"], "6.3 to 6.10"),
        (&["decode", "--arch", "x86_64", "--kernel", "99999999999.1", "0"], "kernel"),
        (&["decode", "--json", "0"], "--arch"),
        (&["decode", "--kernel", "2.6", "0"], "atlas"),
        (&["encode", "--arch", "arm64", "--kernel", "6.12"], "--type"),
        (&["layout", "riscv"], "riscv-rv64"),
        (&["diff", "arm64", "--from", "2.6", "--to", "6.12"], "4.0 to 5.18"),
        (&["place", "x86_64", "--kernel", "6.12", "--bit", "8"], "_PAGE_PROTNONE"),
        (&["man", "vax"], "decode"),
        (&["vax"], "Usage"),
    ] {
        let (code, error) = failed(args);
        assert!(code == Some(2) && error.contains(near), "{args:?}: {code:?} {error}");
    }
}

#[test]
fn files_that_hold_no_layout() {
    let folder = std::env::temp_dir().join(format!("swp-pte-bad-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("layout.toml");
    let name = path.to_str().unwrap();
    for (content, why) in [
        (&b""[..], "missing field"),
        (b"\xff", "UTF-8"),
        (b"name = 1", "line 1"),
        (&vec![b'#'; (1 << 20) + 1], "longer than 1 MiB"),
    ] {
        fs::write(&path, content).unwrap();
        let (code, error) = failed(&["place", "--file", name]);
        assert!(code == Some(1) && error.contains(why) && error.contains(name), "{code:?} {error}");
    }
    for (name, why) in [(folder.to_str().unwrap(), "directory"), ("/nonexistent", "No such file")] {
        let (code, error) = failed(&["layout", "--file", name]);
        assert!(code == Some(1) && error.contains(why), "{code:?} {error}");
    }
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_an_error_and_a_closed_pipe_is_none() {
    for args in
        [&[&S390[..], &["0x41e02"]].concat()[..], &["layout", "x86_64", "--format", "svg"], &["atlas"], &["man"]]
    {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = program(args).stdout(full).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(1) && error.contains("No space left"), "{args:?} {error}");
    }
    // A reader that takes a line and goes, while the words come without end.
    let mut words = Command::new("yes").arg("0x41e02").stdout(Stdio::piped()).spawn().unwrap();
    let pipe = words.stdout.take().unwrap();
    let mut child = program(&S390).stdin(pipe).spawn().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut [0; 80]).unwrap();
    drop(stdout);
    let output = child.wait_with_output().unwrap();
    words.kill().unwrap();
    words.wait().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
}

#[test]
fn colour_is_for_terminals_only_unless_asked_for() {
    let plain = program(&["layout", "x86_64", "--kernel", "6.12"]).output().unwrap();
    assert!(!plain.stdout.contains(&0x1b));
    let asked = program(&["--color", "always", "layout", "x86_64", "--kernel", "6.12"]).output().unwrap();
    assert!(asked.stdout.contains(&0x1b));
}
