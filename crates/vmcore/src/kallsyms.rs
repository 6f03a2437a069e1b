//! The kernel's table of its symbols (`kernel/kallsyms.c`, `scripts/kallsyms.c`), where VMCOREINFO says that it is: since 6.0.
//!
//! Names are made of tokens, of which a table has 256; a name is its length and so many tokens, the first letter being the
//! kind of symbol. Addresses are numbers of 32 bits from a base. How they count from it changed several times, and a
//! dump does not say which kernel it is of in so many words: each way is tried, and that is right by which `_stext` is where
//! VMCOREINFO has it.

use crate::lack::{GIVE_SYMBOLS, Lack};
use crate::{Space, Vmcoreinfo};

/// More than any kernel has.
const MOST_SYMBOLS: u64 = 8 << 20;
const LONGEST_TABLE: u64 = 256 << 20;
/// A name is at most so long: `KSYM_NAME_LEN` is 512.
const LONGEST_NAME: usize = 1024;

/// The symbols of a kernel.
#[derive(Clone, Debug)]
pub struct Kallsyms {
    names: Vec<u8>,
    tokens: Vec<Vec<u8>>,
    addresses: Vec<u64>,
}

/// How a number of 32 bits says where a symbol is.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// `CONFIG_KALLSYMS_ABSOLUTE_PERCPU`: positive numbers are addresses, negative ones count down from the base.
    Percpu,
    /// From the base on.
    Relative,
    /// From the number's own place on, with a sign.
    Own,
}

impl Way {
    fn address(self, number: u32, base: u64, place: u64) -> u64 {
        let signed = i64::from(number.cast_signed());
        match self {
            Self::Percpu if signed >= 0 => u64::from(number),
            Self::Percpu => base.wrapping_sub(1).wrapping_sub(signed.cast_unsigned()),
            Self::Relative => base.wrapping_add(u64::from(number)),
            Self::Own => place.wrapping_add(signed.cast_unsigned()),
        }
    }
}

impl Kallsyms {
    /// Reads the tables.
    ///
    /// # Errors
    /// [`Lack`]: a kernel that does not say where they are, or tables that are not there.
    pub fn read(space: &Space<'_>, info: &Vmcoreinfo) -> Result<Self, Lack> {
        const WHAT: &str = "the symbols of the kernel";
        let at = |name: &str| {
            info.symbol(&format!("kallsyms_{name}")).ok_or_else(|| {
                let release = info.release().unwrap_or("this kernel");
                let why =
                    format!("VMCOREINFO of {release} does not say where kallsyms_{name} is, as kernels since 6.0 do");
                Lack::new(WHAT, why, GIVE_SYMBOLS)
            })
        };
        let lost = |error: &dyn std::fmt::Display| Lack::new(WHAT, error, GIVE_SYMBOLS);
        let read = |address: u64, length: u64| {
            let length = usize::try_from(length.min(LONGEST_TABLE)).unwrap_or_default();
            let mut bytes = vec![0; length];
            space.read(address, &mut bytes).map(|()| bytes).map_err(|error| lost(&error))
        };
        let (names_at, tokens_at, index_at) = (at("names")?, at("token_table")?, at("token_index")?);
        let count = space.number(at("num_syms")?, 4).map_err(|error| lost(&error))?;
        if count == 0 || count > MOST_SYMBOLS {
            return Err(lost(&format!("kallsyms_num_syms is {count}")));
        }
        // Names end where the next table begins: the markers lie between them and the tokens.
        let length = tokens_at.checked_sub(names_at).filter(|length| *length <= LONGEST_TABLE);
        let names = read(names_at, length.unwrap_or(count * 24))?;
        // A token has some bytes; the table ends where that of the indices begins.
        let table =
            read(tokens_at, index_at.checked_sub(tokens_at).filter(|length| *length <= 1 << 16).unwrap_or(4096))?;
        let index = read(index_at, 512)?;
        let token = |at: &[u8]| {
            let at = <[u8; 2]>::try_from(at).unwrap_or_default();
            let big = space.order() == swp_pte::MemoryOrder::Big;
            let at = usize::from(if big { u16::from_be_bytes(at) } else { u16::from_le_bytes(at) });
            let rest = table.get(at..).unwrap_or_default();
            // No token is longer than a name: a broken table would have each be all of it.
            rest.split(|byte| *byte == 0).next().unwrap_or_default().iter().take(LONGEST_NAME).copied().collect()
        };
        let tokens: Vec<_> = index.chunks_exact(2).map(token).collect();
        let mut symbols = Self { names, tokens, addresses: Vec::new() };
        let offsets_at = info.symbol("kallsyms_offsets");
        symbols.addresses = match offsets_at {
            None => {
                let pointers = read(at("addresses")?, count.saturating_mul(space.pointer as u64))?;
                pointers.chunks_exact(space.pointer).map(|bytes| of_bytes(bytes, space)).collect()
            }
            Some(offsets_at) => {
                let offsets: Vec<u32> =
                    read(offsets_at, count * 4)?.chunks_exact(4).map(|bytes| space.u32(bytes)).collect();
                let base = info.symbol("kallsyms_relative_base").map(|at| space.pointer(at));
                let base = base.transpose().map_err(|error| lost(&error))?;
                symbols.placed(&offsets, base, offsets_at, info).ok_or_else(|| {
                    lost(
                        &"kallsyms is not where VMCOREINFO says, or it is made in a way that is newer than this reader",
                    )
                })?
            }
        };
        Ok(symbols)
    }

    /// The addresses, in the way by which `_stext` is where VMCOREINFO has it.
    fn placed(&self, offsets: &[u32], base: Option<u64>, at: u64, info: &Vmcoreinfo) -> Option<Vec<u64>> {
        let stext = info.symbol("_stext")?;
        let mut number = None;
        self.each(|index, name| {
            number = (name == b"_stext").then_some(index);
            number.is_none()
        });
        let number = number?;
        let place = |index: usize| at.wrapping_add(index as u64 * 4);
        let ways = match base {
            Some(_) => &[Way::Relative, Way::Percpu][..],
            None => &[Way::Own],
        };
        let base = base.unwrap_or_default();
        let fits = |way: &&Way| offsets.get(number).is_some_and(|one| way.address(*one, base, place(number)) == stext);
        let way = ways.iter().find(fits)?;
        Some(offsets.iter().enumerate().map(|(index, one)| way.address(*one, base, place(index))).collect())
    }

    /// Every name, without the letter of its kind, with its number, until told to stop.
    fn each(&self, mut visit: impl FnMut(usize, &[u8]) -> bool) {
        let (mut at, mut name, mut index) = (0_usize, Vec::with_capacity(LONGEST_NAME), 0_usize);
        while let Some(first) = self.names.get(at).copied() {
            at += 1;
            let mut length = usize::from(first);
            // Since 6.1 a long name has its length in two bytes.
            if first & 0x80 != 0 {
                let Some(second) = self.names.get(at) else { return };
                length = usize::from(first & 0x7f) | usize::from(*second) << 7;
                at += 1;
            }
            let Some(bytes) = self.names.get(at..at + length) else { return };
            at += length;
            name.clear();
            for byte in bytes {
                name.extend_from_slice(self.tokens.get(usize::from(*byte)).map_or(&[][..], Vec::as_slice));
                if name.len() > LONGEST_NAME {
                    break;
                }
            }
            // Padding behind the last name is zeros.
            if length == 0 || index as u64 >= MOST_SYMBOLS || !visit(index, name.get(1..).unwrap_or_default()) {
                return;
            }
            index += 1;
        }
    }

    /// The address of each of these symbols, in one pass.
    #[must_use]
    pub fn find<const N: usize>(&self, wanted: [&str; N]) -> [Option<u64>; N] {
        let mut found = [None; N];
        self.each(|index, name| {
            if let Some(one) = wanted.iter().position(|wanted| wanted.as_bytes() == name)
                && let Some(slot) = found.get_mut(one)
            {
                *slot = slot.or_else(|| self.addresses.get(index).copied());
            }
            found.iter().any(Option::is_none)
        });
        found
    }

    /// The address of the symbol of a number, in the table's order.
    #[must_use]
    pub fn address(&self, number: usize) -> Option<u64> {
        self.addresses.get(number).copied()
    }

    /// The first address of a symbol behind an address.
    #[must_use]
    pub fn next_after(&self, address: u64) -> Option<u64> {
        self.addresses.iter().copied().filter(|other| *other > address).min()
    }
}

/// A pointer.
fn of_bytes(bytes: &[u8], space: &Space<'_>) -> u64 {
    let join = |number: u64, byte: &u8| number << 8 | u64::from(*byte);
    match space.order() {
        swp_pte::MemoryOrder::Big => bytes.iter().fold(0, join),
        _ => bytes.iter().rev().fold(0, join),
    }
}
