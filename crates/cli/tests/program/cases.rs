//! Words, entries and logs as people had them: what the program answers is right, or it says why it may not be, or refuses.
//!
//! The cases are data, in `cases/*.toml`, and what is expected of them never came from this program: an entry and the
//! word that a kernel printed beside it, a frame that the same report has, the kernel's compiled headers (`vector` names the file of
//! `tests/vectors` that must have it), captures of running kernels. For each case:
//!
//! - `args`, and `input` for standard input: what its owner would type;
//! - `answer`: `right`: exit code 0, nothing doubted; `hedged`: a reason to doubt, a note, an error or a contradiction is told
//!   of; `refused`: another exit code;
//! - `reads`: keys of the objects that `--json` prints, in order, of each of which more may be there; `says`: texts that people see;
//! - `from`: whose case it is; `known`: how it is known what is right.
#![expect(clippy::panic, reason = "in a test, a panic is the failure")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::start::{program, texts, typed};

/// So many cases people were found to have; no fewer are kept.
const LEAST: usize = 71;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Answer {
    Right,
    Hedged,
    Refused,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// For people.
    #[serde(default, rename = "from")]
    _from: String,
    known: String,
    vector: Option<String>,
    args: Vec<String>,
    input: Option<String>,
    answer: Answer,
    code: Option<i32>,
    #[serde(default)]
    says: Vec<String>,
    #[serde(default)]
    reads: Vec<Map<String, Value>>,
}

/// Exit code, standard output, and both outputs.
fn run(args: &[String], json: bool, input: Option<&str>) -> (i32, String, String) {
    let (command, rest) = args.split_first().unwrap();
    let mut program = program(&[command]);
    program.args(json.then_some("--json")).args(rest).env("COLUMNS", "80");
    // A command that refuses its options reads nothing.
    let (code, out, error) = texts(&typed(program, input.unwrap_or_default().as_bytes()));
    let both = [out.as_str(), &error].concat();
    // Lines are wrapped for people, between words.
    let both = both.split_whitespace().collect::<Vec<_>>().join(" ");
    (code.unwrap(), out, both)
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

fn cases() -> Vec<Case> {
    let files = fs::read_dir(folder()).unwrap().map(|file| file.unwrap().path());
    let mut files: Vec<_> = files.filter(|file| file.extension().is_some_and(|end| end == "toml")).collect();
    files.sort();
    let cases = files.iter().flat_map(|file| {
        let text = fs::read_to_string(file).unwrap();
        toml::from_str::<File>(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display())).case
    });
    cases.collect()
}

/// Whether a reader is told that an answer may not be one.
fn is_hedged(object: &Value) -> bool {
    let list = |key: &str| object[key].as_array().is_some_and(|list| !list.is_empty());
    list("doubt")
        || list("notes")
        || list("variants")
        || object["error"].is_string()
        || object["lost"].is_string()
        || object["agrees"] == false
        || object["stray"].as_str().is_some_and(|stray| stray != "0x0")
}

/// What is wrong with what the program did.
fn wrong(case: &Case) -> Vec<String> {
    let mut wrong = Vec::new();
    let input = case.input.as_deref();
    let (code, _, said) = run(&case.args, false, input);
    let (json_code, out, _) = run(&case.args, true, input);
    let expected = case.code.unwrap_or(0);
    for (how, code) in [("for people", code), ("as JSON", json_code)] {
        if code != expected {
            wrong.push(format!("{how} the exit code is {code}, not {expected}: {said}"));
        }
    }
    for text in &case.says {
        if !said.contains(text.as_str()) {
            wrong.push(format!("it does not say {text:?}: {said}"));
        }
    }
    let objects: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (index, keys) in case.reads.iter().enumerate() {
        let Some(object) = objects.get(index) else {
            wrong.push(format!("object {index} is missing: {said}"));
            continue;
        };
        for (key, value) in keys {
            if object[key] != *value {
                wrong.push(format!("{key} of object {index} is {}, not {value}: {object}", object[key]));
            }
        }
    }
    match case.answer {
        Answer::Right => {
            // That a number could be of another form too speaks against none that is right.
            let doubted =
                |object: &&Value| is_hedged(object) && (object["notes"].is_null() || object["doubt"] != json!([]));
            for object in objects.iter().filter(doubted) {
                wrong.push(format!("not plainly right: {object}"));
            }
        }
        // Which of several numbers is doubted, `reads` and `says` say.
        Answer::Hedged if !objects.iter().any(is_hedged) => wrong.push(format!("an answer without a doubt: {said}")),
        Answer::Hedged => {}
        Answer::Refused if expected == 0 => wrong.push("a refusal has an exit code".into()),
        Answer::Refused => {}
    }
    if case.answer != Answer::Refused && expected != 0 {
        wrong.push("only a refusal has an exit code".into());
    }
    wrong
}

#[test]
fn no_answer_is_plausible_and_wrong() {
    let cases = cases();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let failures = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                    let wrong = wrong(case);
                    if !wrong.is_empty() {
                        failures.lock().unwrap().push(format!("{}\n    {}", case.name, wrong.join("\n    ")));
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(failures.is_empty(), "{} of {} cases:\n{}", failures.len(), cases.len(), failures.join("\n"));
}

#[test]
fn there_are_as_many_cases_as_people_had_of_every_kind() {
    let cases = cases();
    assert!(cases.len() >= LEAST, "{}", cases.len());
    let names: BTreeSet<_> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len(), "two cases have one name");
    for case in &cases {
        assert!(!case.known.is_empty() && (!case.reads.is_empty() || !case.says.is_empty()), "{}", case.name);
    }
    for answer in [Answer::Right, Answer::Hedged, Answer::Refused] {
        let count = cases.iter().filter(|case| case.answer == answer).count();
        assert!(count >= 15, "{answer:?}: {count}");
    }
    let of_reads = |key: &str| -> BTreeSet<String> {
        let values = cases.iter().flat_map(|case| &case.reads).filter_map(|keys| keys.get(key)?.as_str());
        values.map(str::to_owned).collect()
    };
    assert_eq!(of_reads("form").into_iter().collect::<Vec<_>>(), ["entry", "pagemap", "pmd", "pte"]);
    assert!(of_reads("variant").len() >= 15, "{:?}", of_reads("variant"));
}

#[test]
fn what_vectors_are_cited_for_stands_in_them() {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    let mut checked = 0;
    for case in cases() {
        let Some(file) = &case.vector else { continue };
        let text = fs::read_to_string(vectors.join(file)).unwrap();
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let [head, cases @ ..] = lines.as_slice() else { panic!("{file} is empty") };
        for keys in &case.reads {
            // What is given is the word itself, or an entry and its word comes out.
            let marker = ["exclusive", "soft_dirty", "uffd_wp"].into_iter().find(|marker| keys.contains_key(*marker));
            let column = marker.unwrap_or("pte");
            let is = |line: &&Value| {
                line["type"] == keys["type"] && line["offset"] == keys["offset"] && line[column] == keys["word"]
            };
            assert!(cases.iter().any(|line| is(&line)), "{}: {file} has no {keys:?}", case.name);
            if keys["form"] == "entry" {
                let shift = head["consts"]["SWP_TYPE_SHIFT"].as_u64().unwrap();
                let offset = keys["offset"].as_str().unwrap().trim_start_matches("0x");
                let entry = keys["type"].as_u64().unwrap() << shift | u64::from_str_radix(offset, 16).unwrap();
                assert_eq!(case.args.last().unwrap(), &format!("{entry:#x}"), "{}", case.name);
            }
            let kernel = head["kernel"].as_str().unwrap();
            let asked = case.args.iter().skip_while(|arg| *arg != "--kernel").nth(1).unwrap();
            assert!(kernel == asked || kernel.starts_with(&format!("{asked}.")), "{}: {kernel}", case.name);
            checked += 1;
        }
    }
    assert!(checked >= 25, "{checked}");
}
