//! Compiled code and its constants, as they lie in memory once they are linked.
//!
//! Object files and archives of them are linked here, each section at an address of its own; a finished program is taken
//! as it is. What a linker would have to fill in and nothing here defines is remembered by its name: whoever reads or
//! executes such bytes is told.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use object::read::archive::ArchiveFile;
use object::{
    Object, ObjectSection, ObjectSymbol, RelocationFlags, RelocationTarget, SectionFlags, SectionIndex, SymbolIndex,
    elf,
};

use crate::Stuck;

/// Where the first section lies.
const BASE: u64 = 0x4000_0000;

/// What is linked.
#[derive(Clone, Default, Debug)]
pub struct Image {
    /// By their addresses.
    pieces: BTreeMap<u64, Piece>,
    symbols: HashMap<String, u64>,
    machine: u16,
    big_endian: bool,
}

#[derive(Clone, Debug)]
struct Piece {
    bytes: Vec<u8>,
    writable: bool,
    /// Big-endian ppc64 has its functions' addresses in a section of their own.
    descriptors: bool,
    /// What nothing defines: where it is needed, and for how many bytes.
    holes: BTreeMap<u64, (u64, String)>,
}

/// A file that is no code that can be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unreadable(pub String);

impl std::fmt::Display for Unreadable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Unreadable {}

impl From<object::Error> for Unreadable {
    fn from(error: object::Error) -> Self {
        Self(error.to_string())
    }
}

/// A section of one of the files, and where it came to lie.
type Places = HashMap<(usize, SectionIndex), u64>;

impl Image {
    /// Links object files, and archives of them: each as its bytes.
    ///
    /// # Errors
    /// A file that is no ELF object, or a symbol that two of them define.
    pub fn link(files: &[Vec<u8>]) -> Result<Self, Unreadable> {
        let mut objects = Vec::new();
        for bytes in files {
            if bytes.starts_with(b"!<arch>\n") {
                let archive = ArchiveFile::parse(&**bytes)?;
                for member in archive.members() {
                    let data = member?.data(&**bytes)?;
                    // An archive of rustc has its metadata beside the objects.
                    if data.starts_with(b"\x7fELF") {
                        objects.push(object::File::parse(data)?);
                    }
                }
            } else {
                objects.push(object::File::parse(&**bytes)?);
            }
        }
        let mut image = Self::default();
        let places = image.place(&objects)?;
        image.name(&objects, &places)?;
        for (file, object) in objects.iter().enumerate() {
            for section in object.sections() {
                if let Some(at) = places.get(&(file, section.index())) {
                    image.relocate(object, file, &section, *at, &places)?;
                }
            }
        }
        Ok(image)
    }

    /// Nothing but these bytes of x86_64, as the function `code`: for tests of instructions.
    #[must_use]
    pub fn code_alone(bytes: &[u8]) -> Self {
        let piece = Piece { bytes: bytes.to_vec(), writable: false, descriptors: false, holes: BTreeMap::new() };
        let symbols = HashMap::from([("code".to_owned(), BASE)]);
        Self { pieces: BTreeMap::from([(BASE, piece)]), symbols, machine: elf::EM_X86_64, big_endian: false }
    }

    /// A finished program, as it lies in its file.
    ///
    /// # Errors
    /// A file that is no ELF program.
    pub fn program(bytes: &[u8]) -> Result<Self, Unreadable> {
        let file = object::File::parse(bytes)?;
        let mut image = Self { machine: machine(&file), big_endian: !file.is_little_endian(), ..Self::default() };
        for section in file.sections().filter(|section| section.address() != 0 && section.size() != 0) {
            let piece = Piece {
                bytes: section.data()?.to_vec(),
                writable: writable(&section),
                descriptors: descriptors(&section),
                holes: BTreeMap::new(),
            };
            image.pieces.insert(section.address(), piece);
        }
        for symbol in file.symbols().filter(|symbol| symbol.is_global() && symbol.is_definition()) {
            image.symbols.insert(symbol.name()?.to_owned(), symbol.address());
        }
        for (at, relocation) in file.dynamic_relocations().into_iter().flatten() {
            let RelocationFlags::Elf { r_type } = relocation.flags() else { continue };
            match (r_type, relocation.target()) {
                (elf::R_X86_64_RELATIVE, _) => image.put(at, &relocation.addend().to_le_bytes()),
                (_, RelocationTarget::Symbol(_)) => image.hole(at, 8, "a symbol of another program".to_owned()),
                _ => image.hole(at, 8, format!("relocation {r_type}")),
            }
        }
        Ok(image)
    }

    /// Gives every section with contents an address.
    fn place(&mut self, objects: &[object::File<'_>]) -> Result<Places, Unreadable> {
        let (mut places, mut next) = (Places::new(), BASE);
        for (file, object) in objects.iter().enumerate() {
            self.machine = machine(object);
            for section in object.sections() {
                let SectionFlags::Elf { sh_flags } = section.flags() else { continue };
                if sh_flags & u64::from(elf::SHF_ALLOC) == 0 || section.size() == 0 {
                    continue;
                }
                next = next.next_multiple_of(section.align().max(16));
                let mut bytes = section.data()?.to_vec();
                bytes.resize(usize::try_from(section.size()).unwrap_or(bytes.len()), 0);
                let size = section.size();
                self.pieces.insert(
                    next,
                    Piece {
                        bytes,
                        writable: writable(&section),
                        descriptors: descriptors(&section),
                        holes: BTreeMap::new(),
                    },
                );
                places.insert((file, section.index()), next);
                next += size;
            }
        }
        Ok(places)
    }

    fn name(&mut self, objects: &[object::File<'_>], places: &Places) -> Result<(), Unreadable> {
        for (file, object) in objects.iter().enumerate() {
            for symbol in object.symbols().filter(|symbol| symbol.is_global() && symbol.is_definition()) {
                let place = symbol.section_index().and_then(|index| places.get(&(file, index)));
                let Some(place) = place else { continue };
                let (name, at) = (symbol.name()?.to_owned(), place + symbol.address());
                let other = self.symbols.insert(name, at);
                // What is compiled into each object that needs it is the same in all.
                if other.is_some() && !symbol.is_weak() {
                    return Err(Unreadable(format!("{} is defined twice", symbol.name()?)));
                }
            }
        }
        Ok(())
    }

    fn relocate(
        &mut self,
        object: &object::File<'_>,
        file: usize,
        section: &object::Section<'_, '_>,
        base: u64,
        places: &Places,
    ) -> Result<(), Unreadable> {
        for (offset, relocation) in section.relocations() {
            let at = base + offset;
            let RelocationTarget::Symbol(index) = relocation.target() else { continue };
            let RelocationFlags::Elf { r_type } = relocation.flags() else { continue };
            let target = self.target(object, file, index, places)?;
            let (name, addend) = (symbol_name(object, index), relocation.addend());
            let value = |target: u64| target.wrapping_add_signed(addend);
            let from_here = |target: u64| value(target).wrapping_sub(at).to_le_bytes();
            match (r_type, target) {
                (elf::R_X86_64_64, Some(target)) => self.put(at, &value(target).to_le_bytes()),
                (elf::R_X86_64_32 | elf::R_X86_64_32S, Some(target)) => {
                    self.put(at, low_half(&value(target).to_le_bytes()));
                }
                (elf::R_X86_64_PC32 | elf::R_X86_64_PLT32, Some(target)) => self.put(at, low_half(&from_here(target))),
                (elf::R_X86_64_GOTPCREL | elf::R_X86_64_GOTPCRELX | elf::R_X86_64_REX_GOTPCRELX, target) => {
                    let slot = self.slot(&name, target);
                    self.put(at, low_half(&from_here(slot)));
                }
                (elf::R_X86_64_64, None) => self.hole(at, 8, name),
                (_, None) => self.hole(at, 4, name),
                (other, Some(_)) => self.hole(at, 8, format!("relocation {other} to {name}")),
            }
        }
        Ok(())
    }

    /// The address of a symbol, if anything defines it.
    fn target(
        &self,
        object: &object::File<'_>,
        file: usize,
        index: SymbolIndex,
        places: &Places,
    ) -> Result<Option<u64>, Unreadable> {
        let symbol = object.symbol_by_index(index)?;
        if symbol.is_global() {
            return Ok(self.symbols.get(symbol.name()?).copied());
        }
        let place = symbol.section_index().and_then(|index| places.get(&(file, index)));
        Ok(place.map(|place| place + symbol.address()))
    }

    /// Where the address of a symbol lies, for code that takes it from there.
    fn slot(&mut self, name: &str, target: Option<u64>) -> u64 {
        let key = format!("address of {name}");
        if let Some(at) = self.symbols.get(&key) {
            return *at;
        }
        let end = self.pieces.last_key_value().map_or(BASE, |(at, piece)| at + piece.bytes.len() as u64);
        let at = end.next_multiple_of(16);
        let bytes = target.unwrap_or_default().to_le_bytes().to_vec();
        self.pieces.insert(at, Piece { bytes, writable: false, descriptors: false, holes: BTreeMap::new() });
        if target.is_none() {
            self.hole(at, 8, name.to_owned());
        }
        self.symbols.insert(key, at);
        at
    }

    fn piece(&self, at: u64) -> Option<(u64, &Piece)> {
        let (start, piece) = self.pieces.range(..=at).next_back()?;
        (at - start < piece.bytes.len() as u64).then_some((*start, piece))
    }

    fn piece_mut(&mut self, at: u64) -> Option<(u64, &mut Piece)> {
        let (start, piece) = self.pieces.range_mut(..=at).next_back()?;
        (at - start < piece.bytes.len() as u64).then_some((*start, piece))
    }

    fn put(&mut self, at: u64, bytes: &[u8]) {
        let Some((start, piece)) = self.piece_mut(at) else { return };
        let from = usize::try_from(at - start).unwrap_or(usize::MAX);
        if let Some(place) = piece.bytes.get_mut(from..from.saturating_add(bytes.len())) {
            place.copy_from_slice(bytes);
        }
    }

    fn hole(&mut self, at: u64, len: u64, name: String) {
        if let Some((_, piece)) = self.piece_mut(at) {
            piece.holes.insert(at, (len, name));
        }
    }

    /// The ELF number of the machine that the code is for.
    #[must_use]
    pub const fn machine(&self) -> u16 {
        self.machine
    }

    /// Whether numbers lie with their highest byte first.
    #[must_use]
    pub const fn is_big_endian(&self) -> bool {
        self.big_endian
    }

    /// The address of a function or constant.
    ///
    /// # Errors
    /// A name that nothing defines.
    pub fn symbol(&self, name: &str) -> Result<u64, Stuck> {
        self.symbols.get(name).copied().ok_or_else(|| Stuck::new(format!("{name} is not in the object")))
    }

    /// Where the code of a function begins: some machines have a symbol for a descriptor, which begins with that.
    ///
    /// # Errors
    /// A name that nothing defines.
    pub fn function(&self, name: &str) -> Result<u64, Stuck> {
        let at = self.symbol(name)?;
        match self.piece(at) {
            Some((start, piece)) if piece.descriptors => {
                let from = usize::try_from(at - start).unwrap_or(usize::MAX);
                let code = piece.bytes.get(from..).and_then(|bytes| bytes.first_chunk().copied());
                code.map(u64::from_be_bytes).ok_or_else(|| Stuck::new(format!("{name} has half a descriptor")))
            }
            _ => Ok(at),
        }
    }

    /// The names of all that is defined.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.symbols.keys().map(String::as_str)
    }

    /// The bytes from an address to the end of their section, at most so many, to be executed.
    ///
    /// # Errors
    /// An address outside of all sections.
    pub fn code(&self, at: u64, most: usize) -> Result<&[u8], Stuck> {
        let (start, piece) = self.piece(at).ok_or_else(|| Stuck::new(format!("goes to {at:#x}, where no code is")))?;
        let from = usize::try_from(at - start).unwrap_or(usize::MAX);
        let bytes = piece.bytes.get(from..).unwrap_or_default();
        Ok(bytes.get(..most).unwrap_or(bytes))
    }

    /// Bytes that never change.
    ///
    /// # Errors
    /// What is not there, can be written to, or waits for a symbol that nothing defines.
    pub fn constant(&self, at: u64, len: usize) -> Result<&[u8], Stuck> {
        let missing = || Stuck::new(format!("reads {len} bytes at {at:#x}, where nothing known is"));
        let (start, piece) = self.piece(at).ok_or_else(missing)?;
        if piece.writable {
            return Err(Stuck::new(format!("reads {len} bytes at {at:#x}, which can be written to")));
        }
        self.defined(at, len)?;
        let from = usize::try_from(at - start).unwrap_or(usize::MAX);
        piece.bytes.get(from..from.saturating_add(len)).ok_or_else(missing)
    }

    /// A number of at most eight bytes that never changes, in the byte order of the machine.
    ///
    /// # Errors
    /// As [`Image::constant`].
    pub fn number(&self, at: u64, len: usize) -> Result<u64, Stuck> {
        let mut bytes = self.constant(at, len.min(8))?.to_vec();
        if !self.big_endian {
            bytes.reverse();
        }
        Ok(bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    /// Whether these bytes wait for no symbol.
    ///
    /// # Errors
    /// The symbol.
    pub fn defined(&self, at: u64, len: usize) -> Result<(), Stuck> {
        let Some((_, piece)) = self.piece(at) else { return Ok(()) };
        let end = at + len as u64;
        // None is longer than 8 bytes.
        let near = piece.holes.range(at.saturating_sub(8)..end);
        match near.into_iter().find(|(hole, (len, _))| **hole + len > at) {
            None => Ok(()),
            Some((_, (_, name))) => {
                let mut what = String::from("needs ");
                let _ = write!(what, "{name}, which no object defines");
                Err(Stuck::new(what))
            }
        }
    }
}

fn machine(file: &object::File<'_>) -> u16 {
    match file.architecture() {
        object::Architecture::X86_64 => elf::EM_X86_64,
        object::Architecture::Aarch64 => elf::EM_AARCH64,
        object::Architecture::S390x => elf::EM_S390,
        object::Architecture::PowerPc64 => elf::EM_PPC64,
        object::Architecture::Riscv64 => elf::EM_RISCV,
        _ => elf::EM_NONE,
    }
}

fn writable(section: &object::Section<'_, '_>) -> bool {
    // What is only relocated is written once, before anything runs.
    let relocated = section.name().is_ok_and(|name| name.starts_with(".data.rel.ro") || name == ".got");
    match section.flags() {
        SectionFlags::Elf { sh_flags } => sh_flags & u64::from(elf::SHF_WRITE) != 0 && !relocated,
        _ => true,
    }
}

fn descriptors(section: &object::Section<'_, '_>) -> bool {
    section.name().is_ok_and(|name| name == ".opd")
}

fn symbol_name(object: &object::File<'_>, index: SymbolIndex) -> String {
    let symbol = object.symbol_by_index(index);
    symbol.ok().and_then(|symbol| symbol.name().ok().map(str::to_owned)).unwrap_or_default()
}

/// The four low bytes of eight.
const fn low_half(bytes: &[u8; 8]) -> &[u8] {
    bytes.split_at(4).0
}
