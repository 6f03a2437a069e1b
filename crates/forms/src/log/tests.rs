//! Lines of real logs.

extern crate std;

use super::*;
use std::vec::Vec;

fn found(line: &str) -> Vec<(Form, u64)> {
    findings(line).map(|one| (one.form, one.value.unwrap())).collect()
}

#[test]
fn every_message_of_old_and_new_kernels() {
    use Form::{Entry, Pmd, Pte};
    for (line, expected) in [
        (
            "BUG: Bad page map in process celery  pte:fd20b000 pmd:16d7b08067",
            &[(Pte, 0xfd20_b000), (Pmd, 0x0016_d7b0_8067)][..],
        ),
        // 6.18 and later: the other levels stand on a line of their own.
        ("BUG: Bad page map in process a b  pte:8000000071c00227", &[(Pte, 0x8000_0000_71c0_0227)]),
        ("BUG: Bad page map in process x  pmd:8000000071c00227", &[(Pmd, 0x8000_0000_71c0_0227)]),
        (
            "pgd:0000000101c63067 p4d:0000000101c63067 pud:0000000101c64067 pmd:0000000101c65067",
            &[(Pmd, 0x0000_0001_01c6_5067)],
        ),
        ("swap_free: Bad swap file entry 007e9058", &[(Entry, 0x007e_9058)]),
        (
            "Oct 10 09:47:46 dev kernel: [90497.361315] swap_dup: Bad swap offset entry 0100d400",
            &[(Entry, 0x0100_d400)],
        ),
        ("[    1.0] _swap_info_get: Unused swap file entry 3ffffffffffff", &[(Entry, 0x3_ffff_ffff_ffff)]),
        ("get_swap_device: Unused swap offset entry 00010000", &[(Entry, 0x1_0000)]),
        ("> > [  200.803094] unrecognized swap entry 0x7c00000000000001", &[(Entry, 0x7c00_0000_0000_0001)]),
        ("pte:0000000012345678 swap_entry:0000000000012345", &[(Pte, 0x1234_5678), (Entry, 0x1_2345)]),
        ("[ffff0000] pgd=0000000012345003, *pte=0000000012345653, *ppte=00000000", &[(Pte, 0x1234_5653)]),
        (
            "PGD 3ffd5067 P4D 3ffd5067 PUD 1000 PMD 3ffd3067 PTE 8000000012345060",
            &[(Pmd, 0x3ffd_3067), (Pte, 0x8000_0000_1234_5060)],
        ),
    ] {
        assert_eq!(found(line), expected, "{line}");
    }
}

#[test]
fn other_lines_have_none() {
    for line in [
        "",
        "a swap entry was found",
        "swap entry: none",
        "Adding 8388604k swap on /dev/vda2.  Priority:-2 extents:1 across:8388604k",
        "pte:xyz pmd:",
        "xpte:12345678",
        "pte:12345678g",
        "swapper pgtable: 4k pages, 48-bit VAs, pgdp=0000000041e0c000",
        "BUG: Bad page state in process swapper/0 pfn:104300",
        "PTE 12345678",
    ] {
        assert_eq!(found(line), [], "{line}");
    }
}

#[test]
fn a_line_that_was_cut_says_so() {
    let cut = |line| findings(line).map(|one| one.is_cut).collect::<Vec<_>>();
    assert_eq!(cut("BUG: Bad page map in process x  pte:80000"), [true]);
    assert_eq!(cut("BUG: Bad page map in process x  pte:80000000 pmd:12"), [false, true]);
    assert_eq!(cut("swap_free: Bad swap file entry 0100d4"), [true]);
    assert_eq!(cut("unrecognized swap entry 0x41"), [false]);
    let ends = |line| findings(line).map(|one| one.ends_line).collect::<Vec<_>>();
    assert_eq!(ends("pte:80000000 pmd:80000000"), [false, true]);
    // A number of more than 64 bits.
    assert_eq!(findings("pte:10000000000000000").next().unwrap().value, None);
}

#[test]
fn kernels() {
    for (line, expected) in [
        ("CPU: 0 PID: 1101 Comm: ssh-agent Tainted: G    B D         4.1.8-v7+ #818", "4.1.8-v7+"),
        (
            "CPU: 1 PID: 3614 Comm: syz Not tainted 6.0.0-rc3-next-20220901-syzkaller #0",
            "6.0.0-rc3-next-20220901-syzkaller",
        ),
        ("CPU: 1 UID: 0 PID: 58 Comm: modprobe Not tainted 6.16.0-rc1+ #15719 NONE", "6.16.0-rc1+"),
        ("Pid: 659, comm: vim Tainted: G    B      2.6.32 #55", "2.6.32"),
        ("Pid: 1, comm: x Not tainted (2.6.32-358.el6.x86_64 #1)", "2.6.32-358.el6.x86_64"),
        (
            "CPU: 3 PID: 9 Comm: y Kdump: loaded Tainted: P OE --------- -  - 4.18.0-348.el8.x86_64 #1",
            "4.18.0-348.el8.x86_64",
        ),
        (
            "[    0.000000] Linux version 5.14.0-427.13.1.el9_4.x86_64 (mock@x) (gcc (GCC) 11.4.1)",
            "5.14.0-427.13.1.el9_4.x86_64",
        ),
    ] {
        let text = items(line).find_map(|item| match item {
            Item::Release { text, .. } => Some(text),
            _ => None,
        });
        assert_eq!(text, Some(expected), "{line}");
    }
    for line in ["Tainted: [B]=BAD_PAGE, [W]=WARN", "systemd version 252.39 running", "perf version 6.12"] {
        assert!(!items(line).any(|item| matches!(item, Item::Release { .. })), "{line}");
    }
}

#[test]
fn architectures() {
    for (line, expected) in [
        ("RIP: 0010:zap_pte_range+0x43d/0x660", Some(("x86_64", 3))),
        ("EIP: 0x8048", Some(("i386", 3))),
        ("pstate: 60400005 (nZCv daif +PAN -UAO)", Some(("arm64", 3))),
        ("pc : [<80013194>]    lr : [<80013690>]    psr: 60000013", Some(("arm", 3))),
        ("Krnl PSW : 0704c00180000000 0000000000123456 (do_swap_page+0x10/0x20)", Some(("s390", 3))),
        ("NIP:  c000000000411f9c LR: c000000000411f98 CTR: 0", Some(("ppc64", 3))),
        ("NIP:  c0411f9c LR: c0411f98 CTR: 0", Some(("ppc", 3))),
        ("epc : ffffffff80148b54 ra : ffffffff80148b50 sp : ff2000", Some(("riscv64", 3))),
        ("epc   : 8012c3a8 handle_mm_fault+0x10", None),
        (" ESTAT: 00010000 [PIL] (IS= ECode=1 EsubCode=0)", Some(("loongarch64", 3))),
        (" el0t_64_sync+0x190/0x194", Some(("arm64", 2))),
        ("[<80013194>] (do_DataAbort) from [<80013690>]", Some(("arm", 2))),
        (" entry_SYSCALL_64_after_hwframe+0x77/0x7f", Some(("x86_64", 2))),
        ("Hardware name: IBM 2964 NC9 702 (z/VM 6.4.0)", Some(("s390", 1))),
        ("Hardware name: riscv-virtio,qemu (DT)", Some(("riscv64", 1))),
        ("Linux version 6.1.0 (root@x) (aarch64-linux-gnu-gcc (Debian 10.2.1) 10.2.1, GNU ld)", Some(("arm64", 3))),
        ("eip: nothing", None),
    ] {
        let said = items(line).find_map(|item| match item {
            Item::Arch { name, strength } => Some((name, strength)),
            _ => None,
        });
        assert_eq!(said, expected, "{line}");
    }
    for (release, arch) in [
        ("6.12.9-amd64", Some("x86_64")),
        ("5.14.0-427.13.1.el9_4.x86_64", Some("x86_64")),
        ("6.1.0-18-armmp-lpae", Some("arm-lpae")),
        ("6.1.0-18-686-pae", Some("i386-pae")),
        ("4.18.0-348.el8.aarch64", Some("arm64")),
        ("6.8.0-31-generic", None),
        ("6.8.0+1686", None),
    ] {
        assert_eq!(arch_of_release(release), arch, "{release}");
    }
}

#[test]
fn hosts_page_sizes_and_ends() {
    let first = |line| items(line).next();
    assert_eq!(first("Oct 10 09:47:46 device-name kernel: x"), Some(Item::Host("device-name")));
    assert_eq!(first("08:46:59  kernel: x"), None);
    assert_eq!(first("LE PAGE_SIZE=64K MMU=Radix SMP NR_CPUS=2048"), Some(Item::PageShift(16)));
    assert_eq!(first("---[ end trace 0000000000000000 ]---"), Some(Item::End));
}

#[test]
fn the_first_letters_of_all_names_are_known() {
    for (name, _) in arch::names() {
        assert!(name.starts_with(arch::FIRSTS), "{name}");
    }
}
