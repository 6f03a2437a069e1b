//! The kernel in a dump.

use swp_pte::MemoryOrder;
use swp_pte_dump::{ByteOrder, Memory};
use swp_pte_kernel::{Facts, Learned, Machine, SwapInfo};
use swp_pte_walk::{Geometry, Root, s390_of_asce, s390_of_entry};

use crate::lack::{GIVE_BTF, GIVE_VMCOREINFO, Lack};
use crate::machine::{geometry_of, image_of, machine_of, order_of};
use crate::{Image, Searched, Space, Symbols, Tables, Types, Vmcoreinfo};

/// The longest BTF that is read, and the longest packed configuration.
const LONGEST_BTF: u64 = 256 << 20;
const LONGEST_CONFIG: u64 = 4 << 20;

/// What is known beforehand, and takes the place of what the dump says.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// The machine.
    pub machine: Option<Machine>,
    /// VMCOREINFO, as text.
    pub vmcoreinfo: Option<Vec<u8>>,
    /// Where the kernel is: `phys_base` of x86_64, elsewhere the physical address of `_stext`.
    pub phys_base: Option<u64>,
    /// The page tables.
    pub geometry: Option<Geometry>,
    /// Symbols, as System.map has them.
    pub symbols: Option<String>,
    /// BTF.
    pub btf: Option<Vec<u8>>,
    /// Whether VMCOREINFO is not to be looked for in memory, all of which that reads.
    pub no_search: bool,
}

/// The kernel in a dump.
#[derive(Debug)]
pub struct Kernel<'a> {
    /// Its own addresses.
    pub space: Space<'a>,
    /// What it says for readers of dumps.
    pub info: Vmcoreinfo,
    /// The machine.
    pub machine: Machine,
    symbols: Result<Symbols, Lack>,
    types: Result<Types, Lack>,
    btf: Option<Vec<u8>>,
}

/// The machine of a dump: given, or that of its header.
///
/// # Errors
/// [`Lack`] if both are there and differ: which is it?
pub fn machine_of_dump(memory: &dyn Memory, given: Option<Machine>) -> Result<Option<Machine>, Lack> {
    let header = memory.machine().and_then(|one| {
        let name = match one.name {
            "ppc64" if one.order == ByteOrder::Little => "ppc64le",
            "ppc32" => "ppc",
            name => name,
        };
        Machine::of_uname(name)
    });
    match (given, header) {
        (Some(given), Some(header)) if given != header => Err(Lack::new(
            "the machine",
            format!("the dump's header says {header}, --arch {given}"),
            "leave --arch out, or give that of the dump",
        )),
        (given, header) => Ok(given.or(header)),
    }
}

impl<'a> Kernel<'a> {
    /// Finds the kernel in a dump. What it does not have is told when it is asked for.
    ///
    /// # Errors
    /// [`Lack`]: without VMCOREINFO, the machine or the kernel's page tables nothing can be read.
    pub fn find(memory: &'a dyn Memory, given: &Given) -> Result<Self, Lack> {
        Self::find_and_tell(memory, given, &mut |_| ())
    }

    /// The same, and tells how far it has come where all of memory has to be looked through for VMCOREINFO.
    ///
    /// # Errors
    /// As [`Self::find`].
    pub fn find_and_tell(
        memory: &'a dyn Memory,
        given: &Given,
        searched: &mut dyn FnMut(Searched),
    ) -> Result<Self, Lack> {
        let info = match (&given.vmcoreinfo, memory.vmcoreinfo()) {
            (Some(text), _) => Vmcoreinfo::new(text, "--vmcoreinfo").ok_or_else(|| {
                Lack::new("--vmcoreinfo", "this is no VMCOREINFO, which has OSRELEASE= and PAGESIZE=", GIVE_VMCOREINFO)
            })?,
            (None, note) => note
                .and_then(|text| Vmcoreinfo::new(text, "VMCOREINFO of the dump"))
                .or_else(|| if given.no_search { None } else { Vmcoreinfo::search(memory, searched) })
                .ok_or_else(|| {
                    let why = match given.no_search {
                        true => "no note of the dump, and its memory was not looked through",
                        false => "neither a note of the dump nor in its memory",
                    };
                    Lack::new("VMCOREINFO, in which a kernel says what its dumps need", why, GIVE_VMCOREINFO)
                })?,
        };
        let machine = machine_of_dump(memory, given.machine)?.or_else(|| machine_of(&info)).ok_or_else(|| {
            Lack::new("the machine", "neither the dump's header nor VMCOREINFO says it", "give --arch")
        })?;
        let order = memory.byte_order().map_or_else(
            || order_of(machine),
            |order| match order {
                ByteOrder::Big => MemoryOrder::Big,
                ByteOrder::Little => MemoryOrder::Little,
            },
        );
        let image = image_of(machine, &info, given.phys_base)?;
        let (machine, order) = match machine.name() {
            "ppc64" | "ppc64le" => ppc64(memory, &info, &image).unwrap_or((machine, order)),
            _ => (machine, order),
        };
        let no_root =
            |why: &dyn std::fmt::Display| Lack::new("the kernel's page tables (swapper_pg_dir)", why, GIVE_VMCOREINFO);
        let root = info.symbol("swapper_pg_dir").ok_or_else(|| no_root(&"no SYMBOL(swapper_pg_dir) in VMCOREINFO"))?;
        let root =
            image.physical(root).ok_or_else(|| no_root(&format!("{root:#x} is outside of the kernel's image")))?;
        let geometry = match given.geometry {
            Some(geometry) => geometry,
            None => geometry_of(machine, Some(&info), None)?,
        };
        let geometry = ordered(geometry, machine, order);
        let geometry = match machine.name() {
            "s390x" if given.geometry.is_none() => depth(memory, root).ok_or_else(|| no_root(&"it cannot be read"))?,
            _ => geometry,
        };
        let pointer = if geometry.address_bits <= 32 { 4 } else { 8 };
        let space = Space::new(memory, geometry, root, image, pointer, order);
        let symbols = match &given.symbols {
            Some(text) => Symbols::of_text(text, &info),
            None => Symbols::of_dump(&space, &info),
        };
        let btf = match (&given.btf, &symbols) {
            (Some(btf), _) => Ok(btf.clone()),
            (None, Ok(symbols)) => read_btf(&space, symbols),
            (None, Err(lack)) => Err(lack.clone()),
        };
        let types = btf.as_ref().map_err(Lack::clone).and_then(|btf| Types::new(btf));
        Ok(Self { space, info, machine, symbols, types, btf: btf.ok() })
    }

    /// The symbols that are needed.
    ///
    /// # Errors
    /// [`Lack`].
    pub fn symbols(&self) -> Result<Symbols, Lack> {
        self.symbols.clone()
    }

    /// Where members are.
    ///
    /// # Errors
    /// [`Lack`].
    pub fn types(&self) -> Result<&Types, Lack> {
        self.types.as_ref().map_err(Lack::clone)
    }

    /// What follows for its swap entries: the release, the room of `swap_info`, its configuration.
    ///
    /// # Errors
    /// What is broken, or contradicts itself.
    pub fn facts(&self) -> Result<Facts, swp_pte_kernel::Error> {
        let from = &self.info.from;
        let release = self.info.release().and_then(|text| text.parse().ok());
        let mut facts = Facts {
            release: release.map(|one| Learned::new(one, from.clone())),
            machine: Some(Learned::new(self.machine, "the dump".into())),
            page_shift: self.info.page_shift().map(|shift| Learned::new(shift, from.clone())),
            ..Facts::default()
        };
        let Ok(symbols) = &self.symbols else { return Ok(facts) };
        if let (Some(at), Some(next)) = (symbols.swap_info, symbols.behind_swap_info) {
            let info = SwapInfo { bytes: next - at, pointer: self.space.pointer as u64, next: Some(next) };
            if info.max_swapfiles().next().is_some() {
                facts.swap_info = Some(Learned::new(info, "the dump: the symbol behind swap_info".into()));
            }
        }
        if let Some(btf) = &self.btf {
            // A kernel before 5.19 has the enumeration without the enumerator; a broken one tells nothing.
            if let Ok(told) = swp_pte_kernel::facts_of(btf, "BTF of the dump") {
                facts = facts.join(told)?;
            }
        }
        if let Some((at, end)) = symbols.config {
            let length = usize::try_from(end.saturating_sub(at).min(LONGEST_CONFIG)).unwrap_or_default();
            let mut packed = vec![0; length];
            if self.space.read(at, &mut packed).is_ok()
                && let Ok(told) = swp_pte_kernel::facts_of(&packed, "CONFIG_IKCONFIG of the dump")
            {
                facts = facts.join(told)?;
            }
        }
        Ok(facts)
    }

    /// The tree of a process: its geometry and its root.
    #[must_use]
    pub fn tree(&self, memory: &dyn Memory, tables: &Tables) -> (Geometry, Root) {
        // The control element says how deep a process of s390 is; processes differ.
        if self.machine.name() == "s390x" {
            let of_asce = tables.asce.and_then(s390_of_asce).filter(|(_, root)| root.at == tables.pgd);
            if let Some(tree) = of_asce.or_else(|| Some((depth(memory, tables.pgd)?, Root::new(tables.pgd)))) {
                return tree;
            }
        }
        (self.space.geometry, Root::new(tables.pgd))
    }
}

/// The geometry of a tree of s390, by its first entry.
#[must_use]
pub fn depth(memory: &dyn Memory, root: u64) -> Option<Geometry> {
    let mut word = [0; 8];
    memory.read(root, &mut word).ok()?;
    s390_of_entry(u64::from_be_bytes(word))
}

/// A ppc64 kernel can have either byte order, and headers are wrong about it: qemu 7.2 asks the hypervisor's bit (HILE) for
/// the guest's. The number of symbols, of 32 bits and some hundred thousand, is the smaller of its two readings.
fn ppc64(memory: &dyn Memory, info: &Vmcoreinfo, image: &Image) -> Option<(Machine, MemoryOrder)> {
    let mut word = [0; 4];
    memory.read(image.physical(info.symbol("kallsyms_num_syms")?)?, &mut word).ok()?;
    let little = u32::from_le_bytes(word) < u32::from_be_bytes(word);
    let (name, order) = if little { ("ppc64le", MemoryOrder::Little) } else { ("ppc64", MemoryOrder::Big) };
    Some((Machine::of_uname(name)?, order))
}

/// Page tables of an arm64 kernel are in its byte order; all others have one.
#[must_use]
pub fn ordered(geometry: Geometry, machine: Machine, order: MemoryOrder) -> Geometry {
    if machine.name() == "aarch64" { geometry.in_order(order) } else { geometry }
}

fn read_btf(space: &Space<'_>, symbols: &Symbols) -> Result<Vec<u8>, Lack> {
    const WHAT: &str = "the types of the kernel (BTF)";
    let Some((at, end)) = symbols.btf else {
        let why = "no symbol __start_BTF: built without CONFIG_DEBUG_INFO_BTF";
        return Err(Lack::new(WHAT, why, GIVE_BTF));
    };
    let length = end.checked_sub(at).filter(|length| (24..=LONGEST_BTF).contains(length));
    let length = length.ok_or_else(|| Lack::new(WHAT, "__stop_BTF is not behind __start_BTF", GIVE_BTF))?;
    let mut bytes = vec![0; usize::try_from(length).unwrap_or_default()];
    space.read(at, &mut bytes).map_err(|why| Lack::new(WHAT, why, GIVE_BTF))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use swp_pte_dump::{Missing, Range};

    use super::*;

    /// Memory that is one word everywhere.
    struct Word([u8; 4]);

    impl Memory for Word {
        fn read(&self, _: u64, into: &mut [u8]) -> Result<(), Missing> {
            into.copy_from_slice(&self.0);
            Ok(())
        }

        fn ranges(&self) -> &[Range] {
            &[]
        }

        fn vmcoreinfo(&self) -> Option<&[u8]> {
            None
        }

        fn machine(&self) -> Option<swp_pte_dump::Machine> {
            None
        }

        fn file_position(&self, _: u64) -> Option<u64> {
            None
        }
    }

    #[test]
    fn a_ppc64_kernel_says_its_own_byte_order() {
        // Of Debian's 7.2.13 for ppc64el, by what only its VMCOREINFO has.
        let text = "OSRELEASE=7.2.13\nPAGESIZE=4096\nSYMBOL(_stext)=c000000000000000\nSYMBOL(mmu_psize_defs)=c0000000029ebbf8\n\
                    SYMBOL(kallsyms_num_syms)=c0000000015675a0\nSYMBOL(swapper_pg_dir)=c0000000029d0000\nKERNELOFFSET=0\n\
                    SIZE(mmu_psize_def)=96\n";
        let info = Vmcoreinfo::new(text.as_bytes(), "a test").unwrap();
        let machine = machine_of(&info).unwrap();
        assert_eq!(machine.name(), "ppc64le");
        let image = image_of(machine, &info, None).unwrap();
        let found = |word| ppc64(&Word(word), &info, &image).map(|(machine, order)| (machine.name(), order));
        assert_eq!(found([0x2c, 0xbb, 0x01, 0x00]), Some(("ppc64le", MemoryOrder::Little)));
        assert_eq!(found([0x00, 0x01, 0xbb, 0x2c]), Some(("ppc64", MemoryOrder::Big)));
    }
}
