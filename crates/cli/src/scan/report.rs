//! The summary, for people and as JSON.

use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use comfy_table::{Cell, CellAlignment, Table, presets};
use serde_json::{Value, json};
use swp_pte::{Bytes, Flag, MemoryOrder, Repeated, SwpType};
use swp_pte_atlas::SwapTypes;
use swp_pte_dump::{Dump, Memory};
use swp_pte_scan::{Histogram, Summary};

use super::memory::Gone;
use super::part::Shard;
use crate::output;
use crate::target::Target;

/// What was read, and what came of it.
#[derive(Debug)]
pub(crate) struct Report<'a> {
    /// The file.
    pub(crate) file: &'a Path,
    /// The layout, and the kernel that it stands for.
    pub(crate) target: &'a Target,
    /// The byte order that was used.
    pub(crate) order: MemoryOrder,
    /// How many words, all alike, were taken for one entry.
    pub(crate) copies: u32,
    /// The bytes that were read; of a dump, the first physical address and the one after the last.
    pub(crate) bytes: Range<u64>,
    /// What is said of a dump.
    pub(crate) dump: Option<OfDump<'a>>,
    /// The part, if it was one.
    pub(crate) shard: Option<Shard>,
    /// The figures.
    pub(crate) summary: &'a Summary,
    /// How many swap PTEs are of pages in the swap files that were given, if any were.
    pub(crate) inside: Option<u64>,
}

/// What is said of a dump beside its words.
#[derive(Debug)]
pub(crate) struct OfDump<'a> {
    /// The dump.
    pub(crate) dump: &'a Dump,
    /// Memory that it has, as far as that is known without reading it.
    pub(crate) bytes: u64,
    /// In so many ranges.
    pub(crate) ranges: usize,
    /// What of it could not be read.
    pub(crate) gone: Gone,
}

impl OfDump<'_> {
    fn name(&self) -> String {
        let flattened = if self.dump.is_flattened() { "flattened " } else { "" };
        format!("{flattened}{}", self.dump.format().name())
    }

    fn json(&self) -> Value {
        let Gone { excluded, truncated, damaged, why } = &self.gone;
        json!({
            "format": self.dump.format().name(),
            "flattened": self.dump.is_flattened(),
            "ranges": self.ranges,
            "left_out": excluded,
            "cut_off": truncated,
            "damaged": damaged,
            "first_damaged": why,
            "warnings": self.dump.warnings().iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    }

    /// What is missing, a line each.
    fn missing(&self, out: &mut impl Write) -> io::Result<()> {
        let Gone { excluded, truncated, damaged, why } = &self.gone;
        let size = |bytes: &u64| Bytes(u128::from(*bytes)).to_string();
        if *excluded > 0 {
            writeln!(out, "{} were left out when the dump was written", size(excluded))?;
        }
        if *truncated > 0 {
            writeln!(out, "{SUSPICIOUS}{} are cut off{SUSPICIOUS:#}: the file ends too early", size(truncated))?;
        }
        if let Some(why) = why {
            writeln!(out, "{SUSPICIOUS}{} cannot be read{SUSPICIOUS:#}, the first of it: {why}", size(damaged))?;
        }
        Ok(())
    }
}

const BOLD: Style = Style::new().bold();
const SUSPICIOUS: Style = AnsiColor::Yellow.on_default();

/// Columns of a histogram in the terminal, where there is room, and the fewest that show anything.
const MOST_COLUMNS: usize = 32;
const LEAST_COLUMNS: usize = 8;

impl Report<'_> {
    fn types(&self) -> SwapTypes {
        self.target.types()
    }

    /// What a type means: `swap`, `migration-read` …
    fn meaning(types: &SwapTypes, swp_type: u8) -> &'static str {
        SwpType::new(swp_type.into()).map_or("", |swp_type| types.meaning(swp_type).name())
    }

    /// One JSON object.
    pub(crate) fn json(&self) -> Value {
        let (layout, summary, types) = (self.target.row.layout(), self.summary, self.types());
        let hex = |number: u64| format!("{number:#x}");
        let markers = Flag::ALL.map(|flag| layout.flag(flag).map(|_| summary.with(flag)));
        let [exclusive, soft_dirty, uffd_wp] = markers;
        let of_types: Vec<_> = summary
            .types()
            .map(|(swp_type, of_type)| {
                let (width, counts) = of_type.histogram.bars(Histogram::BARS);
                json!({
                    "type": swp_type,
                    "meaning": Self::meaning(&types, swp_type),
                    "count": of_type.count,
                    "offset_min": hex(of_type.min),
                    "offset_max": hex(of_type.max),
                    "histogram": { "pages_per_bin": hex(width), "counts": counts },
                })
            })
            .collect();
        let examples: Vec<_> = summary
            .examples
            .iter()
            .map(|word| match &self.dump {
                None => json!({ "position": word.position, "word": hex(word.word), "stray": hex(word.stray) }),
                Some(of) => json!({
                    "position": of.dump.file_position(word.position),
                    "physical": hex(word.position),
                    "word": hex(word.word),
                    "stray": hex(word.stray),
                }),
            })
            .collect();
        let mut report = json!({
            "file": self.file.display().to_string(),
            "variant": layout.source.variant,
            "kernel": self.target.kernel.to_string(),
            "kernel_assumed": self.target.assumed,
            "assumed": self.target.assumption(),
            "kernels": layout.source.kernels.to_string(),
            "endian": self.order.name(),
            "start": self.bytes.start,
            "length": self.dump.as_ref().map_or(self.bytes.end - self.bytes.start, |of| of.bytes),
            "shard": self.shard.map(|shard| shard.to_string()),
            "words": summary.words,
            "none": summary.none,
            "present": summary.present,
            "swap": summary.swap(),
            "suspicious": {
                "count": summary.suspicious,
                "stray_bits": hex(summary.stray_bits),
                "first": examples,
            },
            "markers": { "exclusive": exclusive, "soft_dirty": soft_dirty, "uffd_wp": uffd_wp },
            "types": of_types,
        });
        if let Some(inside) = self.inside {
            report["inside"] = inside.into();
        }
        if let Some(of) = &self.dump {
            report["dump"] = of.json();
        }
        if summary.copies_that_differ() > 0 {
            report["copies_that_differ"] =
                json!({ "count": summary.copies_that_differ(), "first": summary.first_that_differs() });
        }
        report
    }

    /// Text.
    ///
    /// # Errors
    /// Output that cannot be written.
    pub(crate) fn text(&self, out: &mut impl Write) -> io::Result<()> {
        let (layout, summary) = (self.target.row.layout(), self.summary);
        let file = self.file.display();
        writeln!(out, "{BOLD}{file}{BOLD:#}: {}, kernels {}", layout.source.variant, layout.source.kernels)?;
        let usual = if self.order == layout.memory.order { "as" } else { "unlike" };
        writeln!(
            out,
            "{}-endian words of {} bytes, {usual} page tables of this architecture",
            self.order.name(),
            layout.width / 8
        )?;
        let Range { start, end } = self.bytes;
        let shard = self.shard.map_or_else(String::new, |shard| format!(", shard {shard}"));
        match &self.dump {
            None => writeln!(out, "bytes {start:#x} to {end:#x} ({}){shard}", Bytes(u128::from(end - start)))?,
            Some(of) => {
                let (name, size, ranges) = (of.name(), Bytes(u128::from(of.bytes)), of.ranges);
                let s = if ranges == 1 { "" } else { "s" };
                writeln!(out, "{name}: memory {start:#x} to {end:#x} ({size} in {ranges} range{s}){shard}")?;
                of.missing(out)?;
            }
        }
        if let Some(Repeated { page_shift, copies, .. }) = layout.memory.repeated {
            let pages = format!("{}K", 1_u64 << page_shift >> 10);
            match self.copies == copies {
                true => writeln!(out, "an entry is {copies} identical words, and is counted once")?,
                false => writeln!(out, "each word is counted: with {pages} pages, ask for --page-size {pages}")?,
            }
        }
        if let Some(first) = summary.first_that_differs() {
            let count = summary.copies_that_differ();
            writeln!(
                out,
                "{SUSPICIOUS}copies that differ: {count}, the first at {first:#x}{SUSPICIOUS:#}; left out below"
            )?;
        }
        writeln!(out)?;
        self.kinds(out)?;
        if summary.clean() > 0 {
            writeln!(out)?;
            self.table(out)?;
        }
        if summary.suspicious > 0 {
            writeln!(out)?;
            self.suspicious(out)?;
        }
        Ok(())
    }

    fn kinds(&self, out: &mut impl Write) -> io::Result<()> {
        let (layout, summary) = (self.target.row.layout(), self.summary);
        #[expect(clippy::cast_precision_loss, reason = "a percentage to one place")]
        let percent = |count: u64, of: u64| if of == 0 { 0.0 } else { count as f64 * 100.0 / of as f64 };
        let mut line =
            |name: &str, count: u64, of: u64| writeln!(out, "{name:<22} {count:>14} {:>6.1} %", percent(count, of));
        let all = summary.words;
        line("words", all, all)?;
        line("  none", summary.none, all)?;
        line("  present", summary.present, all)?;
        line("  swap", summary.swap(), all)?;
        for flag in Flag::ALL.into_iter().filter(|flag| layout.flag(*flag).is_some()) {
            line(&format!("    {}", flag.name()), summary.with(flag), summary.clean())?;
        }
        if let Some(inside) = self.inside {
            line("    in the swap files", inside, summary.swap())?;
        }
        if summary.suspicious > 0 {
            line("    with stray bits", summary.suspicious, summary.swap())?;
        }
        Ok(())
    }

    fn table(&self, out: &mut impl Write) -> io::Result<()> {
        let types = self.types();
        let header = ["type", "meaning", "words", "offsets, in pages", "from 0 to"];
        let rows: Vec<_> = self
            .summary
            .types()
            .map(|(swp_type, of_type)| {
                let (width, bars) = of_type.histogram.bars(MOST_COLUMNS);
                let texts = [
                    swp_type.to_string(),
                    Self::meaning(&types, swp_type).to_owned(),
                    of_type.count.to_string(),
                    format!("{:#x} to {:#x}", of_type.min, of_type.max),
                    format!("{:#x}", width * bars.len() as u64),
                ];
                (texts, of_type.histogram)
            })
            .collect();
        let widest = |(i, name): (usize, &&str)| {
            rows.iter().filter_map(|(texts, _)| texts.get(i)).map(String::len).chain([name.len()]).max().unwrap_or(0)
        };
        // Each column has a space on either side and a line on its left, and the last one on its right too.
        let others = header.iter().enumerate().map(|column| widest(column) + 3).sum::<usize>() + 4;
        let room = output::width().saturating_sub(others).min(MOST_COLUMNS);
        let right = |text: &String| Cell::new(text).set_alignment(CellAlignment::Right);
        let cells = |[swp_type, meaning, words, offsets, to]: &[String; 5]| {
            [right(swp_type), Cell::new(meaning).set_delimiter('-'), right(words), right(offsets), right(to)]
        };
        if room < LEAST_COLUMNS {
            // Without pictures, which JSON has as numbers.
            let mut table = output::table(header.into_iter().take(4), Some(1));
            table.column_iter_mut().for_each(|column| {
                column.set_padding((0, 1));
            });
            for (texts, _) in &rows {
                table.add_row(cells(texts).into_iter().take(4));
            }
            return writeln!(out, "{}", table.trim_fmt());
        }
        let mut table = Table::new();
        table.load_style(presets::UTF8_FULL_CONDENSED);
        table.set_header(header.into_iter().chain(["histogram"]));
        for (texts, histogram) in &rows {
            table.add_row(cells(texts).into_iter().chain([Cell::new(spark(&histogram.bars(room).1))]));
        }
        writeln!(out, "{table}")
    }

    fn suspicious(&self, out: &mut impl Write) -> io::Result<()> {
        let summary = self.summary;
        let layout = self.target.row.layout();
        writeln!(
            out,
            "{SUSPICIOUS}{} swap PTEs have stray bits{SUSPICIOUS:#} ({:#x} in all): no kernel of this layout wrote them.",
            summary.suspicious, summary.stray_bits
        )?;
        writeln!(
            out,
            "Another kernel, byte order or kind of memory? They are not in the figures of types and markers."
        )?;
        let digits = usize::try_from(layout.width / 4).unwrap_or(16) + 2;
        for word in &summary.examples {
            writeln!(out, "  at {:#012x}  {:#0digits$x}  stray {:#x}", word.position, word.word, word.stray)?;
        }
        let more = summary.suspicious - summary.examples.len() as u64;
        if more > 0 {
            writeln!(out, "  and {more} more")?;
        }
        Ok(())
    }
}

/// A bar a count, an eighth of a line at least for anything above 0.
fn spark(counts: &[u64]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let bar = |count: u64| {
        let eighths = usize::try_from((u128::from(count) * 8).div_ceil(u128::from(most))).unwrap_or(0);
        eighths.checked_sub(1).and_then(|bar| BARS.get(bar)).copied().unwrap_or(' ')
    };
    counts.iter().map(|count| bar(*count)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anything_above_zero_is_seen() {
        assert_eq!(spark(&[0, 1, 500, 1000]), " ▁▄█");
        assert_eq!(spark(&[]), "");
        assert_eq!(spark(&[0, 0]), "  ");
        assert_eq!(spark(&[u64::MAX]), "█");
    }
}
