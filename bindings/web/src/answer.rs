//! What every layout reads in a number, best first.

use serde::Serialize;
use swp_pte::{Level, MemoryOrder, Release};
use swp_pte_atlas::{ARCHES, Found as Record, ROWS, Row, SECOND_FORMS, find_release_at, newest_measured};
use swp_pte_draw::{Role, cells, legend};
use swp_pte_forms::Form;
use swp_pte_reading::{EntryReading, Keys, PagemapReading, Reader, Said, elsewhere};
use swp_pte_scan::Evidence;

use crate::request::{Number, Request, level};

/// The answer.
#[derive(Serialize)]
struct Answer {
    numbers: Vec<Number>,
    release: Option<String>,
    arch: Option<String>,
    error: Option<String>,
    rows: Vec<Line>,
}

/// What a layout reads.
#[derive(Serialize)]
struct Line {
    variant: &'static str,
    kernels: String,
    kernel: String,
    form: &'static str,
    word: Option<String>,
    assumed: Option<String>,
    #[serde(flatten)]
    keys: Keys,
    score: Option<f64>,
    cells: Vec<Cell>,
}

/// A box of the picture.
#[derive(Serialize)]
struct Cell {
    bits: String,
    width: u32,
    label: String,
    role: &'static str,
    value: String,
    says: String,
}

/// Answers a request, JSON to JSON.
#[must_use]
pub fn answer(request: &str) -> String {
    let request: Request = match serde_json::from_str(request) {
        Ok(request) => request,
        Err(error) => return serde_json::json!({ "error": error.to_string(), "numbers": [], "rows": [] }).to_string(),
    };
    let found = request.found();
    let mut answer = Answer {
        release: Some(request.kernel.trim().to_owned()).filter(|kernel| !kernel.is_empty()).or(found.release),
        arch: Some(request.arch.trim().to_owned()).filter(|arch| !arch.is_empty()).or(found.arch.map(str::to_owned)),
        error: found.error,
        numbers: found.numbers,
        rows: Vec::new(),
    };
    let release = match answer.release.as_deref().map(str::parse::<Release>) {
        Some(Err(error)) => {
            answer.error = Some(format!("kernel: {error}"));
            None
        }
        Some(Ok(release)) => Some(release),
        None => None,
    };
    let number = answer.numbers.get(request.index).or(answer.numbers.first());
    if let Some((form, value)) = number.and_then(|number| number.value) {
        answer.rows = rows(form, value, answer.arch.as_deref(), release.as_ref());
        if answer.rows.is_empty() && answer.error.is_none() {
            answer.error = Some("no layout of the record has this architecture and kernel".into());
        }
    }
    serde_json::to_string(&answer).unwrap_or_default()
}

/// The variants that a name means; all without one, none of an unknown one.
fn is_meant(variant: &str, arch: Option<&str>) -> bool {
    let Some(name) = arch else { return true };
    let is = |other: &str| other.eq_ignore_ascii_case(name);
    if ROWS.iter().any(|row| is(row.variant())) {
        return is(variant);
    }
    ARCHES.iter().any(|arch| {
        let fits = arch.names.iter().find(|one| is(one.name)).map(|one| one.fits);
        fits.map_or_else(
            || (is(arch.name) || is(arch.kernel_name)) && arch.variant(variant).is_some(),
            |fits| fits.iter().any(|(fit, _)| *fit == variant),
        )
    })
}

/// What a layout reads, the best explanation first.
fn rows(form: Form, value: u64, arch: Option<&str>, release: Option<&Release>) -> Vec<Line> {
    let level = level(form);
    let mut rows: Vec<Line> = Vec::new();
    match release {
        Some(release) => {
            let mut seen: Vec<&str> = Vec::new();
            for variant in ROWS.iter().map(Row::variant).filter(|variant| is_meant(variant, arch)) {
                if seen.contains(&variant) {
                    continue;
                }
                seen.push(variant);
                if let Ok(record) = find_release_at(variant, level, release) {
                    rows.extend(line(form, value, &record, release.series()));
                }
            }
        }
        None => {
            let second = |row: &&Row| level == Level::Pmd && row.layout().source.level == level;
            let has_second =
                |row: &Row| SECOND_FORMS.iter().filter(second).any(|other| other.variant() == row.variant());
            let pte = ROWS.iter().filter(|row| level == Level::Pte || !has_second(row));
            for row in pte.chain(SECOND_FORMS.iter().filter(second)).filter(|row| is_meant(row.variant(), arch)) {
                let kernel = row.layout().source.kernels.last.unwrap_or_else(newest_measured);
                rows.extend(line(form, value, &Record::upstream(row, kernel), kernel));
            }
        }
    }
    // Stable: what explains a word as well stays in the order of the atlas.
    rows.sort_by(|one, other| other.score.unwrap_or(f64::MIN).total_cmp(&one.score.unwrap_or(f64::MIN)));
    rows
}

fn line(form: Form, value: u64, record: &Record, kernel: swp_pte::KernelVersion) -> Option<Line> {
    let layout = record.row.layout();
    let types = record.swap_types(|_| None, None);
    let reader = Reader::new(record.row, level(form), kernel, types, layout.page_shift);
    let said = reader.said(form, value).ok()?;
    let (doubts, hints) = (reader.doubts(value, &said), elsewhere(&reader, form, value, &said));
    let word = match &said {
        Said::Word(_) => Some(value),
        Said::Entry(EntryReading { word, .. }) => word.ok(),
        Said::Pagemap(PagemapReading { .. }) => None,
    };
    Some(Line {
        variant: record.row.variant(),
        kernels: layout.source.kernels.to_string(),
        kernel: kernel.to_string(),
        form: form.name(),
        word: word.map(|word| format!("{word:#x}")),
        assumed: (!record.assumed.is_empty()).then(|| record.assumed.to_string()),
        keys: Keys::of(&said, &doubts, &hints),
        score: word
            .and_then(|word| score(record.row, word))
            .map(|score| if doubts.is_empty() { score } else { score - 16.0 }),
        cells: word.map_or_else(Vec::new, |word| picture(record.row, word)),
    })
}

/// How well a layout explains a word.
fn score(row: &'static Row, word: u64) -> Option<f64> {
    let bytes = word.to_be_bytes();
    let width = usize::try_from(row.layout().width / 8).ok()?;
    let mut evidence = Evidence::new(row, MemoryOrder::Big);
    evidence.add(bytes.get(bytes.len() - width..)?).ok()?;
    Some(evidence.score())
}

/// The boxes of a word, from the highest bit.
fn picture(row: &Row, word: u64) -> Vec<Cell> {
    let legend = legend(row.layout());
    let of = |cell: swp_pte_draw::Cell<'_>| {
        let role = Role::from(cell.claim);
        let symbol = cell.label.trim_matches(['(', ')']).split('[').next().unwrap_or_default();
        let says = |entry: &&swp_pte_draw::Entry| entry.role == role && entry.symbol == symbol;
        let width = cell.high - cell.low + 1;
        let value = cell.of(word);
        Cell {
            bits: cell.bits(),
            width,
            role: name(role),
            value: if width > 8 { format!("{value:#x}") } else { format!("{value:0width$b}", width = width as usize) },
            says: legend.iter().find(says).map(|entry| entry.text.clone()).unwrap_or_default(),
            label: cell.label,
        }
    };
    cells(row.layout()).map(of).collect()
}

fn name(role: Role) -> &'static str {
    match role {
        Role::Type => "type",
        Role::Offset => "offset",
        Role::Exclusive => "exclusive",
        Role::Marker => "marker",
        Role::Reserved => "reserved",
        Role::Unused => "unused",
    }
}
