//! Reads a release, strictly: whatever is not understood is an error or, behind the numbers, somebody's suffix.

use super::text::Text;
use super::vendor::parts;
use super::{Build, Release, Vendor};
use crate::{KernelVersion, VersionError};

const NO: VersionError = VersionError::NotAVersion;

/// More commits than a review of a stable update has.
const MANY: u32 = 1000;

/// Where a release begins in a line.
const BEFORE: &str = "Linux version ";

/// A decimal number without a sign and without zeros before it, and what follows it.
fn number<N: core::str::FromStr>(text: &str) -> Option<(N, &str)> {
    let end = text.bytes().position(|b| !b.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    if digits.len() > 1 && digits.starts_with('0') {
        return None;
    }
    Some((digits.parse().ok()?, rest))
}

/// The word of a line that is the release.
fn word(text: &str) -> &str {
    let text = text.trim();
    if let Some((_, rest)) = text.split_once(BEFORE) {
        return rest.split_whitespace().next().unwrap_or_default();
    }
    // `uname -a`: the name of the system, of the host, and the release.
    if let Some(rest) = text.strip_prefix("Linux ") {
        return rest.split_whitespace().nth(1).unwrap_or_default();
    }
    text
}

pub(super) fn release(text: &str) -> Result<Release, VersionError> {
    let word = word(text);
    if !word.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(NO);
    }
    let copy = Text::of(format_args!("{word}")).ok_or(NO)?;
    let numbers = word.strip_prefix('v').unwrap_or(word);
    let (major, rest) = number(numbers).ok_or(NO)?;
    let (minor, rest) = rest.strip_prefix('.').and_then(number).ok_or(NO)?;
    // `KERNEL_VERSION` (include/linux/version.h) has eight bits for each.
    if major > 255 || minor > 255 {
        return Err(NO);
    }
    let series = KernelVersion { major, minor };
    let (stable, rest) = match rest.strip_prefix('.') {
        Some(rest) => number(rest).map(|(stable, rest)| (Some(stable), rest)).ok_or(NO)?,
        None => (None, rest),
    };
    if !(rest.is_empty() || rest.starts_with(['.', '-', '+', '_', '~'])) {
        return Err(NO);
    }
    let candidate = candidate(rest);
    let (commits, own) = described(rest);
    // ChromeOS names its kernels so: upstream's stable series, and behind it commits by the thousand.
    let many = own && stable.is_some_and(|stable| stable > 0) && commits.is_some_and(|commits| commits >= MANY);
    let vendor = match own {
        true if many => Some(Vendor::ChromeOs),
        true => None,
        false => Some(Vendor::of(rest, series)),
    };
    let build = if own { None } else { build(rest) };
    Ok(Release { text: copy, series, stable, candidate, commits, build, vendor })
}

/// 4 in `-rc4-480-g0123456`, `~rc4`, `-0.rc4.44.fc42`.
fn candidate(suffix: &str) -> Option<u16> {
    parts(suffix).find_map(|part| match number(part.strip_prefix("rc")?) {
        Some((number, "")) => Some(number),
        _ => None,
    })
}

/// How many commits `git describe` or the kernel's `setlocalversion` counted, and whether the suffix is all theirs.
fn described(suffix: &str) -> (Option<u32>, bool) {
    let rest = suffix.strip_suffix("-dirty").unwrap_or(suffix);
    let rest = rest.strip_suffix('+').unwrap_or(rest);
    let is_candidate = |text: &str| {
        text.is_empty() || text.strip_prefix("-rc").is_some_and(|n| matches!(number::<u16>(n), Some((_, ""))))
    };
    if is_candidate(rest) {
        return (None, true);
    }
    let hash = |text: &str| {
        text.strip_prefix('g')
            .is_some_and(|hash| (7..=40).contains(&hash.len()) && hash.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    let Some((before, _)) = rest.rsplit_once('-').filter(|(_, last)| hash(last)) else { return (None, false) };
    let Some((before, count)) = before.rsplit_once('-') else { return (None, false) };
    // setlocalversion writes five digits, zeros in front.
    let digits = (1..=7).contains(&count.len()) && count.bytes().all(|b| b.is_ascii_digit());
    let commits = count.parse().ok().filter(|_| digits);
    (commits, commits.is_some() && is_candidate(before))
}

/// The numbers behind the first hyphen: 427, 13, 1 in `-427.13.1.el9_4.x86_64`.
fn build(suffix: &str) -> Option<Build> {
    let (_, rest) = suffix.split_once('-')?;
    let mut build = Build::default();
    let mut given = None;
    for (slot, part) in build.0.iter_mut().zip(parts(rest)) {
        match number(part) {
            Some((number, "")) => *slot = number,
            _ => break,
        }
        given = Some(());
    }
    given.map(|()| build)
}
