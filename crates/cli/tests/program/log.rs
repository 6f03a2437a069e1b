//! Kernels' logs, as the program reads them. The lines are those of public reports, shortened to what is read.

use std::process::Output;

use serde_json::{Value, json};

use crate::start::{fed, program};

fn read(args: &[&str], log: &[u8]) -> Output {
    let mut command = program(&["log"]);
    command.args(args).env("COLUMNS", "200");
    fed(command, log)
}

fn objects(args: &[&str], log: &str) -> Vec<Value> {
    let output = read(&[&["--json"], args].concat(), log.as_bytes());
    str::from_utf8(&output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// arm64 6.12: an entry and the word that holds it, with colours, carriage returns and a logger's prefix.
const ARM64: &str = "\
Nov 27 09:00:00 box kernel: \x1b[31m[   10.0] get_swap_device: Bad swap file entry 400000000000041\x1b[0m\r
Nov 27 09:00:00 box kernel: [   10.0] BUG: Bad page map in process x y  pte:00041040 pmd:80000000bfb7003\r
Nov 27 09:00:00 box kernel: [   10.1] CPU: 1 UID: 0 PID: 5 Comm: x y Tainted: G    B D         6.12.9-arm64 #1\r
";

#[test]
fn kernel_and_architecture_are_the_reports_own() {
    let all = objects(&[], ARM64);
    assert_eq!(all.len(), 3, "{all:?}");
    let [entry, pte, pmd] = [&all[0], &all[1], &all[2]];
    assert_eq!((&entry["line"], &entry["form"], &entry["type"]), (&json!(1), &json!("entry"), &json!(1)));
    assert_eq!((&pte["line"], &pte["form"], &pte["variant"]), (&json!(2), &json!("pte"), &json!("arm64")));
    assert_eq!((&pte["kernel"], &pte["release"]), (&json!("6.12"), &json!("6.12.9-arm64")));
    assert_eq!((&pte["type"], &pte["offset"], &pte["exclusive"]), (&json!(1), &json!("0x41"), &json!(false)));
    assert_eq!((&pte["agrees"], &pte["entry_line"]), (&json!(true), &json!(1)));
    assert_eq!((&pmd["form"], &pmd["kind"]), (&json!("pmd"), &json!("present")));
}

#[test]
fn a_word_that_does_not_hold_the_entry_says_who_would() {
    let log = ARM64.replace("6.12.9-arm64", "6.1.9-arm64");
    let pte = &objects(&[], &log)[1];
    assert_eq!(pte["agrees"], json!(false));
    let said = pte["agreement"].as_str().unwrap();
    assert!(said.contains("arm64 6.10+"), "{said}");
}

#[test]
fn machines_of_one_log_are_told_apart() {
    let log = "BUG: Bad page map in process syz-executor198  pte:8000000071c00227 pmd:74b30067\n\
               CPU: 1 PID: 3614 Comm: syz Not tainted 6.0.0-rc3-next-20220901-syzkaller #0\n\
               RIP: 0010:x+0x1/0x2\n\
               ---[ end trace 0 ]---\n\
               BUG: Bad page map in process modprobe  pte:20682653 pmd:20f23c01\n\
               CPU: 1 UID: 0 PID: 58 Comm: modprobe Not tainted 6.16.0-rc1-next-20250610+ #15719 NONE\n\
               Hardware name: riscv-virtio,qemu (DT)\n";
    let variants: Vec<_> = objects(&[], log).iter().map(|one| one["variant"].as_str().unwrap().to_owned()).collect();
    assert_eq!(variants, ["x86_64", "x86_64", "riscv-rv64", "riscv-rv64"]);
    let frames: Vec<_> = objects(&[], log).iter().map(|one| one["frame"].clone()).collect();
    assert_eq!([&frames[0], &frames[2]], [&json!("0x71c00"), &json!("0x81a09")]);
}

#[test]
fn what_the_log_does_not_say_is_asked_for_and_nothing_is_guessed() {
    let log = "get_swap_device: Bad swap file entry 00010000\n";
    let output = read(&[], log.as_bytes());
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.code() == Some(1) && text.contains("give --arch"), "{text}");
    let object = &objects(&[], log)[0];
    assert!(object["error"].is_string() && object["variant"].is_null(), "{object}");
    let given = &objects(&["--arch", "arm64", "--kernel", "5.10"], log)[0];
    assert_eq!((&given["offset"], &given["variant"]), (&json!("0x10000"), &json!("arm64")));
    // What the log says counts more than an option.
    let log = format!("Linux version 6.12.9-amd64 (x)\n{log}");
    assert_eq!(objects(&["--arch", "arm64", "--kernel", "5.10"], &log)[0]["variant"], json!("x86_64"));
}

#[test]
fn a_variant_that_the_log_leaves_open_is_not_chosen() {
    let log = "pte:c000000000012345\nCPU: 1 PID: 1 Comm: x Not tainted 6.12.1 #1\nNIP:  c000000000411f9c LR: c0\n";
    let open = &objects(&[], log)[0];
    assert!(open["variant"].is_null() && open["error"].as_str().unwrap().contains("--arch"), "{open}");
    let said = log.replace("NIP", "LE PAGE_SIZE=64K MMU=Radix SMP NR_CPUS=2048\nNIP");
    assert_eq!(objects(&[], &said)[0]["variant"], json!("ppc-book3s64-64k"));
    assert_eq!(objects(&["--arch", "ppc-book3s64-4k"], log)[0]["variant"], json!("ppc-book3s64-4k"));
}

#[test]
fn lines_that_were_cut_are_no_words() {
    let log = "Linux version 6.12.9-amd64 (x)\nBUG: Bad page map in process x  pte:80000\n";
    let object = &objects(&[], log)[0];
    assert!(object["error"].as_str().unwrap().contains("was cut"), "{object}");
    // The rest is read, and what is no text is no fault.
    let log = [&b"\xff\xfe\0\n"[..], log.as_bytes(), b"unrecognized swap entry 0x7c00000000000001"].concat();
    let text = String::from_utf8(read(&[], &log).stdout).unwrap();
    assert!(text.contains("marker: uffd-wp"), "{text}");
}

#[test]
fn a_log_without_words_is_no_fault_and_a_packed_one_says_how_to_unpack_it() {
    let output = read(&[], b"nothing\n");
    assert!(output.status.success() && output.stdout.is_empty());
    assert!(String::from_utf8(output.stderr).unwrap().contains("no swap entry in 1 lines"));
    let packed = read(&[], b"\x1f\x8b\x08\0");
    assert!(packed.status.code() == Some(1) && String::from_utf8(packed.stderr).unwrap().contains("zcat"));
}

#[test]
fn a_long_line_is_read_to_its_limit_and_the_next_is_read() {
    let mut log = b"x ".repeat(1_000_000);
    log.extend_from_slice(b"\nLinux version 6.12.9-amd64 (x)\nswap_free: Bad swap file entry 00000041\n");
    let text = String::from_utf8(read(&[], &log).stdout).unwrap();
    assert!(text.starts_with("line 3  swap_free"), "{text}");
}
