//! What the page says of the configurations, held against their table.

use swp_pte::KernelVersion;
use swp_pte_atlas::find;

use crate::variants::VARIANTS;

const PAGE: &str = include_str!("../../../../docs/oracle.md");

/// The cells of each row of the table of compilers, its head first.
fn rows() -> Vec<Vec<&'static str>> {
    let lines = PAGE.lines().skip_while(|line| !line.starts_with("| configuration |"));
    let lines = lines.take_while(|line| line.starts_with('|')).filter(|line| !line.starts_with("|-"));
    lines.map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

/// Whoever is in the table of configurations has answered on every kernel that the record calls measured, and nobody else.
#[test]
fn every_configuration_answered_on_every_measured_kernel() {
    let rows = rows();
    // Its answers are those of its sibling, which has the file.
    let mut configs: Vec<_> = VARIANTS.iter().filter(|it| it.config != "ppc32-8xx-16k").collect();
    let mut answered: Vec<_> = rows[1..].iter().map(|row| row[0]).collect();
    answered.sort_unstable();
    configs.sort_unstable_by_key(|it| it.config);
    assert_eq!(answered, configs.iter().map(|it| it.config).collect::<Vec<_>>());
    for it in configs {
        let row = rows.iter().find(|row| row[0] == it.config).unwrap();
        assert_eq!(row[1], it.variant);
        assert_eq!(row[2].contains('†'), it.machine.stands_in(), "{}", it.config);
        for (column, release) in rows[0].iter().enumerate().skip(3) {
            let kernel: KernelVersion = release.parse().unwrap();
            let measured = find(it.variant, kernel).is_ok_and(|row| row.layout().source.measured.contains(&kernel));
            // Of older kernels one configuration of a variant was asked.
            let file = format!("{}/../../tests/vectors/v{kernel}-{}.jsonl", env!("CARGO_MANIFEST_DIR"), it.config);
            let measured = measured && (kernel >= KernelVersion::new(5, 10) || std::path::Path::new(&file).is_file());
            assert_eq!(row[column] != "-", measured, "{} on {kernel}", it.config);
        }
    }
}
