//! What the guest said on its console; the format is at the top of `guest/init.c`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use serde::Serialize;

/// What the kernel said of the pages, before it was stopped.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Truth {
    pub(crate) release: String,
    pub(crate) page_size: u64,
    /// What an entry of the level above maps.
    pub(crate) huge_size: u64,
    /// What this kernel does not have, or does not do.
    pub(crate) notes: Vec<String>,
    pub(crate) regions: Vec<Region>,
    /// Of a process that has very many pages on swap: its number, and theirs.
    pub(crate) swapped: Option<(u32, usize)>,
    /// What `swp-pte` said in the guest of the guest's own `/proc/kcore`, in the order of the second disk.
    pub(crate) kcore: Vec<Asked>,
    /// Pages that are moved while the guest is stopped.
    pub(crate) moving: Vec<Moving>,
}

/// What was asked in the guest: for one process, or (zero) for the list of all.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Asked {
    pub(crate) pid: u32,
    /// Bytes of the answer, or its status, negative.
    pub(crate) length: i64,
}

/// Pages that begin with their own address, and go to and fro between two nodes of memory.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Moving {
    /// The migration entry that they have on the way.
    pub(crate) entry: String,
    pub(crate) pid: u32,
    pub(crate) start: u64,
    pub(crate) pages: u64,
}

/// The pages of one case in one process.
#[derive(Debug, Serialize)]
pub(crate) struct Region {
    pub(crate) case: String,
    pub(crate) pid: u32,
    pub(crate) start: u64,
    pub(crate) pages: u64,
    /// The marker that its pages on swap must have, by how they were made: pagemap does not tell.
    pub(crate) exclusive: Option<bool>,
    /// Words of pagemap by address.
    pub(crate) words: BTreeMap<u64, u64>,
}

impl Moving {
    pub(crate) fn addresses(&self, page_size: u64) -> impl Iterator<Item = u64> {
        let start = self.start;
        (0..self.pages).map(move |page| start + page * page_size)
    }
}

impl Truth {
    /// Nothing while the guest has not said the end.
    pub(crate) fn parse(console: &str) -> Result<Option<Self>> {
        let mut truth = Self::default();
        let mut pages = 0;
        for line in console.lines() {
            // Echoes and messages of the kernel may stand before it.
            let Some((_, line)) = line.split_once("live ") else { continue };
            let fields: Vec<_> = line.split_whitespace().collect();
            match *fields.as_slice() {
                ["kernel", release, size, huge] => {
                    (truth.release, truth.page_size, truth.huge_size) =
                        (release.to_owned(), size.parse()?, huge.parse()?);
                }
                ["note", ..] => truth.notes.push(line.trim().trim_start_matches("note ").to_owned()),
                ["failed:", ..] => bail!("the guest's program {line}; before: {}", truth.notes.join("; ")),
                ["region", case, pid, start, count, exclusive] => truth.regions.push(Region {
                    case: case.to_owned(),
                    pid: pid.parse()?,
                    start: hex(start)?,
                    pages: count.parse()?,
                    exclusive: match exclusive {
                        "0" => Some(false),
                        "1" => Some(true),
                        _ => None,
                    },
                    words: BTreeMap::new(),
                }),
                ["page", pid, address, word] => {
                    let region = truth.regions.last_mut().filter(|region| pid.parse() == Ok(region.pid));
                    region.context("a page of no region on the console")?.words.insert(hex(address)?, hex(word)?);
                    pages += 1;
                }
                ["swapped", pid, count] => truth.swapped = Some((pid.parse()?, count.parse()?)),
                ["kcore", _, pid, length] => {
                    truth.kcore.push(Asked { pid: pid.parse()?, length: length.parse()? });
                }
                ["moving", entry, pid, start, count] => truth.moving.push(Moving {
                    entry: entry.to_owned(),
                    pid: pid.parse()?,
                    start: hex(start)?,
                    pages: count.parse()?,
                }),
                ["end", count] if count.parse() == Ok(pages) => {}
                ["ready"] => return truth.whole().map(Some),
                // The last line may not be there whole.
                ["end", count] if console.ends_with('\n') => bail!("{pages} of {count} lines of pages came"),
                _ => {}
            }
        }
        Ok(None)
    }

    /// Every process that is to be walked.
    pub(crate) fn pids(&self) -> BTreeSet<u32> {
        let told = self.regions.iter().map(|region| region.pid);
        told.chain(self.moving.iter().map(|moving| moving.pid)).collect()
    }

    /// The addresses of a process that are to be compared.
    pub(crate) fn addresses(&self, pid: u32) -> BTreeSet<u64> {
        let told =
            self.regions.iter().filter(|region| region.pid == pid).flat_map(|region| region.words.keys().copied());
        let moving = self.moving.iter().filter(|moving| moving.pid == pid);
        told.chain(moving.flat_map(|moving| moving.addresses(self.page_size))).collect()
    }

    fn whole(self) -> Result<Self> {
        let broken = self.regions.iter().find(|region| region.words.len() as u64 != region.pages);
        match broken {
            Some(region) => bail!("{} of {} pages of {} came", region.words.len(), region.pages, region.case),
            None => Ok(self),
        }
    }
}

fn hex(text: &str) -> Result<u64> {
    u64::from_str_radix(text, 16).with_context(|| format!("no number of base 16 on the console: {text:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "[    1.0] Run /init\r\nlive kernel 6.12.9 4096 2097152\r\nlive note x: y\r\n\
                        live region fork 7 1000000000 1 0\r\nlive page 7 1000000000 4000000000000021\r\nlive end 1\r\n\
                        live kcore ps 0 77\r\nlive moving migration-read 9 2000000000 512\r\nlive ready\r\n";

    #[test]
    fn the_console_is_read() {
        let truth = Truth::parse(TEXT).unwrap().unwrap();
        assert_eq!((truth.release.as_str(), truth.page_size, truth.huge_size), ("6.12.9", 4096, 2 << 20));
        assert_eq!(truth.notes, ["x: y"]);
        let region = truth.regions.first().unwrap();
        assert_eq!((region.pid, region.exclusive), (7, Some(false)));
        assert_eq!(region.words.get(&0x10_0000_0000), Some(&0x4000_0000_0000_0021));
        assert_eq!(truth.kcore, [Asked { pid: 0, length: 77 }]);
        let moving = Moving { entry: "migration-read".to_owned(), pid: 9, start: 0x20_0000_0000, pages: 512 };
        assert_eq!(truth.moving, [moving]);
    }

    #[test]
    fn what_is_lost_on_the_way_is_missed() {
        for last in ["live end", "live kcore", "live ready"] {
            assert!(Truth::parse(TEXT.split_once(last).unwrap().0).unwrap().is_none());
        }
        assert!(Truth::parse(&TEXT.replace("live page", "live p\nage")).is_err());
        assert!(Truth::parse(&TEXT.replace("1 0\r", "2 0\r")).is_err());
    }
}
