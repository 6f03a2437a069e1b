//! The answers of `tests/vectors` as lines for `bindings/c/tests/vectors.c`, which says what they are.

use std::fmt::Write as _;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use xtask_shared::files;

const ENCODE: &[&str] = &["type", "offset", "pte", "exclusive", "soft_dirty", "uffd_wp", "none", "present"];
const RAW: &[&str] = &[
    "raw",
    "none",
    "present",
    "type",
    "offset",
    "exclusive",
    "mk_exclusive",
    "clear_exclusive",
    "soft_dirty",
    "mk_soft_dirty",
    "clear_soft_dirty",
    "uffd_wp",
    "mk_uffd_wp",
    "clear_uffd_wp",
];
const LIVE: &[&str] = &["pte", "none", "present", "type", "offset", "exclusive", "soft_dirty", "uffd_wp"];

/// Every case of every file, captures too.
pub(super) fn all() -> Result<String> {
    let mut lines = String::new();
    for path in files::below(&files::vectors(), &["jsonl"])? {
        let text = files::read(&path)?;
        let mut cases = text.lines().map(serde_json::from_str::<Value>);
        let header = cases.next().context("an empty vector file")??;
        let (form, keys) = match header["kind"].as_str() {
            Some("encode") => ('E', ENCODE),
            Some("raw") => ('R', RAW),
            Some("live") => ('L', LIVE),
            kind => bail!("{}: kind {kind:?} is none of encode, raw, live", files::relative(&path)),
        };
        let name = |key: &str| header[key].as_str().unwrap_or_default().to_owned();
        let (variant, kernel) = (name("variant"), name("kernel"));
        for case in cases {
            let mut case = case?;
            if form == 'L' {
                judge(&mut case);
            }
            write!(lines, "{form} {variant} {kernel}")?;
            for key in keys {
                lines.push(' ');
                field(&mut lines, &case[*key])?;
            }
            lines.push('\n');
        }
    }
    Ok(lines)
}

/// What follows from pagemap, and from how a page came to be where it is.
fn judge(case: &mut Value) {
    let is = |key: &str| case[key] == true;
    // A guard is a marker in place of a page, whether or not pagemap counts it as swapped.
    let none = !is("swapped") && !is("present") && !is("guard");
    let exclusive = case["case"] != "forked_after";
    let child = case["who"] == "child";
    case["none"] = none.into();
    case["exclusive"] = exclusive.into();
    if child {
        // The parent read its own pagemap, whose flags were changed after the fork.
        case["soft_dirty"] = Value::Null;
        case["uffd_wp"] = Value::Null;
    }
}

fn field(lines: &mut String, value: &Value) -> Result<()> {
    match value {
        Value::Null => lines.push('-'),
        Value::Bool(set) => lines.push(if *set { '1' } else { '0' }),
        Value::Number(number) => write!(lines, "{:x}", number.as_u64().context("a number below zero")?)?,
        Value::String(text) => lines.push_str(text.trim_start_matches("0x")),
        other => bail!("{other} in a vector file"),
    }
    Ok(())
}
