//! Notes: VMCOREINFO, and the registers of the processors.

use object::elf;
use object::endian::Endianness;
use object::read::elf::NoteIterator;

use crate::source::Source;
use crate::{ByteOrder, OpenError, Warning};

/// What is read of notes, in bytes: a processor has some thousand.
const MOST: usize = 16 << 20;
/// How many notes are read from a place: a processor has some ten.
const MOST_NOTES: usize = 1 << 16;

/// A note of an ELF core.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// Who defines its kind: `CORE`, `QEMU`, `VMCOREINFO`, `LINUX`.
    pub name: String,
    /// Its kind: of `CORE`, 1 is a processor's registers (`NT_PRSTATUS`).
    pub kind: u32,
    /// What it says.
    pub bytes: Vec<u8>,
}

/// The notes at some places, each with its length.
pub(super) fn read(
    source: &Source,
    order: ByteOrder,
    places: impl Iterator<Item = (u64, u64)>,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Note>, OpenError> {
    let mut notes = Vec::new();
    let mut left = MOST;
    for (at, length) in places {
        let bytes = source.vec(at, length, left).map_err(OpenError::io("read"))?;
        left -= bytes.len();
        if (bytes.len() as u64) < length {
            warnings.push(Warning::Notes(format!("{} of {length} bytes at byte {at} are there", bytes.len())));
        }
        notes.extend(of_bytes(&bytes, order, warnings));
    }
    Ok(notes)
}

/// The notes in some bytes.
pub(crate) fn of_bytes(bytes: &[u8], order: ByteOrder, warnings: &mut Vec<Warning>) -> Vec<Note> {
    let endian = match order {
        ByteOrder::Little => Endianness::Little,
        ByteOrder::Big => Endianness::Big,
    };
    let mut notes = Vec::new();
    // A note is the same in 32 and 64 bits. The kernel aligns to four bytes, whatever the header says
    // (kernel/crash_core.c, `append_elf_note`).
    let Ok(mut iterator) = NoteIterator::<elf::FileHeader64<Endianness>>::new(endian, 4, bytes) else { return notes };
    loop {
        match iterator.next() {
            Ok(Some(note)) if notes.len() < MOST_NOTES => notes.push(Note {
                name: String::from_utf8_lossy(note.name()).into_owned(),
                kind: note.n_type(endian),
                bytes: note.desc().to_vec(),
            }),
            Ok(None) => return notes,
            Ok(Some(_)) => {
                warnings.push(Warning::Notes(format!("there are more than {MOST_NOTES}")));
                return notes;
            }
            Err(error) => {
                warnings.push(Warning::Notes(error.to_string()));
                return notes;
            }
        }
    }
}

/// The text of VMCOREINFO among notes, without what pads it.
pub(crate) fn vmcoreinfo(notes: &[Note]) -> Option<&[u8]> {
    let note = notes.iter().find(|note| note.name == "VMCOREINFO")?;
    let end = note.bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    note.bytes.get(..end)
}
