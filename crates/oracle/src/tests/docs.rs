//! What the pages say of the configurations, held against their table.

use swp_pte::KernelVersion;
use swp_pte_atlas::find;

use crate::variants::VARIANTS;

const PAGE: &str = include_str!("../../../../docs/oracle.md");
const README: &str = include_str!("../../../../README.md");

/// The cells of each row of the table of seconds, its head first.
fn rows() -> Vec<Vec<&'static str>> {
    let lines = PAGE.lines().skip_while(|line| !line.starts_with("| configuration |"));
    let lines = lines.take_while(|line| line.starts_with('|')).filter(|line| !line.starts_with("|-"));
    lines.map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

/// The kernels of the table, as the number of the column and the kernel.
fn kernels() -> Vec<(usize, KernelVersion)> {
    let rows = rows();
    (1..).zip(rows[0][1..].iter().map(|release| release.parse().unwrap())).collect()
}

#[test]
fn every_configuration_was_timed_on_every_kernel_that_has_it() {
    let rows = rows();
    let configs: Vec<_> = VARIANTS.iter().map(|it| it.config).collect();
    let timed: Vec<_> = rows[1..].iter().map(|row| row[0]).take_while(|name| !name.starts_with("**")).collect();
    assert_eq!(timed, configs);
    for (it, row) in VARIANTS.iter().zip(&rows[1..]) {
        for (column, kernel) in kernels() {
            let skipped = row[column] == "-";
            assert_eq!(skipped, find(it.variant, kernel).is_err(), "{} on {kernel}", it.config);
            assert!(skipped || row[column].parse::<u32>().is_ok(), "{} on {kernel}", it.config);
        }
    }
}

#[test]
fn the_pages_count_the_configurations_that_agree() {
    let had = |kernel| VARIANTS.iter().filter(|it| find(it.variant, kernel).is_ok()).count();
    let (mut counts, mut said) = (Vec::new(), Vec::new());
    for (_, kernel) in kernels() {
        let series = KernelVersion::new(kernel.major, kernel.minor);
        counts.push(had(kernel));
        said.push(format!("{} of {series}", had(kernel)));
    }
    let last = said.pop().unwrap();
    let sentence = format!("{} and {last}", said.join(", "));
    assert!(PAGE.replace('\n', " ").contains(&sentence), "docs/oracle.md does not say: {sentence}");
    let (fewest, most) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
    let range = format!("{fewest} or {most} configurations");
    assert!(README.contains(&range), "README.md does not say: {range}");
}
