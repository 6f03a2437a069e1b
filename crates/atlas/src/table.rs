//! The tables, made of the list.

use swp_pte::{Flag, Layout, Source, SwpPte};

use crate::list::arch;
use crate::{Row, Visit};

/// The lines of a list become a table of rows, and a function that hands a backend's type to a visitor.
macro_rules! rows {
    ($($name:ident: $pte:ty $(, $marker:ident)*;)*) => {
        &[$(Row::of::<$pte>(markers!(&<$pte as SwpPte>::LAYOUT $(, $marker)*))),*]
    };
}

/// The markers of a line are those of the layout, or nothing compiles.
macro_rules! markers {
    ($layout:expr $(, $marker:ident)*) => {{
        assert!(same($layout, &[$(markers!(@$marker)),*]), "the list has other markers than the layout");
        $layout
    }};
    (@exclusive) => { Flag::Exclusive };
    (@soft_dirty) => { Flag::SoftDirty };
    (@uffd_wp) => { Flag::UffdWp };
}

const fn same(layout: &Layout<'_>, markers: &[Flag]) -> bool {
    let (mut declared, mut listed) = (0_u64, 0_u64);
    let mut i = 0;
    while i < Flag::ALL.len() {
        declared |= layout.flag_mask(Flag::ALL[i]);
        i += 1;
    }
    i = 0;
    while i < markers.len() {
        let mask = layout.flag_mask(markers[i]);
        if mask == 0 {
            return false;
        }
        listed |= mask;
        i += 1;
    }
    declared == listed
}

/// The lines of a list become a function that finds the backend of a source and hands its type to a visitor.
macro_rules! visitor {
    ($($name:ident: $pte:ty $(, $marker:ident)*;)*) => {
        pub(super) fn visit<V: Visit>(source: &Source<'_>, visitor: V) -> Result<V::Output, V> {
            $(if *source == <$pte as SwpPte>::LAYOUT.source {
                return Ok(visitor.visit::<$pte>());
            })*
            Err(visitor)
        }
    };
}

/// Every layout of the record, at the level of the PTE.
pub static ROWS: &[Row] = crate::for_each_layout!(rows);

/// The layouts of a higher level of the page tables, where they differ from those of the PTE.
pub static SECOND_FORMS: &[Row] = crate::for_each_second_form!(rows);

/// The layouts of kernels that are older than those of a variant's backends: data, which is interpreted. They are looked up as
/// the others, and come before them.
pub static OLDER: &[Row] = &[
    Row::own(&arch::x86_64::since_3_11::SINCE_3_11),
    Row::own(&arch::s390::before_4_1::UNTIL_3_11),
    Row::own(&arch::s390::before_4_1::SINCE_3_14),
    Row::own(&arch::ppc::book3s64_before_4_2::OF_4K_UNTIL_3_11),
    Row::own(&arch::ppc::book3s64_before_4_2::OF_4K_SINCE_4_0),
    Row::own(&arch::ppc::book3s64_before_4_2::OF_64K_UNTIL_3_11),
    Row::own(&arch::ppc::book3s64_before_4_2::OF_64K_SINCE_4_0),
];

mod layouts {
    use super::{Source, SwpPte, Visit};
    crate::for_each_layout!(visitor);
}

mod second_forms {
    use super::{Source, SwpPte, Visit};
    crate::for_each_second_form!(visitor);
}

/// Runs the visitor with the backend that has this source.
pub(crate) fn visit<V: Visit>(source: &Source<'_>, visitor: V) -> Option<V::Output> {
    layouts::visit(source, visitor).or_else(|visitor| second_forms::visit(source, visitor)).ok()
}

#[cfg(test)]
mod tests {
    use super::same;
    use swp_pte::Flag;

    /// x86_64 from 5.19 on has all three markers, and arm64 before has none.
    #[test]
    fn a_line_has_the_markers_of_its_layout() {
        let [every, none] = [("x86_64", "6.12"), ("arm64", "5.10")]
            .map(|(variant, kernel)| crate::find(variant, kernel.parse().unwrap()).unwrap().layout());
        assert!(same(every, &Flag::ALL) && same(none, &[]));
        for short in [&[][..], &Flag::ALL[..2], &Flag::ALL[1..]] {
            assert!(!same(every, short), "{short:?}");
        }
        assert!(!same(none, &[Flag::Exclusive]));
    }
}
