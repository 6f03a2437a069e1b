//! ELF cores.

use swp_pte_dump::ByteOrder;

use super::Out;

/// What an ELF core of some memory is to look like.
#[derive(Clone, Debug)]
pub(crate) struct Elf<'a> {
    pub(crate) order: ByteOrder,
    pub(crate) bits: u32,
    pub(crate) machine: u16,
    /// Physical address, bytes, and how many bytes of memory follow that are not in the file.
    pub(crate) segments: Vec<(u64, &'a [u8], u64)>,
    pub(crate) vmcoreinfo: Option<&'a [u8]>,
    /// Where memory begins in the file, as a remainder: qemu's begins anywhere.
    pub(crate) skew: usize,
    /// The number of program headers is too large for its field, or written as if.
    pub(crate) extended: bool,
}

impl<'a> Elf<'a> {
    pub(crate) fn new(segments: &[(u64, &'a [u8])]) -> Self {
        Self {
            order: ByteOrder::Little,
            bits: 64,
            machine: 62,
            segments: segments.iter().map(|(at, bytes)| (*at, *bytes, 0)).collect(),
            vmcoreinfo: None,
            skew: 0,
            extended: false,
        }
    }

    fn program_header(&self, out: &mut Out, kind: u64, [offset, physical, in_file, in_memory]: [u64; 4]) {
        if self.bits == 64 {
            out.put(4, kind).put(4, 7).put(8, offset).put(8, 0).put(8, physical);
            out.put(8, in_file).put(8, in_memory).put(8, 0);
        } else {
            out.put(4, kind).put(4, offset).put(4, 0).put(4, physical).put(4, in_file).put(4, in_memory);
            out.put(4, 7).put(4, 0);
        }
    }

    /// The file.
    pub(crate) fn write(&self) -> Vec<u8> {
        let (word, header, entry, section) = if self.bits == 64 { (8, 64, 56, 64) } else { (4, 52, 32, 40) };
        let mut note = Out::new(self.order);
        if let Some(text) = self.vmcoreinfo {
            note.put(4, 11).put(4, text.len() as u64).put(4, 0).bytes(b"VMCOREINFO\0\0").bytes(text);
            note.pad(note.bytes.len().next_multiple_of(4));
        }
        let count = self.segments.len() + 1;
        let sections = if self.extended { header } else { 0 };
        let table = header + if self.extended { section } else { 0 };
        let notes = table + count * entry;
        let mut out = Out::new(self.order);
        out.bytes(b"\x7fELF").bytes(&[if self.bits == 64 { 2 } else { 1 }]);
        out.bytes(&[if self.order == ByteOrder::Big { 2 } else { 1 }, 1]).pad(16);
        out.put(2, 4).put(2, u64::from(self.machine)).put(4, 1).put(word, 0).put(word, table as u64);
        // `e_ehsize` is wrong, as qemu's is.
        out.put(word, sections as u64).put(4, 0).put(2, 9).put(2, entry as u64);
        out.put(2, if self.extended { 0xffff } else { count as u64 }).put(2, section as u64);
        out.put(2, u64::from(self.extended)).put(2, 0);
        if self.extended {
            let info = header + if self.bits == 64 { 44 } else { 28 };
            out.pad(info).put(4, count as u64).pad(table);
        }
        let mut at = notes + note.bytes.len() + self.skew;
        self.program_header(&mut out, 4, [notes as u64, 0, note.bytes.len() as u64, note.bytes.len() as u64]);
        for (physical, bytes, rest) in &self.segments {
            let length = bytes.len() as u64;
            self.program_header(&mut out, 1, [at as u64, *physical, length, length + rest]);
            at += bytes.len();
        }
        out.pad(notes).bytes(&note.bytes).pad(notes + note.bytes.len() + self.skew);
        for (_, bytes, _) in &self.segments {
            out.bytes(bytes);
        }
        out.bytes
    }
}
