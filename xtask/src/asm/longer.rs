//! Where ours is longer than gcc's, by how much at most, and why. What is longer without an entry is a failure, and so
//! is an entry that allows more than is needed.

use super::report::Line;

/// Functions that may be longer than gcc's.
#[derive(Debug)]
pub(super) struct Longer {
    /// The name of a machine.
    machine: &'static str,
    /// Variants whose layouts are meant, each by the beginning of its name; "" for all.
    variants: &'static [&'static str],
    function: &'static str,
    /// How many instructions more, at most.
    by: usize,
    reason: &'static str,
}

/// The entries. Counted with rustc 1.95.0 (x86_64) and 1.96.0, gcc 12.2.0; the reasons were read off both sides' code.
const LONGER: &[Longer] = &[
    entry("x86_64", &["s390"], "decode", 1, WORD_SELECTED),
    entry("x86_64", &["ppc-nohash32-pte64"], "decode", 3, WORD_SELECTED),
    entry("x86_64", &["arm64"], "decode", 4, EMPTY_WORD_FIRST),
    entry("x86_64", &["ppc-book3s64"], "encode", 1, FIELDS_BY_CONSTANTS),
    entry("x86_64", &["arm64"], "encode", 2, CHECK_AND_MASK),
    entry(
        "x86_64",
        &["ppc-nohash32-40x", "ppc-nohash32-85xx", "ppc-nohash32-8xx", "ppc-nohash32-pte64"],
        "kind",
        1,
        KIND_SELECTED,
    ),
    entry(
        "x86_64",
        &["arm64", "ppc-book3s32", "ppc-nohash64", "riscv-rv64", "s390", "x86_64"],
        "kind",
        2,
        KIND_SELECTED,
    ),
    entry("arm64", &["arm64"], "decode", 2, EMPTY_WORD_FIRST),
    entry(
        "s390x",
        &["ppc-nohash32-40x", "ppc-nohash32-85xx", "ppc-nohash32-8xx", "riscv-rv64"],
        "decode",
        1,
        CONDITION_CODES,
    ),
    entry("s390x", &["arm64", "ppc-book3s32", "ppc-nohash32-pte64", "x86_64"], "decode", 2, CONDITION_CODES),
    entry("s390x", &["riscv-rv32"], "decode", 3, CONDITION_CODES),
    entry("s390x", &["ppc-book3s32"], "kind", 2, KIND_JUMPED),
    entry("riscv64", &["ppc-nohash64"], "encode", 1, CHECK),
    entry("riscv64", &["arm64"], "encode", 3, CHECK_AND_MASK),
    entry("riscv64", &["ppc-book3s32"], "kind", 1, KIND_SELECTED),
    entry("ppc64le", &["ppc-nohash32-40x", "ppc-nohash32-85xx", "s390"], "decode", 1, WORD_SELECTED),
    entry("ppc64le", &["ppc-book3s32", "riscv-rv32"], "decode", 2, WORD_SELECTED),
    entry("ppc64le", &["x86_64"], "decode", 4, WORD_SELECTED_INVERTED),
    entry("ppc64le", &["ppc-nohash64"], "encode", 1, CHECK),
    // The ten after the first five: of entries of one machine and function, what is listed first counts.
    entry("x86_64", &["openrisc", "um"], "decode", 1, WORD_SELECTED),
    entry("x86_64", &["loongarch64"], "decode", 3, WORD_SELECTED),
    entry("x86_64", &["alpha", "sparc64", "mips64"], "decode", 2, TYPE_ASKED_TOO),
    entry("x86_64", &["microblaze"], "decode", 3, TYPE_ASKED_TOO),
    entry("x86_64", &["arm", "i386", "microblaze"], "encode", 2, SHORT_WORD_STORED),
    entry("x86_64", &["openrisc"], "encode", 3, SHORT_WORD_STORED),
    entry("x86_64", &["alpha", "um", "loongarch64", "arm-lpae", "i386-pae", "mips"], "kind", 2, KIND_SELECTED),
    entry("x86_64", &["openrisc", "sparc32", "arm", "microblaze"], "kind", 1, KIND_SELECTED),
    entry("arm64", &["microblaze"], "decode", 1, TYPE_ASKED_TOO),
    entry("arm64", &["openrisc"], "decode", 2, TYPE_ASKED_TOO),
    entry("arm64", &["i386-pae", "xtensa"], "decode", 2, EMPTY_WORD_FIRST),
    entry("arm64", &["openrisc", "arm", "i386", "microblaze"], "encode", 2, SHORT_WORD_STORED),
    entry("s390x", &["alpha", "arm-lpae", "mips64"], "decode", 1, CONDITION_CODES),
    entry("s390x", &["openrisc", "um", "arm", "mips32", "microblaze"], "decode", 2, CONDITION_CODES),
    entry("s390x", &["i386", "xtensa"], "decode", 3, CONDITION_CODES),
    entry("s390x", &["sparc32"], "decode", 4, CONDITION_CODES),
    entry("s390x", &["mips32"], "kind", 2, KIND_JUMPED),
    entry("riscv64", &["openrisc", "arm", "i386"], "decode", 1, WORD_SELECTED),
    entry("riscv64", &["microblaze"], "decode", 2, TYPE_ASKED_TOO),
    entry("riscv64", &["alpha", "um"], "encode", 1, CHECK),
    entry("riscv64", &["openrisc", "arm", "i386", "microblaze"], "encode", 2, SHORT_WORD_STORED),
    entry("riscv64", &["mips32"], "kind", 1, KIND_SELECTED),
    entry("ppc64le", &["loongarch64", "i386"], "decode", 1, WORD_SELECTED),
    entry("ppc64le", &["mips32-xpa"], "decode", 4, WORD_SELECTED),
    entry("ppc64le", &["mips32-phys64"], "decode", 5, WORD_SELECTED),
    entry("ppc64le", &["sparc32", "um", "mips32"], "decode", 2, WORD_SELECTED),
    entry("ppc64le", &["alpha"], "decode", 5, TYPE_ASKED_TOO),
    entry("ppc64le", &["openrisc", "sparc64", "mips64"], "decode", 6, TYPE_ASKED_TOO),
    entry("ppc64le", &["microblaze"], "decode", 7, TYPE_ASKED_TOO),
    entry("ppc64le", &["xtensa"], "decode", 7, EMPTY_WORD_FIRST),
    entry("ppc64le", &["sparc64", "loongarch64", "mips64"], "encode", 1, CHECK),
    // The other seven; the longer of two names that begin alike comes first.
    entry("x86_64", &["csky-ck610"], "decode", 2, PIECES_SELECTED),
    entry("x86_64", &["arc-pae40", "arc"], "decode", 3, WORD_SELECTED),
    entry("x86_64", &["m68k-sun3"], "decode", 1, TYPE_ASKED_TOO),
    entry("x86_64", &["parisc32", "parisc64", "hexagon"], "decode", 1, PIECES_SELECTED),
    entry("x86_64", &["nios2"], "decode", 2, WORD_SELECTED),
    entry("x86_64", &["csky"], "decode", 3, PIECES_SELECTED),
    entry("x86_64", &["m68k-motorola"], "decode", 4, TYPE_ASKED_TOO),
    entry("x86_64", &["m68k-coldfire", "sh"], "decode", 5, TYPE_ASKED_TOO),
    entry("x86_64", &["csky-ck610"], "encode", 4, PIECES_PLACED),
    entry("x86_64", &["parisc32"], "encode", 1, PIECES_PLACED),
    entry("x86_64", &["m68k-sun3"], "encode", 2, LOSS_ASKED_TOO),
    entry("x86_64", &["sh"], "encode", 2, SHORT_WORD_STORED),
    entry("x86_64", &["hexagon", "csky"], "encode", 2, PIECES_PLACED),
    entry("x86_64", &["m68k-coldfire", "m68k-motorola", "arc"], "encode", 3, SHORT_WORD_STORED),
    entry("x86_64", &["nios2"], "encode", 7, LOSS_ASKED_TOO),
    entry("x86_64", &["csky-ck610", "arc-pae40", "parisc64", "sh-x2tlb", "nios2", "csky"], "kind", 2, KIND_SELECTED),
    entry("x86_64", &["m68k-coldfire", "parisc32", "hexagon", "arc"], "kind", 1, KIND_SELECTED),
    entry("arm64", &["sh"], "decode", 1, TYPE_ASKED_TOO),
    entry("arm64", &["m68k-motorola"], "decode", 2, TYPE_ASKED_TOO),
    entry("arm64", &["csky-ck610"], "encode", 2, PIECES_PLACED),
    entry("arm64", &["parisc32", "hexagon", "csky"], "encode", 1, PIECES_PLACED),
    entry("arm64", &["m68k-coldfire", "m68k-motorola", "arc", "sh"], "encode", 2, SHORT_WORD_STORED),
    entry("arm64", &["m68k-sun3"], "encode", 2, LOSS_ASKED_TOO),
    entry("s390x", &["csky-ck610", "arc", "sh"], "decode", 3, CONDITION_CODES),
    entry("s390x", &["m68k-motorola", "csky"], "decode", 1, CONDITION_CODES),
    entry("s390x", &["parisc32", "hexagon", "nios2"], "decode", 2, CONDITION_CODES),
    entry("s390x", &["m68k-sun3"], "decode", 4, CONDITION_CODES),
    entry("s390x", &["m68k-coldfire"], "decode", 5, CONDITION_CODES),
    entry("s390x", &["parisc32", "parisc64"], "encode", 1, PIECES_PLACED),
    entry("s390x", &["m68k-coldfire", "arc"], "encode", 2, SHORT_WORD_STORED),
    entry("s390x", &["m68k-sun3"], "encode", 2, LOSS_ASKED_TOO),
    entry("s390x", &["csky-ck610"], "kind", 2, KIND_JUMPED),
    entry("s390x", &["nios2"], "kind", 1, KIND_JUMPED),
    entry("riscv64", &["csky-ck610", "parisc32", "csky"], "decode", 1, PIECES_SELECTED),
    entry("riscv64", &["arc"], "decode", 1, WORD_SELECTED),
    entry("riscv64", &["m68k-motorola", "sh"], "decode", 1, TYPE_ASKED_TOO),
    entry("riscv64", &["m68k-sun3"], "decode", 3, TYPE_ASKED_TOO),
    entry("riscv64", &["m68k-coldfire"], "decode", 4, TYPE_ASKED_TOO),
    entry("riscv64", &["csky-ck610"], "encode", 2, PIECES_PLACED),
    entry("riscv64", &["parisc32", "hexagon", "csky"], "encode", 1, PIECES_PLACED),
    entry("riscv64", &["m68k-coldfire", "m68k-motorola", "arc", "sh"], "encode", 2, SHORT_WORD_STORED),
    entry("riscv64", &["nios2"], "encode", 3, LOSS_ASKED_TOO),
    entry("riscv64", &["m68k-sun3"], "encode", 4, LOSS_ASKED_TOO),
    entry("riscv64", &["csky-ck610", "nios2"], "kind", 1, KIND_SELECTED),
    entry("ppc64le", &["csky-ck610"], "decode", 6, PIECES_SELECTED),
    entry("ppc64le", &["parisc64"], "decode", 1, PIECES_SELECTED),
    entry("ppc64le", &["m68k-motorola"], "decode", 2, TYPE_ASKED_TOO),
    entry("ppc64le", &["parisc32"], "decode", 2, PIECES_SELECTED),
    entry("ppc64le", &["sh"], "decode", 3, TYPE_ASKED_TOO),
    entry("ppc64le", &["nios2"], "decode", 3, WORD_SELECTED),
    entry("ppc64le", &["m68k-sun3"], "decode", 6, TYPE_ASKED_TOO),
    entry("ppc64le", &["csky"], "decode", 9, PIECES_SELECTED),
    entry("ppc64le", &["m68k-coldfire"], "decode", 10, TYPE_ASKED_TOO),
    entry("ppc64le", &["csky-ck610", "parisc64"], "encode", 1, PIECES_PLACED),
    entry("ppc64le", &["nios2"], "encode", 1, LOSS_ASKED_TOO),
    // Kernels from before 5.10.
    entry("x86_64", &["ppc-book3s64"], "decode", 1, WORD_SELECTED),
    entry("x86_64", &["ppc-book3s64"], "kind", 1, KIND_SELECTED),
    entry("s390x", &["ppc-book3s64"], "decode", 3, CONDITION_CODES),
    entry("riscv64", &["x86_64"], "encode", 1, CHECK),
    entry("ppc64le", &["ppc-book3s64"], "decode", 3, WORD_SELECTED),
];

const KIND_SELECTED: &str = "present or swap is computed, and none selected instead, without a branch; gcc's C jumps where \
     the word is none, which is shorter and can be mispredicted";
const KIND_JUMPED: &str = "rustc compiles for z10, which selects nothing by a condition: each of three numbers is loaded and \
     jumped over; gcc's C subtracts the bit of a present word from the number of a swap PTE, and jumps once";
const WORD_SELECTED: &str = "the refused word is the error's value: the answers of all questions are joined to the status, \
     and the word is selected in place of the entry, without a branch; gcc's C jumps out at each question, with a constant \
     for the status and no number";
const WORD_SELECTED_INVERTED: &str = "as where the refused word is selected without a branch; and the offset is inverted by \
     a mask that is made in two instructions, where gcc's C inverts the whole word and masks while it shifts";
const EMPTY_WORD_FIRST: &str = "of three questions, the first has an end of its own, where the empty word is made anew; the \
     answers of the others are joined, since their word takes the place of the entry; gcc's C jumps to one end at each";
const CONDITION_CODES: &str = "the status is joined from the answers, and a condition code becomes a bit by way of ipm, an \
     addition and a shift or insertion; status and, of 32 bits, word are widened; gcc's C jumps out at each question and \
     stores a constant";
const PIECES_SELECTED: &str = "a field in pieces is put together, the refused word selected in its place, and the answers joined \
     to the status, without a branch; gcc's C jumps out at each question, with a constant for the status and no number";
const PIECES_PLACED: &str = "one comparison asks for both refusals, with two constants; each piece of a field is masked and \
     shifted by itself; and an entry of 64 bits or a word of 32 goes through memory, where gcc's C returns the word alone";
const LOSS_ASKED_TOO: &str = "entries that an old kernel loses are moved beyond the last one, so that one comparison refuses \
     them too, and the entry or the word goes through memory; gcc's C asks one by one, and branches at each";
const CHECK: &str = "one comparison asks for both refusals, with two constants that take instructions to make, and the \
     refused entry is moved to be the error's value; gcc's C branches twice and has no number to give";
const CHECK_AND_MASK: &str = "one comparison asks for both refusals, with two constants that take instructions to make, and \
     a third masks the offset after one shift; gcc's C branches twice and shifts the offset down and up";
const TYPE_ASKED_TOO: &str = "the field holds types above 31, which no entry has: a third question, whose answer is joined \
     to the status as the others are, and the refused word is selected in place of the entry, without a branch; gcc's C \
     jumps out at it, with a constant for the status and no number";
const SHORT_WORD_STORED: &str = "one comparison asks for both refusals, with two constants; and the result, an entry of 64 bits \
     or a word of 32, goes through memory in two stores, where gcc's C returns the status and stores the word alone";
const FIELDS_BY_CONSTANTS: &str = "the offset is shifted once and masked, and the bit that is always 1 is or-ed in, with a \
     constant of 64 bits loaded for each; gcc's C shifts the offset down and up and sets the bit in one instruction";

const fn entry(
    machine: &'static str,
    variants: &'static [&'static str],
    function: &'static str,
    by: usize,
    reason: &'static str,
) -> Longer {
    Longer { machine, variants, function, by, reason }
}

impl Longer {
    fn covers(&self, line: &Line) -> bool {
        self.machine == line.machine
            && self.variants.iter().any(|variant| line.function.row.variant().starts_with(variant))
            && self.function == line.function.name
    }
}

/// What of these lines is against the table; where a machine was not looked at, its entries are not asked for.
pub(super) fn faults(lines: &[&Line]) -> Vec<String> {
    faults_of(LONGER, lines)
}

fn faults_of(entries: &[Longer], lines: &[&Line]) -> Vec<String> {
    let mut faults = Vec::new();
    for line in lines.iter().filter(|line| line.longer_by() > 0) {
        let Line { machine, function, size, gcc } = line;
        let what = format!("{machine}: {} has {} instructions, gcc's {gcc}", function.symbol, size.instructions);
        match entries.iter().find(|entry| entry.covers(line)) {
            None => faults.push(format!("{what}, and nothing in longer.rs says why")),
            Some(entry) if line.longer_by() > entry.by => {
                faults.push(format!("{what}; longer.rs allows {} more: {}", entry.by, entry.reason));
            }
            Some(_) => {}
        }
    }
    for (i, entry) in entries.iter().enumerate() {
        if !lines.iter().any(|line| line.machine == entry.machine) {
            continue;
        }
        // The first entry that covers a function is the one that counts.
        let first = |line: &&&Line| entries.iter().position(|entry| entry.covers(line)) == Some(i);
        let needed = lines.iter().filter(first).map(|line| line.longer_by()).max().unwrap_or(0);
        if needed < entry.by {
            let Longer { machine, variants, function, by, .. } = entry;
            faults.push(format!(
                "longer.rs allows {machine} {variants:?} {function} {by} instructions more than gcc, and {needed} suffice"
            ));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asm::{functions, listing::Size};

    const ENTRY: Longer = entry("arm64", &["x86"], "encode", 2, "a reason");

    fn line(machine: &'static str, ours: usize, gcc: usize) -> Line {
        let function = functions::all().into_iter().find(|function| function.symbol == "x86_64__since_5_19__encode");
        Line { machine, function: function.unwrap(), size: Size { instructions: ours, branches: 1 }, gcc }
    }

    #[test]
    fn longer_needs_an_entry_and_an_entry_needs_to_be_needed() {
        let faults = |lines: &[Line]| faults_of(&[ENTRY], &lines.iter().collect::<Vec<_>>()).join("\n");
        assert_eq!(faults(&[line("arm64", 12, 10)]), "");
        assert!(faults(&[line("arm64", 13, 10)]).contains("longer.rs allows 2 more: a reason"));
        assert!(faults(&[line("arm64", 11, 10)]).contains("and 1 suffice"));
        assert!(faults(&[line("arm64", 9, 10)]).contains("and 0 suffice"));
        assert!(faults(&[line("s390x", 12, 10)]).contains("nothing in longer.rs says why"));
        assert_eq!(faults(&[line("s390x", 10, 10)]), "");
    }

    #[test]
    fn every_entry_says_why() {
        assert!(LONGER.iter().all(|entry| entry.reason.len() > 20 && entry.by > 0));
    }
}
