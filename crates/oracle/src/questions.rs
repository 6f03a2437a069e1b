//! What is asked: every one-hot and boundary entry, and seeded random entries and words. The same every time.

/// How many random entries and words a run asks of each variant.
pub(super) const ENTRIES: usize = 4096;
pub(super) const WORDS: usize = 2048;
/// How many random words a vector file has that is written for the first time.
pub(super) const WORDS_IN_FILE: usize = 200;

/// A sequence of random numbers (splitmix64): fixed here, so that a library's next version does not change the vectors.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }
}

/// Entries at the edges: every type with the smallest and the largest offset; every bit of the offset alone, all below
/// it, and all but it.
pub(super) fn boundary_entries(max_offset: u64) -> Vec<(u64, u64)> {
    let bits = || (0..64 - max_offset.leading_zeros()).map(|bit| 1u64 << bit);
    let mut entries = Vec::new();
    for swp_type in [0, 1, 31] {
        entries.extend(bits().flat_map(|bit| [bit, bit - 1, max_offset ^ bit]).map(|offset| (swp_type, offset)));
    }
    for swp_type in 0..32 {
        entries.extend([0, 1, max_offset - 1, max_offset].map(|offset| (swp_type, offset)));
    }
    entries.sort_unstable();
    entries.dedup();
    entries
}

/// Random entries, of all sizes of offset.
pub(super) fn random_entries(max_offset: u64, count: usize) -> Vec<(u64, u64)> {
    let mut random = Random(1);
    let one = |random: &mut Random| {
        let (swp_type, shift) = (random.next() & 31, random.next() % 32);
        (swp_type, (random.next() & max_offset) >> if shift < 16 { 0 } else { shift })
    };
    (0..count).map(|_| one(&mut random)).collect()
}

/// Words with one bit set, one bit clear, and random ones.
pub(super) fn words(width: u32, random_words: usize) -> Vec<u64> {
    let mask = u64::MAX >> (64 - width);
    let mut random = Random(2);
    let mut words: Vec<_> = (0..width).flat_map(|bit| [1 << bit, mask ^ 1 << bit]).chain([0, mask]).collect();
    words.extend((0..random_words).map(|_| random.next() & mask));
    words
}
