//! Where members are in the structures that a kernel's BTF describes.

use crate::btf::{Reader, TYPE, behind, parts};

/// Kinds of types (`include/uapi/linux/btf.h`).
const INT: u32 = 1;
const POINTER: u32 = 2;
const ARRAY: u32 = 3;
const STRUCT: u32 = 4;
const UNION: u32 = 5;
const FLOAT: u32 = 16;

/// How deep members without a name lie in each other, and how long a chain of other names of a type is, at most.
const DEEPEST: u32 = 16;

/// Members that are looked at for one: those of all structures of a name, and of what is in them without one. No kernel's has
/// so many; a broken one has each structure in the next several times.
const MOST_MEMBERS: u32 = 1 << 20;

/// A member of a structure.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Member {
    /// Bytes from the beginning of the structure.
    pub offset: u64,
    /// Its bytes; `None` of a pointer or whatever has no size of its own.
    pub size: Option<u64>,
}

/// The types in a kernel's BTF.
#[derive(Clone, Debug)]
pub struct Structs<'a> {
    types: Reader<'a>,
    strings: &'a [u8],
    /// Where each type begins; the first is number 1.
    starts: Vec<u32>,
    /// The numbers of structures and unions that have a name and members.
    named: Vec<usize>,
}

/// A type's fixed part.
#[derive(Clone, Copy)]
struct Type {
    at: usize,
    name: usize,
    kind: u32,
    members: usize,
    /// Whether offsets of members have the width of a bit field in their highest byte.
    bit_fields: bool,
    /// The size, or the number of the type that this is another name of.
    size: u32,
}

impl<'a> Structs<'a> {
    /// Finds where types begin.
    ///
    /// # Errors
    /// What is wrong with the BTF, and where.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, String> {
        let (types, strings) = parts(bytes)?;
        let (mut at, mut starts, mut named) = (0_usize, Vec::new(), Vec::new());
        while at < types.bytes.len() {
            let broken = || format!("BTF: type {} is cut off", starts.len() + 1);
            let info = types.u32(at + 4).ok_or_else(broken)?;
            let (kind, members) = (info >> 24 & 0x1f, usize::try_from(info & 0xffff).unwrap_or_default());
            let behind = behind(kind, members).ok_or_else(|| {
                format!("BTF: type {} is of kind {kind}, which is newer than this reader", starts.len() + 1)
            })?;
            let next = at.checked_add(TYPE + behind).filter(|next| *next <= types.bytes.len()).ok_or_else(broken)?;
            starts.push(u32::try_from(at).map_err(|_| "BTF: more than 4 GiB".to_owned())?);
            if matches!(kind, STRUCT | UNION) && members > 0 && types.u32(at) != Some(0) {
                named.push(starts.len());
            }
            at = next;
        }
        Ok(Self { types, strings, starts, named })
    }

    /// A member of a structure, through members that are structures themselves: `context.asce` of `mm_struct`. Members of
    /// structures and unions without a name count as those of the one around them, as in C. `None` if there is none.
    #[must_use]
    pub fn member(&self, structure: &str, path: &str) -> Option<Member> {
        let mut left = MOST_MEMBERS;
        self.candidates(structure).find_map(|of| self.path(of, path, &mut left))
    }

    /// The bytes of a structure.
    #[must_use]
    pub fn size(&self, structure: &str) -> Option<u64> {
        self.candidates(structure).next().map(|of| u64::from(of.size))
    }

    /// The structures of a name: a kernel can have two, of which one is a driver's.
    fn candidates(&self, name: &str) -> impl Iterator<Item = Type> + '_ {
        let name = name.as_bytes().to_vec();
        let all = self.named.iter().filter_map(|number| self.get(*number));
        all.filter(move |of| self.is(of.name, &name))
    }

    fn path(&self, of: Type, path: &str, left: &mut u32) -> Option<Member> {
        let (mut of, mut offset) = (of, 0_u64);
        let mut names = path.split('.').peekable();
        while let Some(name) = names.next() {
            let (inside, number) = self.find(of, name.as_bytes(), 0, left)?;
            offset = offset.checked_add(inside)?;
            if names.peek().is_none() {
                return Some(Member { offset, size: self.bytes_of(number, 0) });
            }
            of = self.resolved(number)?;
        }
        None
    }

    /// A member by its name: where it is, in bytes, and its type.
    fn find(&self, of: Type, name: &[u8], depth: u32, left: &mut u32) -> Option<(u64, usize)> {
        if name.is_empty() || depth > DEEPEST || !matches!(of.kind, STRUCT | UNION) {
            return None;
        }
        let mut nameless = Vec::new();
        for member in 0..of.members {
            *left = left.checked_sub(1)?;
            let at = of.at + TYPE + member * 12;
            let (own, number) = (self.types.index(at)?, self.types.index(at + 4)?);
            let bits = self.types.u32(at + 8)?;
            let bits = if of.bit_fields { bits & 0x00ff_ffff } else { bits };
            let offset = u64::from(bits / 8);
            if self.is(own, name) {
                return Some((offset, number));
            }
            if self.is(own, b"") {
                nameless.push((offset, number));
            }
        }
        nameless.into_iter().find_map(|(offset, number)| {
            let (inside, number) = self.find(self.resolved(number)?, name, depth + 1, left)?;
            Some((offset + inside, number))
        })
    }

    /// A type behind its other names and qualifiers.
    fn resolved(&self, mut number: usize) -> Option<Type> {
        for _ in 0..DEEPEST {
            let of = self.get(number)?;
            // Typedefs, volatile, const, restrict, type tags.
            if !matches!(of.kind, 8..=11 | 18) {
                return Some(of);
            }
            number = usize::try_from(of.size).ok()?;
        }
        None
    }

    fn bytes_of(&self, number: usize, depth: u32) -> Option<u64> {
        let of = self.resolved(number)?;
        match of.kind {
            POINTER => None,
            ARRAY if depth < DEEPEST => {
                let (element, count) = (self.types.index(of.at + TYPE)?, self.types.u32(of.at + TYPE + 8)?);
                self.bytes_of(element, depth + 1)?.checked_mul(u64::from(count))
            }
            INT | STRUCT | UNION | FLOAT | 6 | 19 => Some(u64::from(of.size)),
            _ => None,
        }
    }

    fn get(&self, number: usize) -> Option<Type> {
        let at = usize::try_from(*self.starts.get(number.checked_sub(1)?)?).ok()?;
        let info = self.types.u32(at + 4)?;
        Some(Type {
            at,
            name: self.types.index(at)?,
            kind: info >> 24 & 0x1f,
            members: usize::try_from(info & 0xffff).ok()?,
            bit_fields: info >> 31 != 0,
            size: self.types.u32(at + 8)?,
        })
    }

    fn is(&self, offset: usize, text: &[u8]) -> bool {
        let rest = self.strings.get(offset..).and_then(|rest| rest.strip_prefix(text));
        rest.is_some_and(|rest| rest.first() == Some(&0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `struct s { int a; struct { u32 b; t n; }; struct s *p; char c[3]; }`, `typedef struct { int x, y; } t`, and a second `s`.
    pub(crate) fn sample(little: bool) -> Vec<u8> {
        let strings = b"\0int\0s\0a\0b\0n\0p\0c\0t\0x\0y\0q\0";
        let name = |text: &str| {
            let whole = [b"\0", text.as_bytes(), b"\0"].concat();
            u32::try_from(strings.windows(whole.len()).position(|part| part == whole).unwrap()).unwrap() + 1
        };
        let types: Vec<u32> = [
            vec![name("int"), INT << 24, 4, 32],
            // 2: the first structure of the name, which has other members.
            vec![name("s"), STRUCT << 24 | 1, 4, name("q"), 1, 0],
            // 3: the typedef's structure, with a bit field's layout of offsets.
            vec![0, 1 << 31 | STRUCT << 24 | 2, 8, name("x"), 1, 0, name("y"), 1, 8 << 24 | 32],
            vec![name("t"), 8 << 24, 3],
            // 5: without a name, inside of s.
            vec![0, STRUCT << 24 | 2, 12, name("b"), 1, 0, name("n"), 4, 32],
            vec![0, POINTER << 24, 7],
            vec![name("s"), STRUCT << 24 | 4, 32, name("a"), 1, 0, 0, 5, 32, name("p"), 6, 128, name("c"), 8, 192],
            vec![0, ARRAY << 24, 0, 1, 1, 3],
        ]
        .concat();
        let word = |word: u32| if little { word.to_le_bytes() } else { word.to_be_bytes() };
        let types: Vec<u8> = types.into_iter().flat_map(word).collect();
        let magic = if little { 0xeb9f_u16.to_le_bytes() } else { 0xeb9f_u16.to_be_bytes() };
        let sizes = [24, 0, types.len(), types.len(), strings.len()];
        let sizes = sizes.into_iter().flat_map(|size| word(u32::try_from(size).unwrap()));
        [&magic[..], &[1, 0]].concat().into_iter().chain(sizes).chain(types).chain(strings.iter().copied()).collect()
    }

    #[test]
    fn structures_in_each_other_take_no_time() {
        const DEPTH: u32 = 15;
        let strings = b"\0s\0a\0";
        // Each has the one before it sixteen times, without a name.
        let mut types = vec![0, STRUCT << 24 | 1, 4, 3, 1, 0];
        for number in 1..=DEPTH {
            let name = u32::from(number == DEPTH);
            types.extend([name, STRUCT << 24 | 16, 4]);
            types.extend((0..16).flat_map(|_| [0, number, 0]));
        }
        let types: Vec<u8> = types.into_iter().flat_map(u32::to_le_bytes).collect();
        let sizes = [24, 0, types.len(), types.len(), strings.len()];
        let sizes = sizes.into_iter().flat_map(|size| u32::try_from(size).unwrap().to_le_bytes());
        let bytes: Vec<u8> = [0x9f, 0xeb, 1, 0].into_iter().chain(sizes).chain(types).chain(strings.to_vec()).collect();
        let structs = Structs::parse(&bytes).unwrap();
        assert_eq!(structs.member("s", "a").map(|member| member.offset), Some(0));
        assert_eq!(structs.member("s", "b"), None);
    }

    #[test]
    fn members_are_found_through_nameless_ones_and_other_names() {
        for little in [true, false] {
            let bytes = sample(little);
            let structs = Structs::parse(&bytes).unwrap();
            let at = |path| structs.member("s", path).map(|member| (member.offset, member.size));
            assert_eq!(at("a"), Some((0, Some(4))));
            assert_eq!(at("b"), Some((4, Some(4))));
            assert_eq!(at("n"), Some((8, Some(8))));
            assert_eq!(at("n.y"), Some((12, Some(4))));
            assert_eq!(at("p"), Some((16, None)));
            assert_eq!(at("c"), Some((24, Some(12))));
            // Of the other structure of this name.
            assert_eq!(at("q"), Some((0, Some(4))));
            assert_eq!((at("z"), at("a.x"), at("p.a"), at("")), (None, None, None, None));
            assert_eq!(structs.member("u", "a"), None);
        }
    }

    #[test]
    fn whatever_is_cut_off_or_turned_is_no_panic() {
        let whole = sample(true);
        for length in 0..whole.len() {
            assert!(Structs::parse(&whole[..length]).is_err(), "{length}");
        }
        for at in 0..whole.len() {
            for flip in [1, 0x80, 0xff] {
                let mut broken = whole.clone();
                broken[at] ^= flip;
                if let Ok(structs) = Structs::parse(&broken) {
                    for path in ["a", "b", "n.y", "c", "z"] {
                        let _ = structs.member("s", path);
                    }
                }
            }
        }
    }
}
