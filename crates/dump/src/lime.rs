//! LiME: a header of 32 bytes before each range of memory (github.com/504ensicsLabs/LiME, `src/lime.h`: `lime_mem_range_header`).

use crate::source::Source;
use crate::{ByteOrder, OpenError, Piece, Range, Warning};

/// `LIME_MAGIC`, "LiME" from its highest byte.
const MAGIC: u32 = 0x4c69_4d45;
const HEADER: usize = 32;
/// Ranges of a machine's memory; the largest machines have some thousands.
const MOST: usize = 1 << 20;

/// The byte order of a LiME file that begins so, which is that of the machine.
pub(crate) fn order(start: &[u8]) -> Option<ByteOrder> {
    let magic = *start.first_chunk()?;
    [ByteOrder::Little, ByteOrder::Big].into_iter().find(|order| order.u32(magic) == MAGIC)
}

/// The ranges of a LiME file.
pub(crate) fn pieces(source: &Source, order: ByteOrder, warnings: &mut Vec<Warning>) -> Result<Vec<Piece>, OpenError> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < source.length() {
        let mut header = [0; HEADER];
        let length = source.up_to(at, &mut header).map_err(OpenError::io("read"))?;
        let damaged = |why: String| OpenError::Damaged { format: "LiME", why };
        if length < header.len() {
            warnings.push(Warning::Headers { there: pieces.len() as u64, said: pieces.len() as u64 + 1 });
            break;
        }
        let number =
            |from: usize| header.get(from..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| order.u64(*bytes));
        let word = |from: usize| header.get(from..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| order.u32(*bytes));
        let (magic, version, start, last) = (word(0), word(4), number(8), number(16));
        if magic != MAGIC {
            return Err(damaged(format!("at byte {at} a range should begin, and the magic number is {magic:#x}")));
        }
        if version != 1 {
            return Err(damaged(format!(
                "the range at byte {at} has version {version}, which is not known; version 1 is, as `format=lime` without \
                 compression writes it"
            )));
        }
        let end = last.checked_add(1).filter(|end| start < *end);
        let Some(end) = end else {
            return Err(damaged(format!("the range at byte {at} is from {start:#x} to {last:#x}")));
        };
        if pieces.len() == MOST {
            return Err(damaged(format!("there are more than {MOST} ranges")));
        }
        let position = at + HEADER as u64;
        pieces.push(Piece { memory: Range { start, end }, position: Some(position) });
        at = position.saturating_add(end - start);
    }
    Ok(pieces)
}
