//! `cargo xtask page`: the page in the browser, `docs/decode.html`, made of `bindings/web` and the crates below it, compiled to
//! WebAssembly; whether it is of these sources; and whether a browser says with it what the program says.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use swp_pte::{Flag, SwpEntry};
use swp_pte_atlas::{ROWS, Row, newest_measured};
use xtask_shared::files;

use crate::cross::native;

/// The options of `page`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Compiling takes the toolchain of `cargo xtask cross --setup`, wasm-ld of the package lld, and some minutes.")]
pub(crate) struct Args {
    /// Only whether the page is of the sources as they are
    #[arg(long, conflicts_with = "test")]
    check: bool,
    /// Only whether a browser (chromium, headless) says with the page what the program says, on every layout
    #[arg(long)]
    test: bool,
}

const TARGET: &str = "wasm32-unknown-unknown";
/// What the page is made of.
const SOURCES: &[&str] = &["core", "arch", "atlas", "draw", "forms", "reading", "scan"];

fn page() -> PathBuf {
    files::root().join("docs/decode.html")
}

pub(crate) fn run(args: &Args) -> Result<()> {
    if args.check {
        return check();
    }
    if args.test {
        return test();
    }
    let wasm = compile()?;
    let template = fs::read_to_string(files::root().join("bindings/web/page.html"))?;
    let text = template.replace("@SOURCES@", &sources()?).replace("@WASM@", &BASE64.encode(&wasm));
    fs::write(page(), &text)?;
    println!("docs/decode.html: {} KiB, of which {} KiB are code", text.len() >> 10, wasm.len() >> 10);
    Ok(())
}

/// Whether the page names the sources that there are.
pub(crate) fn check() -> Result<()> {
    let text = fs::read_to_string(page()).context("docs/decode.html")?;
    if !text.contains(&sources()?) {
        bail!("docs/decode.html is of other sources: run `cargo xtask page`");
    }
    Ok(())
}

/// The sources as a hash.
fn sources() -> Result<String> {
    let root = files::root();
    let folders = SOURCES.iter().map(|name| root.join("crates").join(name)).chain([root.join("bindings/web")]);
    let mut all = BTreeMap::new();
    for folder in folders {
        for path in files::below(&folder, &["rs", "html"])? {
            // Tests are none of it.
            let name = files::relative(&path);
            if !name.contains("/tests") {
                all.insert(name, fs::read(&path)?);
            }
        }
    }
    let mut hash = Sha256::new();
    for (name, bytes) in &all {
        hash.update(name.as_bytes());
        hash.update(Sha256::digest(bytes));
    }
    let mut text = String::from("sources ");
    for byte in hash.finalize().iter().take(16) {
        write!(text, "{byte:02x}")?;
    }
    Ok(text)
}

fn compile() -> Result<Vec<u8>> {
    let folder = files::root().join("target/page");
    let mut cargo = Command::new("/usr/bin/cargo");
    cargo
        .current_dir(files::root())
        .args(["build", "--package", "swp-pte-web", "--profile", "bare-metal", "--target", TARGET])
        .args(["-Zbuild-std=std,panic_abort", "--target-dir"])
        .arg(&folder);
    native::debian(&mut cargo);
    cargo
        .env("CARGO_PROFILE_BARE_METAL_OPT_LEVEL", "z")
        .env("CARGO_PROFILE_BARE_METAL_LTO", "true")
        .env("CARGO_PROFILE_BARE_METAL_STRIP", "true")
        .env("CARGO_INCREMENTAL", "0")
        .env(format!("CARGO_TARGET_{}_LINKER", TARGET.to_uppercase().replace('-', "_")), "wasm-ld");
    let status = cargo.status().context("cannot run Debian's cargo: `cargo xtask cross --setup` installs it")?;
    if !status.success() {
        bail!("bindings/web does not compile for {TARGET}");
    }
    let wasm = folder.join(TARGET).join("bare-metal/swp_pte_web.wasm");
    fs::read(&wasm).with_context(|| wasm.display().to_string())
}

/// Words of a layout of every kind: entries at the borders, with each marker; empty, all ones, one bit.
fn words(row: &'static Row) -> Vec<u64> {
    let layout = row.layout();
    let entries = [(0, 1), (1, 0x41), (31, 1), (26, 0x1234), (0, layout.max_offset())];
    let encoded = entries.iter().filter_map(|(swp_type, offset)| {
        let entry = SwpEntry::from_parts(*swp_type, *offset).ok()?;
        let word = row.encode(entry).ok()?;
        Some([Some(word), word.set(Flag::Exclusive), word.set(Flag::SoftDirty), word.set(Flag::UffdWp)])
    });
    let mask = layout.word_mask();
    let others = [0, mask, 1, 1 << (layout.width - 1), 0x5a5a_5a5a_5a5a_5a5a & mask, 0x1234_5067, 0x2d2d_2f30];
    encoded.flatten().flatten().map(|word| word.bits()).chain(others).collect()
}

/// What the program says of words.
fn program(row: &Row, kernel: &str, words: &[u64]) -> Result<Vec<Value>> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(files::root()).args(["run", "-q", "--package", "swp-pte-cli", "--", "decode", "--json"]);
    command.args(["--arch", row.variant(), "--kernel", kernel]).args(words.iter().map(|word| format!("{word:#x}")));
    let output = command.output()?;
    if !output.status.success() {
        bail!("{}: {}", row.variant(), String::from_utf8_lossy(&output.stderr));
    }
    String::from_utf8(output.stdout)?.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

/// The keys that both must have alike.
const KEYS: &[&str] = &[
    "form",
    "word",
    "kind",
    "type",
    "offset",
    "byte_offset",
    "exclusive",
    "soft_dirty",
    "uffd_wp",
    "stray",
    "softleaf",
    "present_why",
    "frame",
    "doubt",
    "notes",
];

fn test() -> Result<()> {
    check()?;
    let mut cases = Vec::new();
    for row in ROWS {
        let kernel = row.layout().source.kernels.last.unwrap_or_else(newest_measured).to_string();
        let words = words(row);
        for (word, said) in words.iter().zip(program(row, &kernel, &words)?) {
            let expected: BTreeMap<_, _> = KEYS.iter().map(|key| (*key, said.get(*key).cloned())).collect();
            let request = json!({ "text": format!("{word:#x}"), "arch": row.variant(), "kernel": kernel });
            cases.push(json!({ "request": request, "expected": expected }));
        }
    }
    let script = "\
<script>ready.then(() => { const wrong = []; let checked = 0;
const canonical = value => JSON.stringify(value === undefined ? null : value, (_, v) => v && typeof v === 'object' && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).sort()) : v);
for (const { request, expected } of CASES) { const row = read(request).rows[0] || {};
for (const key in expected) { checked += 1; if (canonical(row[key]) !== canonical(expected[key]))
wrong.push([request, key, row[key], expected[key]]); } }
const result = document.createElement('pre'); result.id = 'result';
result.textContent = 'RESULT ' + btoa(unescape(encodeURIComponent(JSON.stringify({ checked, wrong: wrong.slice(0, 5), count: wrong.length })))) + ' END';
document.body.append(result); });</script></body>";
    let cases = serde_json::to_string(&cases)?.replace('<', "\\u003c");
    let text = fs::read_to_string(page())?;
    let text = text.replace("</body>", &format!("<script>const CASES = {cases};</script>\n{script}"));
    let folder = files::root().join("target/page");
    fs::create_dir_all(&folder)?;
    let file = folder.join("test.html");
    fs::write(&file, text)?;
    let result = browse(&file)?;
    let (checked, count) = (result["checked"].as_u64().unwrap_or(0), result["count"].as_u64().unwrap_or(1));
    if count > 0 || checked == 0 {
        bail!("the page says something else than the program in {count} of {checked}: {:#}", result["wrong"]);
    }
    println!("docs/decode.html in chromium: {checked} answers on {} layouts, all as the program's", ROWS.len());
    Ok(())
}

/// Opens a file in a browser, and reads what its test says.
fn browse(file: &Path) -> Result<Value> {
    let mut chromium = Command::new("chromium");
    chromium.args(["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=60000", "--dump-dom"]);
    let output = chromium.arg(format!("file://{}", file.display())).output().context("cannot run chromium")?;
    let text = String::from_utf8_lossy(&output.stdout);
    let said = text.rsplit_once("RESULT ").and_then(|(_, rest)| rest.split_once(" END")).map(|(said, _)| said);
    let said = said.with_context(|| format!("the page did not answer: {}", String::from_utf8_lossy(&output.stderr)))?;
    Ok(serde_json::from_slice(&BASE64.decode(said)?)?)
}
