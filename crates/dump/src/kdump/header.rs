//! `disk_dump_header` and `kdump_sub_header`: structures of the machine's C compiler, of whose byte order, width and
//! alignment nothing is said.

use crate::source::Source;
use crate::{ByteOrder, Machine, OpenError};

use super::damaged;

/// `KDUMP_SIGNATURE`.
const SIGNATURE: &[u8; 8] = b"KDUMP   ";
/// `DISK_DUMP_SIGNATURE`.
const DISKDUMP: &[u8; 8] = b"DISKDUMP";
/// `DUMP_DH_COMPRESSED_INCOMPLETE` of `status`, whose other flags say how pages are packed: bit 0 is zlib, and not
/// `DUMP_HEADER_INCOMPLETED`, as in diskdump.
const INCOMPLETE: u32 = 8;
/// Where `utsname.machine` is.
const MACHINE: usize = 12 + 4 * 65;
/// Blocks are pages: of 4K, of up to 256K on ppc44x, of up to 1M on hexagon.
const BLOCKS: std::ops::RangeInclusive<u32> = 4096..=1 << 20;

/// Whether a file that begins so is of this format.
pub(crate) fn is_kdump(start: &[u8]) -> bool {
    start.starts_with(SIGNATURE) || start.starts_with(DISKDUMP)
}

/// What the headers say.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) order: ByteOrder,
    pub(super) machine: Option<Machine>,
    pub(super) incomplete: bool,
    pub(super) block: u32,
    pub(super) sub_blocks: u32,
    pub(super) bitmap_blocks: u32,
    pub(super) pages: u64,
    pub(super) vmcoreinfo: Option<(u64, u64)>,
    pub(super) notes: Option<(u64, u64)>,
}

/// Bytes with a byte order.
struct Fields<'a> {
    bytes: &'a [u8],
    order: ByteOrder,
}

impl Fields<'_> {
    fn u32(&self, at: usize) -> Option<u32> {
        self.bytes.get(at..)?.first_chunk().map(|bytes| self.order.u32(*bytes))
    }

    fn u64(&self, at: usize) -> Option<u64> {
        self.bytes.get(at..)?.first_chunk().map(|bytes| self.order.u64(*bytes))
    }
}

/// Reads both headers.
pub(super) fn read(source: &Source) -> Result<Header, OpenError> {
    let bytes = source.vec(0, 512, 512).map_err(OpenError::io("read"))?;
    if bytes.starts_with(DISKDUMP) {
        return Err(OpenError::NoDump {
            what: "a dump of diskdump, which kernels before 2.6.13 had",
            hint: "nothing of these kernels is known here",
        });
    }
    if !bytes.starts_with(SIGNATURE) {
        return Err(damaged("its signature is another"));
    }
    let order = [ByteOrder::Little, ByteOrder::Big]
        .into_iter()
        .find(|order| {
            Fields { bytes: &bytes, order: *order }.u32(8).is_some_and(|version| (1..=0xffff).contains(&version))
        })
        .ok_or_else(|| damaged("the version of its header is none in either byte order"))?;
    let fields = Fields { bytes: &bytes, order };
    let version = fields.u32(8).unwrap_or(0);
    let name = bytes.get(MACHINE..MACHINE + 65).unwrap_or_default();
    let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
    let machine = machine(&String::from_utf8_lossy(name), order);
    // `status` follows a `struct timeval`, of two longs.
    let widths: &[(u32, usize)] = match machine {
        // qemu writes the wide header for i386 too, whose firmware lies at the end of 4 GiB.
        Some(Machine { bits: 32, .. }) => &[(32, 412), (64, 424)],
        Some(_) => &[(64, 424)],
        None => &[(64, 424), (32, 412)],
    };
    let good =
        |status: usize| fields.u32(status + 4).is_some_and(|size| size.is_power_of_two() && BLOCKS.contains(&size));
    let Some((bits, status)) = widths.iter().copied().find(|(_, status)| good(*status)) else {
        return Err(damaged("the size of its blocks is not that of a page"));
    };
    let number = |place: usize| fields.u32(status + place * 4).unwrap_or(0);
    let (block, sub_blocks, bitmap_blocks, low_pages) = (number(1), number(2), number(3), number(4));
    if sub_blocks == 0 || bitmap_blocks == 0 {
        return Err(damaged("it has no sub-header or no bitmap"));
    }
    let bytes = source.vec(u64::from(block), 4096, 4096).map_err(OpenError::io("read"))?;
    let fields = Fields { bytes: &bytes, order };
    let sub = sub_header(&fields, version, bits, low_pages, machine)?;
    if version >= 2 && sub.split {
        return Err(OpenError::NoDump {
            what: "one part of a dump that makedumpfile has split",
            hint: "put the parts together first: makedumpfile --reassemble PART1 PART2 … WHOLE",
        });
    }
    let place = |(at, length): (u64, u64)| (at != 0 && length != 0).then_some((at, length));
    Ok(Header {
        order,
        machine,
        incomplete: number(0) & INCOMPLETE != 0,
        block,
        sub_blocks,
        bitmap_blocks,
        pages: sub.pages,
        vmcoreinfo: place(sub.vmcoreinfo).filter(|_| version >= 3),
        notes: place(sub.notes).filter(|_| version >= 4),
    })
}

#[derive(Clone, Copy)]
struct SubHeader {
    split: bool,
    pages: u64,
    vmcoreinfo: (u64, u64),
    notes: (u64, u64),
}

/// The sub-header. Of 32-bit machines an `off_t` begins at a multiple of 4 or of 8 bytes; qemu always writes the former, and from
/// version 6 on the number of pages, which is there twice, shows which it is.
fn sub_header(
    fields: &Fields<'_>,
    version: u32,
    bits: u32,
    low_pages: u32,
    machine: Option<Machine>,
) -> Result<SubHeader, OpenError> {
    let short = || damaged("the file ends inside of its sub-header");
    let aligned = |align| sub_header_aligned(fields, bits, align);
    let agrees = |sub: &SubHeader| u32::try_from(sub.pages).unwrap_or(u32::MAX) == low_pages;
    let usual = if machine.is_some_and(|machine| machine.name == "i386") { 4 } else { 8 };
    let choices = if bits == 64 { [8, 8] } else { [usual, 12 - usual] };
    let choices = choices.map(aligned);
    let [Some(first), second] = choices else { return Err(short()) };
    if version < 6 {
        return Ok(SubHeader { pages: u64::from(low_pages), ..first });
    }
    [Some(first), second]
        .into_iter()
        .flatten()
        .find(agrees)
        .ok_or_else(|| damaged(format!("its header says {low_pages} pages, and its sub-header {}", first.pages)))
}

fn sub_header_aligned(fields: &Fields<'_>, bits: u32, align: usize) -> Option<SubHeader> {
    let mut at = 0;
    let mut wide = |wide: bool| {
        if wide {
            at = usize::next_multiple_of(at, align);
            at += 8;
            fields.u64(at - 8)
        } else {
            at += 4;
            fields.u32(at - 4).map(u64::from)
        }
    };
    let long = bits == 64;
    let _phys_base = wide(long)?;
    let _dump_level = wide(false)?;
    let split = wide(false)? != 0;
    let _start_and_end = (wide(long)?, wide(long)?);
    let vmcoreinfo = (wide(true)?, wide(long)?);
    let notes = (wide(true)?, wide(long)?);
    let _erased = (wide(true)?, wide(long)?);
    let _start_and_end = (wide(true)?, wide(true)?);
    let pages = wide(true)?;
    Some(SubHeader { split, pages, vmcoreinfo, notes })
}

/// By `utsname.machine`.
fn machine(name: &str, order: ByteOrder) -> Option<Machine> {
    let (name, bits) = match name {
        "x86_64" => ("x86_64", 64),
        "i386" | "i486" | "i586" | "i686" => ("i386", 32),
        "aarch64" | "aarch64_be" => ("arm64", 64),
        "s390x" => ("s390", 64),
        "s390" => ("s390", 32),
        "ppc64" | "ppc64le" => ("ppc64", 64),
        "ppc" => ("ppc32", 32),
        "riscv64" => ("riscv64", 64),
        "riscv32" => ("riscv32", 32),
        "mips64" => ("mips64", 64),
        "mips" => ("mips32", 32),
        "loongarch64" => ("loongarch64", 64),
        "sparc64" => ("sparc64", 64),
        name if name.starts_with("arm") => ("arm", 32),
        _ => return None,
    };
    Some(Machine { name, bits, order })
}
