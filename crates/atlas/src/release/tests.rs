//! Releases looked up: upstream, stable updates, vendors, and what had to be assumed.

use super::*;

fn found(variant: &str, release: &str) -> Found {
    find_release(variant, &release.parse().unwrap()).unwrap()
}

#[test]
fn upstream_is_quiet_and_what_is_newer_than_the_record_is_not() {
    for release in ["5.10", "6.12.9", "6.12-rc3", "v6.2-rc4-480-g0123456", "7.3"] {
        assert!(found("x86_64", release).assumed.is_empty(), "{release}");
    }
    let newest = newest_measured();
    assert_eq!(found("x86_64", "9.9").assumed.iter().next(), Some(Assumption::Newer { newest }));
}

#[test]
fn commits_towards_another_layout_are_said() {
    let next = KernelVersion::new(6, 10);
    assert_eq!(found("arm64", "v6.9-480-g0123456").assumed.iter().next(), Some(Assumption::Towards { next }));
    assert!(found("x86_64", "v6.9-480-g0123456").assumed.is_empty());
}

#[test]
fn a_vendor_that_is_not_in_the_record_is_said() {
    let found = found("x86_64", "6.12.9-somebodys");
    let series = KernelVersion::new(6, 12);
    assert_eq!(found.assumed.iter().next(), Some(Assumption::Vendor { vendor: Vendor::Unknown, series }));
}

fn meanings(variant: &str, release: &str, said: Option<(KernelOption, bool)>) -> impl Fn(u64) -> &'static str {
    let said = move |option| said.and_then(|(one, on)| (one == option).then_some(on));
    let types = found(variant, release).swap_types(said, None);
    move |number| swp_pte::SwpType::new(number).map_or("none", |number| types.meaning(number).name())
}

#[test]
fn rhel_9_has_the_bits_of_5_19_from_build_179_on() {
    for variant in ["x86_64", "arm64", "s390", "ppc-book3s64-64k"] {
        let bits = |release| found(variant, release).row.layout().source;
        let layout = |minor| find(variant, KernelVersion::new(5, minor)).map(|row| row.layout().source);
        let [old, new] = [14, 19].map(|minor| layout(minor).unwrap());
        for (release, first) in [
            ("5.14.0-70.30.1.el9_0.x86_64", old),
            ("5.14.0-178.el9.x86_64", old),
            ("5.14.0-179.el9.x86_64", new),
            ("5.14.0-427.13.1.el9_4.x86_64", new),
        ] {
            assert_eq!(bits(release), first, "{variant} {release}");
            assert!(found(variant, release).assumed.is_empty(), "{variant} {release}");
        }
    }
    let last = Build([570, 32, 1, 0]);
    let later = found("arm64", "5.14.0-611.5.1.el9_7.aarch64").assumed;
    assert_eq!(later.iter().next(), Some(Assumption::Later { vendor: Vendor::Rhel, last }));
}

#[test]
fn an_option_that_is_not_known_leaves_types_unnamed() {
    let of_9_2 = |said| meanings("x86_64", "5.14.0-284.30.1.el9_2.x86_64", said);
    let unknown = of_9_2(None);
    assert_eq!([22, 23, 24, 25, 31].map(unknown), ["swap", "unnamed", "unnamed", "unnamed", "unnamed"]);
    let on = of_9_2(Some((KernelOption::PteMarker, true)));
    assert_eq!([22, 23, 24, 31].map(on), ["swap", "hwpoison", "migration-read", "marker"]);
    let off = of_9_2(Some((KernelOption::PteMarker, false)));
    assert_eq!([23, 24, 25, 31].map(off), ["swap", "hwpoison", "migration-read", "device-exclusive-read"]);
}

#[test]
fn openeuler_takes_the_topmost_type() {
    let arm64 = meanings("arm64", "6.6.0-28.0.0.34.oe2403.aarch64", None);
    assert_eq!([22, 23, 30, 31].map(arm64), ["hwpoison", "migration-read", "marker", "userswap"]);
    let off = meanings("arm64", "6.6.0-28.0.0.34.oe2403.aarch64", Some((KernelOption::Userswap, false)));
    assert_eq!([22, 23, 31].map(off), ["swap", "hwpoison", "marker"]);
    assert_eq!([31].map(meanings("x86_64", "6.6.0-111.0.0.103.oe2403.x86_64", None)), ["unnamed"]);
}

/// Between the latest update that is known to have the old layout and the first that is known to have the new one, nobody
/// knows; without a third number the kernel is taken to be updated.
#[test]
fn a_stable_update_can_change_a_layout() {
    let first = |variant: &str, release: &str| {
        let found = find_release(variant, &release.parse().unwrap());
        found.map(|found| (found.row.layout().source.kernels.first, found.assumed.iter().next()))
    };
    let old = |minor| Ok((KernelVersion::new(4, minor), None));
    let inverted = Ok((KernelVersion::new(4, 19), None));
    for (release, is) in [
        ("4.4.0", old(0)),
        ("4.4.147", old(0)),
        ("4.4.148", inverted),
        ("4.4.302", inverted),
        ("4.9.119", old(8)),
        ("4.9.120", inverted),
        ("4.14.62", old(14)),
        ("4.14.63", inverted),
        ("4.15.18", old(14)),
        ("4.17.14", old(14)),
        ("4.17.15", inverted),
        ("4.18.0", old(14)),
        ("4.18.1", inverted),
    ] {
        assert_eq!(first("x86_64", release), is, "{release}");
    }
    let series = KernelVersion::new(4, 4);
    let taken = Assumption::Stable { series, first: 148 };
    assert_eq!(first("x86_64", "4.4"), Ok((KernelVersion::new(4, 19), Some(taken))));
    assert!(matches!(first("riscv-rv64", "4.19.1"), Err(LookupError::Uncertain { .. })));
    assert_eq!(first("riscv-rv64", "4.19.304"), Ok((KernelVersion::new(5, 0), None)));
}

/// Every vendor mended L1TF in its older kernels, which upstream's of that version do not show.
#[test]
fn an_old_kernel_of_a_vendor_is_not_taken_for_upstreams_where_vendors_took_a_later_layout() {
    let first = |variant: &str, release: &str| {
        let found = find_release(variant, &release.parse().unwrap());
        found.map(|found| found.row.layout().source.kernels.first)
    };
    for release in ["3.10.0-123.el7.x86_64", "3.10.0-514.55.4.el7.x86_64", "4.15.0-1027-aws", "4.4.0-210-generic"] {
        assert!(matches!(first("x86_64", release), Err(LookupError::Uncertain { .. })), "{release}");
    }
    // Its third number says that all of the stable updates are in it.
    assert_eq!(first("x86_64", "4.14.355-275.572.amzn2.x86_64"), Ok(KernelVersion::new(4, 19)));
    for (release, layout) in [
        ("4.15.0-31-generic", 14),
        ("4.15.0-32-generic", 19),
        ("4.15.0-213-generic", 19),
        ("4.9.0-7-amd64", 8),
        ("4.9.0-8-amd64", 19),
    ] {
        assert_eq!(first("x86_64", release), Ok(KernelVersion::new(4, layout)), "{release}");
    }
    // Another architecture's is none of it, and RHEL 8 has rows.
    assert_eq!(first("arm64", "4.15.0-213-generic"), first("arm64", "4.15"));
    assert_eq!(first("x86_64", "4.18.0-553.el8_10.x86_64"), Ok(KernelVersion::new(5, 7)));
}
