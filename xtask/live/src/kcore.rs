//! What the program said in the guest about the guest's own `/proc/kcore`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::compare::Score;
use crate::rows::Rows;
use crate::truth::Truth;

/// The answers lie one behind the other on the guest's second disk; nothing if it was not asked.
pub(crate) fn compare(truth: &Truth, disk: &Path) -> Option<Result<Score>> {
    (!truth.kcore.is_empty()).then(|| answers(truth, disk))
}

fn answers(truth: &Truth, disk: &Path) -> Result<Score> {
    let bytes = fs::read(disk).with_context(|| format!("cannot read {}", disk.display()))?;
    let mut rest = bytes.as_slice();
    let mut score = Score::default();
    for asked in &truth.kcore {
        let Ok(length) = usize::try_from(asked.length) else {
            let text = String::from_utf8_lossy(rest);
            let text = text.trim_end_matches('\0');
            bail!("swp-pte failed in the guest with {:#x}: {text}", -asked.length);
        };
        let (answer, behind) = rest.split_at_checked(length).context("the disk ends inside an answer")?;
        rest = behind;
        if asked.pid == 0 {
            let list = String::from_utf8_lossy(answer);
            score.wrong.extend(truth.regions.first().and_then(|region| missed(&list, region.pid)));
        } else {
            score.told(&Rows::read(answer, asked.pid, truth)?, asked.pid, truth);
        }
    }
    Ok(score)
}

/// The process that told everything must be in the list.
fn missed(list: &str, pid: u32) -> Option<String> {
    let is = |line: &str| {
        let mut words = line.split_whitespace();
        words.next().and_then(|word| word.parse().ok()) == Some(pid) && words.next() == Some("victim")
    };
    (!list.lines().any(is)).then(|| format!("ps does not have {pid}, victim: {list}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_without_the_process_is_wrong() {
        let list = " pid  comm    pgd\n   1  init    0x1000\n 128  victim  0x5384000\n";
        assert_eq!(missed(list, 128), None);
        assert!(missed(list, 1).is_some());
        assert!(missed(list, 12).is_some());
    }
}
