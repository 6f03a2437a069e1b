//! kdump-compressed, flattened or not.

use std::collections::BTreeMap;
use std::io::Write;

use swp_pte_dump::ByteOrder;

use super::Out;

/// How a page is packed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Packed {
    Not,
    Zlib,
    Lzo,
    Snappy,
    Zstd,
}

impl Packed {
    pub(crate) const ALL: [Self; 5] = [Self::Not, Self::Zlib, Self::Lzo, Self::Snappy, Self::Zstd];

    /// The flags of its descriptor.
    pub(crate) const fn flags(self) -> u64 {
        match self {
            Self::Not => 0,
            Self::Zlib => 1,
            Self::Lzo => 2,
            Self::Snappy => 4,
            Self::Zstd => 0x20,
        }
    }

    pub(crate) fn pack(self, page: &[u8]) -> Vec<u8> {
        match self {
            Self::Not => page.to_vec(),
            Self::Zlib => {
                let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
                out.write_all(page).unwrap();
                out.finish().unwrap()
            }
            Self::Lzo => lzo(page),
            Self::Snappy => snap::raw::Encoder::new().compress_vec(page).unwrap(),
            Self::Zstd => ruzstd::encoding::compress_to_vec(page, ruzstd::encoding::CompressionLevel::Fastest),
        }
    }
}

/// LZO1X of a page whose bytes do not repeat: a run of literals and the end (Documentation/staging/lzo.rst).
fn lzo(page: &[u8]) -> Vec<u8> {
    let rest = page.len() - 18;
    let zeros = (rest - 1) / 255;
    let mut out = vec![0; 1 + zeros];
    out.push(u8::try_from(rest - zeros * 255).unwrap());
    out.extend(page);
    out.extend([0x11, 0, 0]);
    out
}

/// What a dump is to look like.
#[derive(Clone, Debug)]
pub(crate) struct Kdump {
    pub(crate) order: ByteOrder,
    pub(crate) bits: u32,
    /// An `off_t` begins at a multiple of it.
    pub(crate) align: usize,
    pub(crate) machine: &'static str,
    pub(crate) version: u64,
    pub(crate) block: usize,
    pub(crate) packed: Packed,
    /// By number; `None` was left out.
    pub(crate) pages: BTreeMap<u64, Option<Vec<u8>>>,
    pub(crate) vmcoreinfo: &'static [u8],
    pub(crate) split: bool,
    pub(crate) status: u64,
    /// One bitmap for both.
    pub(crate) one_bitmap: bool,
}

impl Kdump {
    pub(crate) fn new(pages: impl IntoIterator<Item = (u64, Option<Vec<u8>>)>) -> Self {
        Self {
            order: ByteOrder::Little,
            bits: 64,
            align: 8,
            machine: "x86_64",
            version: 6,
            block: 4096,
            packed: Packed::Not,
            pages: pages.into_iter().collect(),
            vmcoreinfo: b"OSRELEASE=6.12\nPAGESIZE=4096\n",
            split: false,
            status: 0,
            one_bitmap: false,
        }
    }

    fn bitmap(&self, blocks: usize, has: impl Fn(&Option<Vec<u8>>) -> bool) -> Vec<u8> {
        let mut bitmap = vec![0; blocks * self.block];
        for (number, _) in self.pages.iter().filter(|(_, page)| has(page)) {
            bitmap[usize::try_from(*number / 8).unwrap()] |= 1 << (number % 8);
        }
        bitmap
    }

    /// The file.
    pub(crate) fn write(&self) -> Vec<u8> {
        let long = usize::try_from(self.bits / 8).unwrap();
        let count = self.pages.keys().max().unwrap() + 1;
        let each = usize::try_from(count).unwrap().div_ceil(8).div_ceil(self.block);
        let bitmap_blocks = if self.one_bitmap { each } else { each * 2 };
        let mut out = Out::new(self.order);
        out.bytes(b"KDUMP   ").put(4, self.version);
        for text in ["Linux", "(none)", "6.12", "#1", self.machine, "(none)"] {
            out.bytes(text.as_bytes());
            out.pad(12 + (out.bytes.len() - 12).next_multiple_of(65));
        }
        out.pad(if self.bits == 64 { 424 } else { 412 });
        out.put(4, self.status).put(4, self.block as u64).put(4, 1).put(4, bitmap_blocks as u64).put(4, count);
        out.put(4, 0).put(4, 0).put(4, 0).put(4, 0).put(4, 1).pad(self.block);
        // The sub-header.
        let start = self.block;
        let text = start + 512;
        let off = |out: &mut Out, number: usize| {
            let at = (out.bytes.len() - start).next_multiple_of(self.align);
            out.pad(start + at).put(8, number as u64);
        };
        out.put(long, 0).put(4, 31).put(4, u64::from(self.split)).put(long, 0).put(long, 0);
        off(&mut out, text);
        out.put(long, self.vmcoreinfo.len() as u64);
        off(&mut out, 0);
        out.put(long, 0);
        off(&mut out, 0);
        out.put(long, 0);
        off(&mut out, 0);
        off(&mut out, 0);
        off(&mut out, usize::try_from(count).unwrap());
        out.pad(text).bytes(self.vmcoreinfo).pad(2 * self.block);
        if !self.one_bitmap {
            out.bytes(&self.bitmap(each, |_| true));
        }
        out.bytes(&self.bitmap(each, Option::is_some));
        let there: Vec<_> = self.pages.values().flatten().collect();
        let mut at = out.bytes.len() + there.len() * 24;
        let mut data = Vec::new();
        for page in there {
            let packed = self.packed.pack(page);
            let flags = self.packed.flags();
            out.put(8, at as u64).put(4, packed.len() as u64).put(4, flags).put(8, 0);
            at += packed.len();
            data.extend(packed);
        }
        out.bytes(&data);
        out.bytes
    }
}

/// A file, flattened, in pieces of so many bytes, in an order of their own; the first is written twice, first wrong.
pub(crate) fn flatten(file: &[u8], piece: usize) -> Vec<u8> {
    let mut out = Out::new(ByteOrder::Big);
    out.bytes(b"makedumpfile\0\0\0\0").put(8, 1).put(8, 1).pad(4096);
    let mut put = |at: usize, bytes: &[u8]| {
        out.put(8, at as u64).put(8, bytes.len() as u64).bytes(bytes);
    };
    let pieces: Vec<_> = file.chunks(piece).enumerate().collect();
    let early = piece.min(file.len()) / 2;
    put(early, &vec![0xee; piece.min(file.len() - early)]);
    for (number, bytes) in
        pieces.iter().filter(|(number, _)| number % 2 == 1).chain(pieces.iter().filter(|(n, _)| n % 2 == 0))
    {
        // Zeros are a hole.
        if bytes.iter().any(|byte| *byte != 0) || *number <= 1 || *number + 1 == pieces.len() {
            put(number * piece, bytes);
        }
    }
    out.put(8, u64::MAX).put(8, u64::MAX);
    out.bytes
}
