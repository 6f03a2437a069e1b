//! BTF, as far as it is needed: the enumerators of one enumeration (`include/uapi/linux/btf.h`); members of structures are in
//! `structs.rs`.
//!
//! An own reader: of the kept crates `btf-rs` is LGPL, which a program under this project's licences cannot link as it links
//! the others, and `aya-obj` keeps the enumerators to itself. It walks the types once, allocates nothing, and has an error for
//! whatever it does not understand.

const MAGIC: u16 = 0xeb9f;

/// A type's fixed part.
pub(crate) const TYPE: usize = 12;

/// `BTF_KIND_ENUM`, `BTF_KIND_ENUM64`.
const ENUM: u32 = 6;
const ENUM64: u32 = 19;

/// Bytes behind the fixed part of a type, by its kind and its number of members; `None` for a kind that came later.
pub(crate) const fn behind(kind: u32, members: usize) -> Option<usize> {
    match kind {
        // Pointers, forwards, typedefs, qualifiers, functions, floats, type tags.
        2 | 7..=12 | 16 | 18 => Some(0),
        // Integers, variables, declaration tags.
        1 | 14 | 17 => Some(4),
        // Arrays.
        3 => Some(12),
        // Structs, unions, sections, wide enumerations.
        4 | 5 | 15 | ENUM64 => members.checked_mul(12),
        // Enumerations, prototypes.
        ENUM | 13 => members.checked_mul(8),
        _ => None,
    }
}

/// The bytes, and their order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a> {
    pub(crate) bytes: &'a [u8],
    little: bool,
}

impl Reader<'_> {
    pub(crate) fn u32(self, at: usize) -> Option<u32> {
        let bytes = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if self.little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    pub(crate) fn index(self, at: usize) -> Option<usize> {
        usize::try_from(self.u32(at)?).ok()
    }
}

/// Whether bytes begin as BTF does.
pub(crate) fn is_btf(bytes: &[u8]) -> bool {
    bytes.get(..2).is_some_and(|magic| magic == MAGIC.to_le_bytes() || magic == MAGIC.to_be_bytes())
}

/// Whether `enum pageflags` (`include/linux/page-flags.h`) has `PG_anon_exclusive`; `None` if there is no such enumeration.
///
/// # Errors
/// What is wrong with the BTF, and where.
pub fn has_anon_exclusive(bytes: &[u8]) -> Result<Option<bool>, String> {
    enumeration(bytes, b"pageflags", b"PG_anon_exclusive")
}

/// The types and the strings.
///
/// # Errors
/// A header that is none, or points outside.
pub(crate) fn parts(bytes: &[u8]) -> Result<(Reader<'_>, &[u8]), String> {
    if !is_btf(bytes) {
        return Err("no BTF: it does not begin with its magic number".into());
    }
    let whole = Reader { bytes, little: bytes.first() == MAGIC.to_le_bytes().first() };
    let header = || {
        let [header, types_at, types_size, strings_at, strings_size] =
            [whole.index(4)?, whole.index(8)?, whole.index(12)?, whole.index(16)?, whole.index(20)?];
        let part = |at: usize, size: usize| {
            let start = header.checked_add(at)?;
            bytes.get(start..start.checked_add(size)?)
        };
        Some((Reader { bytes: part(types_at, types_size)?, ..whole }, part(strings_at, strings_size)?))
    };
    header().ok_or_else(|| "BTF: its header points outside of it".into())
}

/// Whether an enumeration has an enumerator.
fn enumeration(bytes: &[u8], name: &[u8], enumerator: &[u8]) -> Result<Option<bool>, String> {
    let (types, strings) = parts(bytes)?;
    let is = |offset: usize, text: &[u8]| {
        let rest = strings.get(offset..).and_then(|rest| rest.strip_prefix(text));
        rest.is_some_and(|rest| rest.first() == Some(&0))
    };
    let (mut at, mut number, mut found) = (0_usize, 0_usize, None);
    while at < types.bytes.len() {
        number += 1;
        let broken = || format!("BTF: type {number} is cut off");
        let (own_name, info) = (types.index(at).ok_or_else(broken)?, types.u32(at + 4).ok_or_else(broken)?);
        let (kind, members) = (info >> 24 & 0x1f, usize::try_from(info & 0xffff).unwrap_or_default());
        let behind = behind(kind, members)
            .ok_or_else(|| format!("BTF: type {number} is of kind {kind}, which is newer than this reader"))?;
        let next = at.checked_add(TYPE + behind).filter(|next| *next <= types.bytes.len()).ok_or_else(broken)?;
        // A forward declaration of the enumeration has no members.
        if (kind == ENUM || kind == ENUM64) && members > 0 && is(own_name, name) {
            let size = if kind == ENUM { 8 } else { 12 };
            let mut names = (0..members).filter_map(|member| types.index(at + TYPE + member * size));
            found = Some(found.unwrap_or(false) || names.any(|name| is(name, enumerator)));
        }
        at = next;
    }
    Ok(found)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// BTF with an integer, a struct and `enum pageflags`.
    pub(crate) fn sample(little: bool, with: bool) -> Vec<u8> {
        let word = |word: u32| if little { word.to_le_bytes() } else { word.to_be_bytes() };
        let strings = b"\0int\0pageflags\0PG_locked\0PG_anon_exclusive\0";
        let last = if with { 25 } else { 15 };
        let types: Vec<u32> =
            [vec![1, 1 << 24, 4, 32], vec![0, 4 << 24 | 1, 4, 1, 1, 0], vec![5, 6 << 24 | 2, 4, 15, 0, last, 1]]
                .concat();
        let magic = if little { MAGIC.to_le_bytes() } else { MAGIC.to_be_bytes() };
        let types: Vec<u8> = types.into_iter().flat_map(word).collect();
        let sizes = [24, 0, types.len(), types.len(), strings.len()];
        let sizes = sizes.into_iter().flat_map(|size| word(u32::try_from(size).unwrap()));
        [&magic[..], &[1, 0]].concat().into_iter().chain(sizes).chain(types).chain(strings.iter().copied()).collect()
    }

    #[test]
    fn an_enumerator_is_found_in_both_byte_orders() {
        for little in [true, false] {
            for with in [true, false] {
                assert_eq!(has_anon_exclusive(&sample(little, with)), Ok(Some(with)));
            }
        }
        assert_eq!(enumeration(&sample(true, true), b"pageflag", b"PG_locked"), Ok(None));
        assert_eq!(enumeration(&sample(true, true), b"pageflags", b"PG_anon"), Ok(Some(false)));
    }

    #[test]
    fn whatever_is_cut_off_is_an_error() {
        let whole = sample(true, true);
        for length in 0..whole.len() {
            assert!(has_anon_exclusive(&whole[..length]).is_err(), "{length}");
        }
        for (at, byte) in [(4, 0xff), (11, 0xff), (15, 0x7f), (24 + 7, 31), (24 + 7, 20)] {
            let mut broken = whole.clone();
            broken[at] = byte;
            assert!(has_anon_exclusive(&broken).is_err(), "{at}");
        }
    }
}
