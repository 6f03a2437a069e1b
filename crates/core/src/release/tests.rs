//! Releases as machines, logs and trees print them.

extern crate std;

use super::*;
use std::string::ToString;

fn read(text: &str) -> Release {
    text.parse().unwrap_or_else(|_| panic!("{text} is a release"))
}

#[test]
fn upstream_says_how_far_it_came() {
    let series = KernelVersion::new(6, 2);
    for (text, stable, candidate, commits) in [
        ("6.2", None, None, None),
        ("6.2.0", Some(0), None, None),
        ("6.2.16", Some(16), None, None),
        ("6.2.0-rc4+", Some(0), Some(4), None),
        ("v6.2-rc4", None, Some(4), None),
        ("v6.2-rc4-480-g0123456789ab", None, Some(4), Some(480)),
        ("6.2.0-rc4-00480-g0123456789ab-dirty", Some(0), Some(4), Some(480)),
        ("v6.2-480-g0123456", None, None, Some(480)),
    ] {
        let release = read(text);
        assert_eq!(
            (release.series(), release.stable(), release.candidate(), release.commits()),
            (series, stable, candidate, commits),
            "{text}"
        );
        assert_eq!((release.vendor(), release.build()), (None, None), "{text}");
        assert_eq!(release.to_string(), text);
    }
}

#[test]
fn a_release_is_found_in_its_line() {
    for line in [
        "5.14.0-427.13.1.el9_4.x86_64",
        " 5.14.0-427.13.1.el9_4.x86_64\n",
        "Linux version 5.14.0-427.13.1.el9_4.x86_64 (mockbuild@example.org) (gcc (GCC) 11.4.1) #1 SMP",
        "[    0.000000] Linux version 5.14.0-427.13.1.el9_4.x86_64 (mockbuild@example.org)",
        "Linux host 5.14.0-427.13.1.el9_4.x86_64 #1 SMP PREEMPT_DYNAMIC x86_64 GNU/Linux",
    ] {
        let release = read(line);
        assert_eq!(release.as_str(), "5.14.0-427.13.1.el9_4.x86_64", "{line}");
        assert_eq!((release.stable(), release.build()), (Some(0), Some(Build([427, 13, 1, 0]))), "{line}");
    }
    assert_eq!(Build([427, 13, 1, 0]).to_string(), "427.13.1");
    assert_eq!(Build::new(179).to_string(), "179");
}

#[test]
fn what_is_no_release_is_refused() {
    let long = "6.12-".to_string() + &"x".repeat(60);
    for text in [
        "",
        " ",
        "6",
        "6.",
        ".12",
        "6.x",
        "+6.12",
        "6.+12",
        "6.012",
        "06.12",
        "6.12.",
        "6.12.x",
        "6.12.01",
        "6.12abc",
        "99999.1",
        "6.99999",
        "6.12.99999",
        "6,12",
        "é.1",
        "6.12-é",
        "6.12 and more",
        "Linux version ",
        "Linux",
        "vv6.12",
        "6.12\0",
        &long,
    ] {
        assert_eq!(text.parse::<Release>(), Err(VersionError::NotAVersion), "{text:?}");
    }
}
