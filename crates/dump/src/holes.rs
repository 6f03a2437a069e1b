//! Where a file has holes: stretches that are zeros because nothing was ever written there. A dump of a machine with hundreds of
//! GiB is often a file of some; what is not there need not be read.

use std::fs::File;
use std::ops::Range;

/// The first bytes of a file in a range that are not in a hole, as far as they go. A system or file system that does not tell
/// where holes are has none.
#[must_use]
pub fn data_of(file: &File, within: Range<u64>) -> Option<Range<u64>> {
    if within.is_empty() {
        return None;
    }
    ask(file, &within)
}

#[cfg(target_os = "linux")]
fn ask(file: &File, within: &Range<u64>) -> Option<Range<u64>> {
    use rustix::fs::{SeekFrom, seek};
    use rustix::io::Errno;
    // Where the file is read next is nobody's business: all reads say where.
    let start = match seek(file, SeekFrom::Data(within.start)) {
        Ok(start) => start.max(within.start),
        // Nothing up to the end of the file.
        Err(Errno::NXIO) => return None,
        // A block device, /proc/kcore.
        Err(_) => return Some(within.clone()),
    };
    let end = match seek(file, SeekFrom::Hole(start)) {
        // One that another has made meanwhile.
        Ok(end) if end > start => end.min(within.end),
        _ => within.end,
    };
    (start < end).then_some(start..end)
}

#[cfg(not(target_os = "linux"))]
fn ask(_: &File, within: &Range<u64>) -> Option<Range<u64>> {
    Some(within.clone())
}
