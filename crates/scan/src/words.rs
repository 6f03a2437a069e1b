//! Some words of an image, and how they lie in memory.

use swp_pte::MemoryOrder;

use crate::PartialWord;

/// Words of an image: their bytes, and how to read them.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Words<'a> {
    /// The bytes.
    pub bytes: &'a [u8],
    /// The byte order of each word.
    pub order: MemoryOrder,
    /// How many times each word stands there, one after the other. 1 but for ppc 8xx with 16K pages, whose `pte_t` is
    /// four identical words (arch/powerpc/include/asm/pgtable-types.h). 0 is taken for 1.
    pub copies: u32,
    /// Where the bytes begin in the image.
    pub position: u64,
}

impl<'a> Words<'a> {
    /// Words that stand there once, at the start of the image.
    #[must_use]
    pub const fn new(bytes: &'a [u8], order: MemoryOrder) -> Self {
        Self { bytes, order, copies: 1, position: 0 }
    }

    /// The same at another place of the image, in bytes from its start.
    #[must_use]
    pub const fn at(self, position: u64) -> Self {
        Self { position, ..self }
    }

    /// The same, each word repeated so many times.
    #[must_use]
    pub const fn repeated(self, copies: u32) -> Self {
        Self { copies, ..self }
    }
}

/// A stretch of words that each stand there once, or whose copies were taken away, in one of the two byte orders that loops
/// are compiled for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run<'a> {
    /// The bytes of the words.
    pub(crate) bytes: &'a [u8],
    /// Whether the most significant byte of a word comes first.
    pub(crate) big: bool,
    /// Where the first word is in the image.
    pub(crate) position: u64,
    /// How far it is in the image from a word to the next.
    pub(crate) stride: u64,
}

/// The words whose copies are not the same: how many, and where the first is.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(crate) struct Differing {
    pub(crate) count: u64,
    pub(crate) first: Option<u64>,
}

impl Differing {
    pub(crate) fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.first = [self.first, other.first].into_iter().flatten().min();
    }
}

/// Hands out the words, of so many bytes, in runs, each word once, and says how many are left out since their copies differ: there is no
/// telling which copy is right. Words without copies are one run, their own bytes, unless they are kept as two halves with the
/// low one first: so rare a form gets no loop of its own, its words are copied into an order that has one.
///
/// # Errors
/// [`PartialWord`] if the length is no multiple of the word with its copies; nothing has been handed out then.
#[inline(always)]
pub(crate) fn each_run(words: Words<'_>, word: usize, mut each: impl FnMut(Run<'_>)) -> Result<Differing, PartialWord> {
    let copies = words.copies.max(1) as usize;
    let stride = word * copies;
    if !words.bytes.len().is_multiple_of(stride) {
        return Err(PartialWord { length: words.bytes.len(), word: stride });
    }
    let big = match words.order {
        MemoryOrder::Big | MemoryOrder::BigLowWordFirst => true,
        // No other order is known.
        _ => false,
    };
    // In four bytes there are no such halves.
    let swap_halves = words.order == MemoryOrder::BigLowWordFirst && word == 8;
    if copies == 1 && !swap_halves {
        each(Run { bytes: words.bytes, big, position: words.position, stride: stride as u64 });
        return Ok(Differing::default());
    }
    Ok(read_once(words, [word, stride], swap_halves, &mut |bytes, position| {
        each(Run { bytes, big, position, stride: stride as u64 });
    }))
}

/// As [`each_run`], for words that must be copied; runs are handed out as bytes and position.
fn read_once(
    words: Words<'_>,
    [word, stride]: [usize; 2],
    swap_halves: bool,
    each: &mut dyn FnMut(&[u8], u64),
) -> Differing {
    /// Room for a run: words of four bytes in 16 blocks of 64.
    const ROOM: usize = 4096;
    let mut differing = Differing::default();
    let mut run = Vec::with_capacity(ROOM);
    let (mut start, mut at) = (words.position, words.position);
    let mut end = |run: &mut Vec<u8>, start| {
        if !run.is_empty() {
            each(run, start);
            run.clear();
        }
    };
    for group in words.bytes.chunks_exact(stride) {
        let (first, others) = group.split_at(word);
        let alike = others.chunks_exact(word).all(|other| other == first);
        if !alike || run.len() + word > ROOM {
            end(&mut run, start);
        }
        if alike {
            if run.is_empty() {
                start = at;
            }
            run.extend_from_slice(first);
            if let (true, Some(eight)) = (swap_halves, run.last_chunk_mut::<8>()) {
                eight.rotate_left(4);
            }
        } else {
            differing.merge(Differing { count: 1, first: Some(at) });
        }
        at += stride as u64;
    }
    end(&mut run, start);
    differing
}
