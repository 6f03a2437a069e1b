//! What of a log is said on one architecture only: registers, compilers, functions, machines.

const REGISTERS: u8 = 3;
const FUNCTIONS: u8 = 2;
const MACHINE: u8 = 1;

/// The targets of compilers, as `Linux version` names them.
const TARGETS: &[(&str, &str)] = &[
    ("x86_64-", "x86_64"),
    ("aarch64-", "arm64"),
    ("aarch64_be-", "arm64"),
    ("riscv64-", "riscv64"),
    ("riscv32-", "riscv32"),
    ("s390x-", "s390"),
    ("powerpc64le-", "ppc64le"),
    ("ppc64le-", "ppc64le"),
    ("powerpc64-", "ppc64"),
    ("loongarch64-", "loongarch64"),
    ("arm-linux-", "arm"),
    ("armv7", "arm"),
    ("i686-", "i386"),
    ("sparc64-", "sparc64"),
    ("alpha-", "alpha"),
];

/// The ends of releases that distributions put there, behind `.`, `-` or `_`.
const RELEASES: &[(&str, &str)] = &[
    ("x86_64", "x86_64"),
    ("amd64", "x86_64"),
    ("aarch64", "arm64"),
    ("arm64", "arm64"),
    ("s390x", "s390"),
    ("ppc64le", "ppc64le"),
    ("powerpc64le", "ppc64le"),
    ("powerpc64", "ppc64"),
    ("ppc64", "ppc64"),
    ("riscv64", "riscv64"),
    ("loong64", "loongarch64"),
    ("loongarch64", "loongarch64"),
    ("armmp", "arm"),
    ("armmp-lpae", "arm-lpae"),
    ("686-pae", "i386-pae"),
    ("686", "i386"),
    ("i686", "i386"),
    ("sparc64", "sparc64"),
];

/// Functions that only one architecture has, by how their names begin.
const SYMBOLS: &[(&str, &str)] = &[
    ("entry_SYSCALL_64", "x86_64"),
    ("do_syscall_64", "x86_64"),
    ("__x64_sys_", "x86_64"),
    ("__do_fast_syscall_32", "x86_64"),
    // Until 4.x; both in reports of 2.6.32 and 3.9.
    ("system_call_fastpath", "x86_64"),
    ("retint_signal", "x86_64"),
    ("__arm64_sys_", "arm64"),
    ("el0t_64_sync", "arm64"),
    ("el0_svc", "arm64"),
    ("el0_sync", "arm64"),
    ("el0_da", "arm64"),
    ("el1h_64_sync", "arm64"),
    ("__s390x_sys_", "s390"),
    ("__do_pgm_check", "s390"),
    ("pgm_check_handler", "s390"),
    ("do_dat_exception", "s390"),
    ("__riscv_sys_", "riscv64"),
    ("do_trap_ecall_u", "riscv64"),
    ("system_call_vectored_common", "ppc64"),
    ("data_access_common_virt", "ppc64"),
    ("radix__", "ppc64"),
    ("do_DataAbort", "arm"),
    ("do_PrefetchAbort", "arm"),
    ("ret_fast_syscall", "arm"),
    ("unwind_backtrace", "arm"),
];

/// With what targets and functions begin.
pub(super) const FIRSTS: [char; 12] = ['_', 'a', 'd', 'e', 'i', 'l', 'p', 'r', 's', 'x', 'h', 'u'];

/// The architecture that a word of a line names, with its strength; `before` are the words before it, the nearest first,
/// and `registers` whether `epc` was among all of them.
pub(super) fn of(word: &str, before: [&str; 3], registers: bool) -> Option<(&'static str, u8)> {
    let is_hex = |digits: usize| {
        let text = word.trim_start_matches(['[', '<', '0']).trim_end_matches([']', '>']);
        word.trim_matches(['[', '<', '>', ']']).len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    // By the first letter, since nearly no word is any of these.
    match word.as_bytes().first()? {
        b'R' if matches!(word, "RIP:" | "RSP:" | "RAX:") => return Some(("x86_64", REGISTERS)),
        b'E' if matches!(word, "EIP:" | "EAX:") => return Some(("i386", REGISTERS)),
        b'E' if word == "ESTAT:" => return Some(("loongarch64", REGISTERS)),
        b'p' if word == "pstate:" => return Some(("arm64", REGISTERS)),
        b'p' if word == "psr:" => return Some(("arm", REGISTERS)),
        b'K' if word == "Krnl" => return Some(("s390", REGISTERS)),
        b'T' if word == "TSTATE:" => return Some(("sparc64", REGISTERS)),
        _ => {}
    }
    if before[0] == "NIP:" {
        return match (is_hex(16), is_hex(8)) {
            (true, _) => Some(("ppc64", REGISTERS)),
            (_, true) => Some(("ppc", REGISTERS)),
            _ => None,
        };
    }
    if registers && before[0] == ":" && before[1] == "ra" {
        return match (is_hex(16), is_hex(8)) {
            (true, _) => Some(("riscv64", REGISTERS)),
            (_, true) => Some(("riscv32", REGISTERS)),
            _ => None,
        };
    }
    // Nearly every word of a log is none of these, which its first letter says.
    let bare = word.trim_start_matches(['(', '[', '?']);
    if !bare.starts_with(FIRSTS) {
        return machine(word, before);
    }
    // `Linux version 6.12.9-amd64 (x86_64-linux-gnu-gcc …)`; the next pieces of it are other words.
    if let Some((_, name)) = TARGETS.iter().find(|(target, _)| bare.starts_with(target) && bare.contains("-linux-")) {
        return Some((name, REGISTERS));
    }
    // A trace gives a function's offset and size, `el0_svc+0x2c/0x58`.
    if let Some((_, name)) = SYMBOLS.iter().find(|(symbol, _)| bare.starts_with(symbol)) {
        return Some((name, FUNCTIONS));
    }
    machine(word, before)
}

/// The machine's own name, behind `Hardware name:`.
fn machine(word: &str, before: [&str; 3]) -> Option<(&'static str, u8)> {
    let name = match word.trim_start_matches('(').trim_end_matches([')', ',']) {
        // `Hardware name: IBM 2964 NC9 702 (z/VM 6.4.0)`.
        "z/VM" | "LPAR" | "KVM/Linux" if before.iter().any(|word| word.len() == 3) => "s390",
        "riscv-virtio,qemu" => "riscv64",
        "pSeries" | "PowerNV" => "ppc64",
        _ => return None,
    };
    Some((name, MACHINE))
}

/// The architecture in the name of a release: `6.12.9-amd64`, `5.14.0-427.13.1.el9_4.x86_64`.
pub(crate) fn of_release(release: &str) -> Option<&'static str> {
    let fits = |end: &str| release.strip_suffix(end).is_some_and(|rest| rest.ends_with(['.', '-', '_', '+']));
    // The longest, so that `armmp-lpae` is not missed.
    let fitting = RELEASES.iter().filter(|(end, _)| fits(end));
    fitting.max_by_key(|(end, _)| end.len()).map(|(_, name)| *name)
}

/// All targets and functions.
#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    TARGETS.iter().chain(SYMBOLS)
}
