//! A page as it was packed: to exactly a page, or an error.

use std::cell::RefCell;

use ruzstd::decoding::FrameDecoder;

/// `DUMP_DH_COMPRESSED_ZLIB`.
const ZLIB: u32 = 0x1;
/// `DUMP_DH_COMPRESSED_LZO`.
const LZO: u32 = 0x2;
/// `DUMP_DH_COMPRESSED_SNAPPY`.
const SNAPPY: u32 = 0x4;
/// `DUMP_DH_COMPRESSED_ZSTD`.
const ZSTD: u32 = 0x20;
/// `DUMP_DH_EXCLUDED_VMEMMAP`, of the dump and not of the page: it says nothing about how it is packed.
const EXCLUDED_VMEMMAP: u32 = 0x10;

/// Whether a page with these flags is packed.
pub(super) const fn is_packed(flags: u32) -> bool {
    flags & !EXCLUDED_VMEMMAP != 0
}

/// Unpacks a page; `into` is as long as a page is.
pub(super) fn unpack(flags: u32, packed: Vec<u8>, into: &mut Vec<u8>) -> Result<(), String> {
    let size = into.len();
    let (by, length) = match flags & !EXCLUDED_VMEMMAP {
        0 => {
            let length = packed.len();
            *into = packed;
            ("nothing", Ok(length))
        }
        ZLIB => ("zlib", with(|all| all.zlib(&packed, into))),
        LZO => ("lzo", lzo::decompress_into(&packed, into).map_err(text)),
        SNAPPY => ("snappy", with(|all| all.snappy.decompress(&packed, into).map_err(text))),
        ZSTD => ("zstd", with(|all| all.zstd.decode_all(&packed, into).map_err(text))),
        flags => return Err(format!("its page is packed in a way that is not known, with flags {flags:#x}")),
    };
    match length {
        Ok(length) if length == size => Ok(()),
        Ok(length) => Err(format!("its page, packed with {by}, has {length} bytes and not {size}")),
        Err(error) => Err(format!("its page cannot be unpacked with {by}: {error}")),
    }
}

fn text(error: impl ToString) -> String {
    error.to_string()
}

fn with<T>(run: impl FnOnce(&mut Unpackers) -> T) -> T {
    UNPACKERS.with_borrow_mut(run)
}

/// What takes longer to make than to unpack a page with.
struct Unpackers {
    zlib: flate2::Decompress,
    snappy: snap::raw::Decoder,
    zstd: FrameDecoder,
}

thread_local! {
    static UNPACKERS: RefCell<Unpackers> = RefCell::new(Unpackers::new());
}

impl Unpackers {
    fn new() -> Self {
        let mut zstd = FrameDecoder::new();
        // A page needs no window that is larger than a page. Levels with a fixed one have up to 8 MB.
        zstd.set_max_window_size(8 << 20);
        Self { zlib: flate2::Decompress::new(true), snappy: snap::raw::Decoder::new(), zstd }
    }

    fn zlib(&mut self, packed: &[u8], into: &mut [u8]) -> Result<usize, String> {
        let zlib = &mut self.zlib;
        zlib.reset(true);
        match zlib.decompress(packed, into, flate2::FlushDecompress::Finish).map_err(text)? {
            flate2::Status::StreamEnd => Ok(usize::try_from(zlib.total_out()).unwrap_or(usize::MAX)),
            _ => Err("it goes on after a whole page, or ends too early".into()),
        }
    }
}
