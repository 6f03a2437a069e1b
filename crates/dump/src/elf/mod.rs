//! ELF vmcores: what the kernel shows as `/proc/vmcore` and `/proc/kcore`, and qemu and `makedumpfile -E` write.

mod notes;

use object::endian::Endianness;
use object::read::elf::{FileHeader, ProgramHeader, SectionHeader};
use object::{elf, pod};

use crate::source::Source;
use crate::{ByteOrder, Machine, OpenError, Piece, Range, Warning};

pub use notes::Note;
pub(crate) use notes::{of_bytes as notes_of_bytes, vmcoreinfo};

/// Program headers that are read: 64 bytes of ours each, and far more than a machine has pieces of memory.
const MOST_HEADERS: u64 = 1 << 22;
/// How often a byte of the file can be memory, on average. Nobody writes it twice; a file that says a million times that it is
/// memory would take forever to read.
const MOST_OVER: u128 = 4;
/// Program headers that are read at a time.
const AT_A_TIME: usize = 1024;

/// What the headers say.
#[derive(Debug)]
pub(crate) struct Elf {
    pub(crate) machine: Option<Machine>,
    pub(crate) order: ByteOrder,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) notes: Vec<Note>,
    /// Some segments have virtual addresses only, as those of `/proc/kcore`.
    pub(crate) live: bool,
}

/// A segment of memory, or of notes.
#[derive(Clone, Copy)]
struct Segment {
    kind: u32,
    offset: u64,
    physical: u64,
    in_file: u64,
    in_memory: u64,
}

fn damaged(why: impl Into<String>) -> OpenError {
    OpenError::Damaged { format: "ELF", why: why.into() }
}

/// Reads the headers of an ELF core.
pub(crate) fn read(source: &Source, warnings: &mut Vec<Warning>) -> Result<Elf, OpenError> {
    let start = source.vec(0, 64, 64).map_err(OpenError::io("read"))?;
    // `e_ident[EI_CLASS]`.
    match start.get(4) {
        Some(&elf::ELFCLASS64) => of::<elf::FileHeader64<Endianness>>(source, &start, 64, warnings),
        Some(&elf::ELFCLASS32) => of::<elf::FileHeader32<Endianness>>(source, &start, 32, warnings),
        Some(class) => Err(damaged(format!("its class is {class}; 1 and 2 are known, 32 and 64 bits"))),
        None => Err(damaged("the file ends inside of its header")),
    }
}

fn of<H: FileHeader<Endian = Endianness>>(
    source: &Source,
    start: &[u8],
    bits: u32,
    warnings: &mut Vec<Warning>,
) -> Result<Elf, OpenError> {
    let (header, _) = pod::from_bytes::<H>(start).map_err(|()| damaged("the file ends inside of its header"))?;
    let endian = header.endian().map_err(|_| damaged("its byte order is neither of the two"))?;
    let order = if header.is_big_endian() { ByteOrder::Big } else { ByteOrder::Little };
    match header.e_type(endian) {
        elf::ET_CORE => {}
        elf::ET_EXEC | elf::ET_DYN | elf::ET_REL => {
            return Err(OpenError::NoDump {
                what: "an ELF program, library or object file, as vmlinux is",
                hint: "a dump is an ELF core",
            });
        }
        kind => return Err(damaged(format!("its type is {kind}; a core is 4"))),
    }
    let machine = Machine::of_elf(header.e_machine(endian), bits, order);
    let segments = segments(source, header, endian, warnings)?;
    let mut found = Elf { machine, order, pieces: Vec::new(), notes: Vec::new(), live: false };
    let loads = || segments.iter().filter(|segment| segment.kind == elf::PT_LOAD);
    // The core of a process has no physical addresses; /proc/kcore got them in 4.11 (fs/proc/kcore.c).
    if loads().count() > 1 && loads().all(|segment| segment.physical == 0) {
        return Err(OpenError::NoDump {
            what: "an ELF core without physical addresses: of a process, or /proc/kcore of a kernel before 4.11",
            hint: "the memory of a machine is needed",
        });
    }
    let nowhere = if bits == 32 { u64::from(u32::MAX) } else { u64::MAX };
    let mut beyond = 0;
    for segment in loads() {
        if segment.physical == nowhere {
            found.live = true;
            continue;
        }
        // What is in memory and not in the file, makedumpfile has left out (`write_elf_pages_cyclic`).
        let limit = |length: u64| segment.physical.saturating_add(length);
        let (start, end) = (segment.physical, limit(segment.in_file));
        let last = limit(segment.in_memory);
        beyond += u64::from(segment.physical.checked_add(segment.in_file.max(segment.in_memory)).is_none());
        found.pieces.push(Piece { memory: Range { start, end }, position: Some(segment.offset) });
        found.pieces.push(Piece { memory: Range { start: end, end: last }, position: None });
    }
    if beyond > 0 {
        warnings.push(Warning::BeyondTheEnd { count: beyond });
    }
    let there = |segment: &Segment| source.length().saturating_sub(segment.offset).min(segment.in_file);
    let all: u128 = loads().map(|segment| u128::from(there(segment))).sum();
    if all > u128::from(source.length()) * MOST_OVER {
        return Err(damaged(format!("its segments are {all} bytes of a file of {}", source.length())));
    }
    if found.pieces.is_empty() {
        return Err(damaged("no segment has memory with a physical address"));
    }
    let places = segments.iter().filter(|segment| segment.kind == elf::PT_NOTE);
    found.notes = notes::read(source, order, places.map(|note| (note.offset, note.in_file)), warnings)?;
    Ok(found)
}

/// The program headers of memory and notes. `e_ehsize` is not asked: qemu's is not to be trusted.
fn segments<H: FileHeader<Endian = Endianness>>(
    source: &Source,
    header: &H,
    endian: Endianness,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Segment>, OpenError> {
    let size = size_of::<H::ProgramHeader>();
    let said = header.e_phentsize(endian);
    if usize::from(said) != size {
        warnings.push(Warning::HeaderSize { said, taken: u16::try_from(size).unwrap_or(u16::MAX) });
    }
    let count = count(source, header, endian, warnings)?;
    let mut segments = Vec::new();
    let mut there = 0;
    while there < count.min(MOST_HEADERS) {
        let at = header.e_phoff(endian).into().saturating_add(there * size as u64);
        let length = (count - there).min(AT_A_TIME as u64) * size as u64;
        let bytes = source.vec(at, length, AT_A_TIME * size).map_err(OpenError::io("read"))?;
        let whole = bytes.len() / size;
        let (headers, _) = pod::slice_from_bytes::<H::ProgramHeader>(&bytes, whole).map_err(|()| damaged("headers"))?;
        segments.extend(
            headers
                .iter()
                .map(|header| segment(header, endian))
                .filter(|segment| segment.kind == elf::PT_LOAD || segment.kind == elf::PT_NOTE),
        );
        there += whole as u64;
        if bytes.len() as u64 != length {
            break;
        }
    }
    if there < count {
        warnings.push(Warning::Headers { there, said: count });
    }
    Ok(segments)
}

/// How many program headers there are: if 65535 or more, section 0 says it.
fn count<H: FileHeader<Endian = Endianness>>(
    source: &Source,
    header: &H,
    endian: Endianness,
    warnings: &mut Vec<Warning>,
) -> Result<u64, OpenError> {
    let said = header.e_phnum(endian);
    if said != elf::PN_XNUM {
        return Ok(u64::from(said));
    }
    let size = size_of::<H::SectionHeader>();
    let at = header.e_shoff(endian).into();
    let bytes = source.vec(at, size as u64, size).map_err(OpenError::io("read"))?;
    match pod::from_bytes::<H::SectionHeader>(&bytes) {
        Ok((section, _)) if at != 0 => Ok(u64::from(section.sh_info(endian))),
        _ => {
            warnings.push(Warning::Headers { there: u64::from(said), said: u64::from(said) + 1 });
            Ok(u64::from(said))
        }
    }
}

fn segment<P: ProgramHeader<Endian = Endianness>>(header: &P, endian: Endianness) -> Segment {
    Segment {
        kind: header.p_type(endian),
        offset: header.p_offset(endian).into(),
        physical: header.p_paddr(endian).into(),
        in_file: header.p_filesz(endian).into(),
        in_memory: header.p_memsz(endian).into(),
    }
}
