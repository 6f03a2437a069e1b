//! From a row back to the type of its backend, for loops that must be compiled for each layout.

use swp_pte::SwpPte;

use crate::{Row, table};

/// A computation that is generic over the backend.
///
/// A [`Word`](crate::Word) asks its backend through a function pointer, which costs a call a word. A visitor is handed
/// the backend's type once, and whatever loop it holds is compiled for that layout alone.
pub trait Visit {
    /// What it gives.
    type Output;

    /// Runs with the backend's own type.
    fn visit<P: SwpPte>(self) -> Self::Output;
}

impl Row {
    /// Runs the visitor with the type of this row's backend; `None` for a row that is not of the atlas's own table.
    ///
    /// ```
    /// use swp_pte_atlas::{Visit, newest};
    ///
    /// /// How many of the words are swap PTEs.
    /// struct Count<'a>(&'a [u64]);
    ///
    /// impl Visit for Count<'_> {
    ///     type Output = usize;
    ///
    ///     fn visit<P: swp_pte::SwpPte>(self) -> usize {
    ///         use swp_pte::PteBits;
    ///         let ptes = self.0.iter().filter_map(|word| P::Bits::try_from_u64(*word)).map(P::from_bits);
    ///         ptes.filter(|pte| pte.kind() == swp_pte::PteKind::Swap).count()
    ///     }
    /// }
    ///
    /// assert_eq!(newest("x86_64")?.visit(Count(&[0, 0x63, 0x07ff_ffff_ffff_fe00])), Some(1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn visit<V: Visit>(&self, visitor: V) -> Option<V::Output> {
        table::visit(&self.layout().source, visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ROWS, SECOND_FORMS};

    struct LargestOffset;

    impl Visit for LargestOffset {
        type Output = u64;

        fn visit<P: SwpPte>(self) -> u64 {
            P::LAYOUT.max_offset()
        }
    }

    #[test]
    fn every_row_finds_its_backend() {
        for row in ROWS.iter().chain(SECOND_FORMS) {
            assert_eq!(row.visit(LargestOffset), Some(row.layout().max_offset()), "{}", row.variant());
        }
    }
}
