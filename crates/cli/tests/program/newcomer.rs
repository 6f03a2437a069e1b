//! What somebody meets who has just installed the program: completions, pages, narrow terminals, pipes, dumps, Ctrl-C.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::start::{texts, typed};

fn program() -> Command {
    let mut command = crate::start::program(&[]);
    command.env("COLUMNS", "80");
    command
}

fn run(args: &[&str]) -> (Option<i32>, String, String) {
    texts(&program().args(args).output().unwrap())
}

/// Feeds a program what somebody types.
fn type_into(command: Command, input: &[u8]) -> (Option<i32>, String, String) {
    texts(&typed(command, input))
}

#[test]
fn bash_completes_commands_options_and_values() {
    let folder = tempfile::tempdir().unwrap();
    // A folder that is not there yet, as on a clean home.
    let script = folder.path().join("share/completions/swp-pte");
    let (code, ..) = run(&["completions", "bash", "--to", script.to_str().unwrap()]);
    assert_eq!(code, Some(0));
    let mut bash = Command::new("bash");
    bash.args(["--norc", "--noprofile", "-i"]).env("TERM", "dumb").env("HOME", folder.path());
    let mut typed = format!("source {}\nswp-pte() {{ echo \"GOT:$*\"; }}\n", script.display());
    for line in ["enc\t", "decode --pict\t", "decode --arch x86_\t", "scan --endian lit\t", "completions ba\t"] {
        typed.push_str(&format!("swp-pte {line}\n"));
    }
    typed.push_str("exit\n");
    let (_, text, error) = type_into(bash, typed.as_bytes());
    let got: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("GOT:")).map(str::trim_end).collect();
    let expected = ["encode", "decode --picture", "decode --arch x86_64", "scan --endian little", "completions bash"];
    assert_eq!(got, expected, "{text}{error}");
}

/// What is typed, and what a shell makes of it with TAB.
const COMPLETED: [(&str, &str); 6] = [
    ("enc", "encode"),
    ("decode --pict", "decode --picture"),
    ("decode --arch x86_", "decode --arch x86_64"),
    ("scan --endian lit", "scan --endian little"),
    ("completions ba", "completions bash"),
    ("layout riscv-rv3", "layout riscv-rv32"),
];

/// Whether a shell is here to be tried.
fn has(shell: &str) -> bool {
    let found = Command::new(shell).arg("--version").output().is_ok();
    if !found {
        eprintln!("{shell} is not installed: its completions were not tried");
    }
    found
}

#[test]
fn fish_completes_commands_options_and_values() {
    if !has("fish") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("completions/swp-pte.fish");
    assert_eq!(run(&["completions", "fish", "--to", script.to_str().unwrap()]).0, Some(0));
    for (typed, completed) in COMPLETED {
        let ask = format!("source {}; complete -C 'swp-pte {typed}' | string split -f1 \\t", script.display());
        let mut fish = Command::new("fish");
        let output = fish.args(["--no-config", "-c", &ask]).env("HOME", folder.path()).output().unwrap();
        let (_, text, error) = texts(&output);
        let last = completed.rsplit(' ').next().unwrap();
        assert_eq!(text.lines().next(), Some(last), "{typed}: {text}{error}");
    }
}

#[test]
fn zsh_completes_commands_options_and_values() {
    if !has("zsh") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("functions/_swp-pte");
    assert_eq!(run(&["completions", "zsh", "--to", script.to_str().unwrap()]).0, Some(0));
    // A terminal for a shell that somebody types into. The mark is written so that its echo is none.
    let mut typed = String::from("zmodload zsh/zpty\nzpty z zsh -f -i\n");
    let setup =
        "fpath=($HOME/functions $fpath); autoload -U compinit; compinit -u; swp-pte() { print -r G''OT:$*:END }";
    typed.push_str(&format!("zpty -w z {setup:?}\n").replace('$', "\\$"));
    for (line, _) in COMPLETED {
        typed.push_str(&format!(
            "zpty -w -n z $'swp-pte {line}\\t\\n'\nzpty -r z out '*GOT:*:END*'\nprint -r -- $out\n"
        ));
    }
    let talk = folder.path().join("talk");
    fs::write(&talk, typed).unwrap();
    let mut zsh = Command::new("timeout");
    zsh.args(["120", "zsh", "-f"]).arg(&talk).env("HOME", folder.path()).env("TERM", "dumb").stdin(Stdio::null());
    let (_, text, error) = texts(&zsh.output().unwrap());
    let got: Vec<_> = text.split("GOT:").skip(1).filter_map(|rest| Some(rest.split_once(":END")?.0)).collect();
    assert_eq!(got, COMPLETED.map(|(_, completed)| completed), "{text}{error}");
}

#[test]
fn pages_are_written_into_a_folder_that_is_made_and_have_an_exit_status() {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("share/man/man1");
    assert_eq!(run(&["man", "--to", to.to_str().unwrap()]).0, Some(0));
    let pages: Vec<_> = fs::read_dir(&to).unwrap().map(|page| page.unwrap().path()).collect();
    assert!(pages.len() > 10 && to.join("swp-pte-log.1").is_file() && to.join("swp-pte.1").is_file());
    for page in pages {
        assert!(fs::read_to_string(&page).unwrap().contains("EXIT STATUS"), "{}", page.display());
    }
    assert!(run(&["man", "decode"]).1.contains("EXIT STATUS"));
}

#[test]
fn tables_fit_eighty_columns_and_no_word_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let image = folder.path().join("image");
    let words = (1..2000_u64).map(|i| i << 12 | 0xe00 | (i % 32) << 2);
    fs::write(&image, words.flat_map(u64::to_be_bytes).collect::<Vec<_>>()).unwrap();
    let image = image.to_str().unwrap();
    for args in [
        &["atlas"][..],
        &["guess", image, "--top", "60"],
        &["scan", image, "--arch", "s390", "--kernel", "6.12"],
        &["place", "ppc-book3s64-4k"],
        &["decode", "--all", "0x41e02"],
    ] {
        let (_, text, error) = run(args);
        assert!(!text.is_empty(), "{error}");
        for line in text.lines().filter(|line| !line.contains(image)) {
            assert!(line.trim_end().chars().count() <= 80, "{args:?}: {line}");
        }
        for word in ["present", "previous"] {
            let cut = |line: &str| {
                line.split_whitespace().any(|part| {
                    part.len() > 3
                        && part.len() + 1 < word.len()
                        && part != word
                        && word.starts_with(part)
                        && !part.ends_with('-')
                })
            };
            let cut = text.lines().find(|line| cut(line));
            assert_eq!(cut, None, "{args:?}");
        }
    }
    // A terminal that says it has no columns, or nearly none.
    for columns in ["0", "1", "7"] {
        let output = program().arg("atlas").env("COLUMNS", columns).output().unwrap();
        assert!(texts(&output).1.lines().any(|line| line.contains("ppc-book3s64-64k")), "{columns}");
    }
}

#[test]
fn standard_input_is_an_image_too() {
    let words: Vec<u8> = (1..100_u64).flat_map(|i| (i << 12 | 0xe00).to_be_bytes()).collect();
    let scan = ["scan", "-", "--arch", "s390", "--kernel", "6.12", "--json"];
    let mut command = program();
    command.args(scan);
    let (code, piped, note) = type_into(command, &words);
    assert!(code == Some(0) && note.contains("temporary"), "{note}");
    let folder = tempfile::tempdir().unwrap();
    let image = folder.path().join("image");
    fs::write(&image, &words).unwrap();
    let mut command = program();
    let redirected = command.args(scan).stdin(File::open(&image).unwrap()).output().unwrap();
    let [piped, redirected] = [piped, texts(&redirected).1];
    assert!(piped.contains(r#""swap":99"#), "{piped}");
    assert_eq!(piped, redirected);
}

#[test]
fn dumps_are_named_and_any_byte_can_be_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let image = folder.path().join("image");
    let words = (1..100_u64).flat_map(|i| (i << 12 | 0xe00).to_be_bytes());
    fs::write(&image, b"\x7fELF".iter().copied().chain(words).collect::<Vec<_>>()).unwrap();
    let image = image.to_str().unwrap();
    let scan = ["scan", image, "--arch", "s390", "--kernel", "6.12", "--json"];
    for args in [&scan[..], &["guess", image]] {
        let (code, _, error) = run(args);
        assert!(code == Some(1) && error.contains("ELF") && error.contains("--start"), "{error}");
    }
    let (code, _, error) = run(&[&scan[..], &["--start", "4"]].concat());
    assert!(code == Some(1) && error.contains("--unaligned"), "{error}");
    let (code, text, _) = run(&[&scan[..], &["--start", "4", "--unaligned"]].concat());
    assert!(code == Some(0) && text.contains(r#""swap":99"#), "{text}");
}

#[test]
fn only_pages_inside_the_swap_files_are_rows_if_these_are_known() {
    let folder = tempfile::tempdir().unwrap();
    let image = folder.path().join("image");
    // Type 0, and one of type 1.
    let words = (0..100_u64).map(|i| i << 12 | 0xe00).chain([5 << 12 | 0xe04]);
    fs::write(&image, words.flat_map(u64::to_be_bytes).collect::<Vec<_>>()).unwrap();
    let scan = ["scan", image.to_str().unwrap(), "--arch", "s390", "--kernel", "6.12", "--swap-pages", "50"];
    let (_, rows, summary) = run(&[&scan[..], &["--csv", "-"]].concat());
    // The header, and offsets 1 to 49: the page of the swap file's header is none.
    assert_eq!(rows.lines().count(), 50, "{rows}");
    assert!(rows.lines().all(|row| !row.contains(",1,")) && rows.contains(",0,0x31,"), "{rows}");
    assert!(summary.contains("in the swap files"), "{summary}");
    assert!(run(&[&scan[..], &["--json"]].concat()).1.contains(r#""inside":49"#));
}

/// Waits for something, as long as a slow machine needs.
fn until(mut is: impl FnMut() -> bool) -> bool {
    let end = Instant::now() + Duration::from_secs(60);
    while Instant::now() < end {
        if is() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    false
}

fn entries(folder: &Path) -> Vec<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn an_interrupted_scan_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let out = tempfile::tempdir().unwrap();
    let image = folder.path().join("image");
    // 256 MiB of swap PTEs, which are minutes of rows without optimization and seconds with.
    let piece: Vec<u8> = (1..=1 << 17_u64).flat_map(|i: u64| (i << 12 | 0xe00).to_be_bytes()).collect();
    let mut file = File::create(&image).unwrap();
    (0..256).for_each(|_| file.write_all(&piece).unwrap());
    for signal in ["INT", "TERM", "HUP"] {
        let rows = out.path().join("rows");
        let mut child = program()
            .args(["scan", image.to_str().unwrap(), "--arch", "s390", "--kernel", "6.12", "--threads", "1", "--jsonl"])
            .arg(&rows)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        assert!(until(|| entries(out.path()).iter().any(|name| name.ends_with(".part"))), "{signal}");
        // A moment more, so that it is named before the signal comes.
        std::thread::sleep(Duration::from_millis(50));
        let killed = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().unwrap();
        let status = child.wait().unwrap();
        assert!(killed.success() && status.code().is_none(), "{signal}: {status}");
        assert_eq!(entries(out.path()), [] as [&str; 0], "{signal}");
    }
}

#[test]
fn a_closed_standard_output_is_an_error_and_a_pipe_that_was_read_enough_is_none() {
    let program = env!("CARGO_BIN_EXE_swp-pte");
    let shell = |command: &str| texts(&Command::new("sh").args(["-c", command]).output().unwrap());
    let (code, _, error) = shell(&format!("'{program}' atlas >&-"));
    assert!(code == Some(1) && error.contains("standard output is closed"), "{error}");
    assert_eq!(shell(&format!("'{program}' atlas > /dev/null")).0, Some(0));
    let (_, text, error) = shell(&format!("'{program}' atlas | head -n 1"));
    assert_eq!((text.lines().count(), error.as_str()), (1, ""));
}

#[test]
fn messages_are_short_whatever_was_given() {
    let long = "x".repeat(100_000);
    for args in [
        &["decode", &long][..],
        &["decode", "--arch", &long, "0"],
        &["layout", &long],
        &["scan", &long, "--arch", "s390"],
    ] {
        let (code, text, error) = run(args);
        assert!(code == Some(2) && text.is_empty() && error.len() < 500, "{} bytes: {error}", error.len());
    }
    let word = "x".repeat(4000);
    assert!(run(&["decode", "--arch", "s390", "--kernel", "6.12", &word]).2.len() < 500);
}

#[test]
fn signs_and_zeros_make_no_numbers() {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(&file, [0; 64]).unwrap();
    let scan = ["scan", file.path().to_str().unwrap(), "--arch", "s390", "--kernel", "6.12"];
    for more in
        [["--shard", "+1/+2"], ["--start", "+8"], ["--length", "0x+8"], ["--threads", "+1"], ["--page-size", "+4K"]]
    {
        let (code, _, error) = run(&[&scan[..], &more].concat());
        assert!(code == Some(2) && error.contains(more[0]), "{more:?}: {error}");
    }
    for kernel in ["6.012", "65535.65535", "+6.12", "06.12"] {
        assert_eq!(run(&["decode", "--arch", "s390", "--kernel", kernel, "0x0"]).0, Some(2), "{kernel}");
    }
    assert_eq!(run(&["decode", "--arch", "s390", "--kernel", "6.12", "--pfn-bits", "+8", "0x0"]).0, Some(2));
}

#[test]
fn a_picture_needs_an_architecture_and_blank_lines_separate_words() {
    let (code, _, error) = run(&["decode", "--picture", "0x41e02"]);
    assert!(code == Some(2) && error.contains("--arch"), "{error}");
    let mut command = program();
    command.args(["decode", "--arch", "s390", "--kernel", "6.12"]);
    let (code, text, error) = type_into(command, b"0x41e02\n\n  \n0x41e02\n");
    assert_eq!((code, text.matches("swap file 0").count(), error.as_str()), (Some(0), 2, ""), "{text}");
    let mut command = program();
    command.args(["encode", "--arch", "s390", "--kernel", "6.12", "--json"]);
    let (code, text, _) = type_into(command, b"\n{\"type\":0,\"offset\":1}\n\n");
    assert_eq!((code, text.lines().count()), (Some(0), 1));
}
