//! `vmlinux`: an ELF file with, if nobody stripped it, a table of symbols.

use object::read::elf::{ElfFile, FileHeader};
use object::{Endian, Object, ObjectSection, ObjectSymbol, SectionKind};
use swp_pte::Release;

use crate::symbols::SWAP_INFO;
use crate::{Facts, Learned, Machine, SwapInfo, banner, btf, config};

/// Whether bytes begin as ELF does.
pub(crate) fn is_elf(bytes: &[u8]) -> bool {
    bytes.starts_with(&object::elf::ELFMAG)
}

/// What the file tells.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn facts(bytes: &[u8], from: &str) -> Result<Facts, String> {
    let broken = |error: object::Error| format!("ELF: {error}");
    // The class is the fifth byte of every ELF file.
    if bytes.get(4) == Some(&object::elf::ELFCLASS32) {
        of(&ElfFile::<object::elf::FileHeader32<object::Endianness>>::parse(bytes).map_err(broken)?, 32, from)
    } else {
        of(&ElfFile::<object::elf::FileHeader64<object::Endianness>>::parse(bytes).map_err(broken)?, 64, from)
    }
}

fn of<'data, H: FileHeader<Endian = object::Endianness>>(
    file: &ElfFile<'data, H>,
    bits: u32,
    from: &str,
) -> Result<Facts, String> {
    let place = |what: &str| format!("{from}: {what}");
    let endian = file.endian();
    let number = file.elf_header().e_machine(endian);
    let mut facts = Facts::default();
    match Machine::of_elf(number, bits, endian.is_little_endian()) {
        Some(machine) => facts.machine = Some(Learned::new(machine, place("its ELF header"))),
        None => facts.notes.push(place(&format!("machine {number} of ELF is none that Linux swaps on"))),
    }
    if file.elf_header().e_type(endian) == object::elf::ET_CORE {
        return Err("an ELF core: a memory image, not a kernel".into());
    }
    facts.swap_info = swap_info(file, bits, from)?;
    if facts.swap_info.is_none() {
        facts.notes.push(place(&format!("no symbol {SWAP_INFO}: it was stripped")));
    }
    facts.release = release(file).map(|release| Learned::new(release, place("linux_banner")));
    if let Some(section) = file.section_by_name(".BTF") {
        let data = section.data().map_err(|error| format!("ELF: .BTF: {error}"))?;
        facts.anon_exclusive =
            btf::has_anon_exclusive(data)?.map(|has| Learned::new(has, place(".BTF, enum pageflags")));
    } else {
        facts.notes.push(place("no section .BTF: it was built without CONFIG_DEBUG_INFO_BTF"));
    }
    for section in read_only(file) {
        if let Some(config) = config::carried(section)? {
            let config = config.facts(&place("the configuration inside (CONFIG_IKCONFIG)"));
            return facts.join(config).map_err(|error| error.to_string());
        }
    }
    Ok(facts)
}

/// The size of the array; of several symbols of the name, all of one size.
fn swap_info<'data, H: FileHeader<Endian = object::Endianness>>(
    file: &ElfFile<'data, H>,
    bits: u32,
    from: &str,
) -> Result<Option<Learned<SwapInfo>>, String> {
    let mut sizes = file.symbols().filter(|symbol| symbol.name() == Ok(SWAP_INFO)).map(|symbol| symbol.size());
    let Some(bytes) = sizes.next() else { return Ok(None) };
    if sizes.any(|other| other != bytes) {
        return Err(format!("ELF: several symbols {SWAP_INFO} of different sizes"));
    }
    let info = SwapInfo { bytes, pointer: u64::from(bits / 8), next: None };
    if info.max_swapfiles().next().is_none() {
        return Err(format!("ELF: {SWAP_INFO} has {bytes} bytes, which is no array of at most 32 pointers"));
    }
    Ok(Some(Learned::new(info, format!("{from}: the size of {SWAP_INFO}"))))
}

/// What `linux_banner` says: where the symbol is or, in a stripped file, wherever the sentence stands.
fn release<'data, H: FileHeader<Endian = object::Endianness>>(file: &ElfFile<'data, H>) -> Option<Release> {
    let symbol = file.symbols().find(|symbol| symbol.name() == Ok("linux_banner"));
    let at_symbol = symbol.and_then(|symbol| {
        let section = file.section_by_index(symbol.section_index()?).ok()?;
        let offset = symbol.address().checked_sub(section.address())?;
        banner::at_start(section.data().ok()?.get(usize::try_from(offset).ok()?..)?)
    });
    at_symbol.or_else(|| read_only(file).find_map(banner::search))
}

/// The sections that hold constants.
fn read_only<'data, 'file, H: FileHeader<Endian = object::Endianness>>(
    file: &'file ElfFile<'data, H>,
) -> impl Iterator<Item = &'data [u8]> + use<'data, 'file, H> {
    let constants = |kind| matches!(kind, SectionKind::ReadOnlyData | SectionKind::ReadOnlyString | SectionKind::Data);
    // Debug information has no address.
    let sections = file.sections().filter(move |section| section.address() != 0 && constants(section.kind()));
    sections.filter_map(|section| section.data().ok())
}
