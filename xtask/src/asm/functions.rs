//! Which functions a layout has, what each is called in the probe, and how many branches it may have.

use swp_pte::{Flag, Level};
use swp_pte_atlas::{ROWS, Row, SECOND_FORMS};

/// A function of the probe.
#[derive(Clone, Debug)]
pub(super) struct Function {
    pub(super) row: &'static Row,
    pub(super) kind: Operation,
    /// The name of the function in the API.
    pub(super) name: &'static str,
    /// Its name in the probe: `<variant>__<module>__<function>`.
    pub(super) symbol: String,
    /// The most conditional jumps that it may have.
    pub(super) branches: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Operation {
    Encode,
    Decode,
    Kind,
    Is(Flag),
    Set(Flag),
    Clear(Flag),
}

/// The functions of every layout, in the order of the atlas; those of a higher level last.
pub(super) fn all() -> Vec<Function> {
    ROWS.iter().chain(SECOND_FORMS).flat_map(functions_of).collect()
}

fn functions_of(row: &'static Row) -> Vec<Function> {
    let layout = row.layout();
    let module = module(row);
    // A field that is read wider than it is written is one more question, for what cannot have been written.
    let wider =
        [&layout.swp_type, &layout.swp_offset].iter().filter(|field| field.width() > field.written_bits()).count();
    // encode: does the entry fit, and is not the one that would read as none? kind and decode: none? present? The second is
    // two questions where it takes several bits at once.
    let at_once = layout.present.iter().any(|pattern| pattern.mask.count_ones() > 1);
    let questions = 2 + usize::from(at_once);
    let own = [
        (Operation::Encode, "encode", 1),
        (Operation::Decode, "decode", questions + wider),
        (Operation::Kind, "kind", questions),
    ];
    let exclusive = layout.exclusive.map(|_| {
        [
            (Operation::Is(Flag::Exclusive), "is_exclusive", 0),
            (Operation::Set(Flag::Exclusive), "mk_exclusive", 0),
            (Operation::Clear(Flag::Exclusive), "clear_exclusive", 0),
        ]
    });
    let soft_dirty = layout.soft_dirty.map(|_| {
        [
            (Operation::Is(Flag::SoftDirty), "is_soft_dirty", 0),
            (Operation::Set(Flag::SoftDirty), "mk_soft_dirty", 0),
            (Operation::Clear(Flag::SoftDirty), "clear_soft_dirty", 0),
        ]
    });
    let uffd_wp = layout.uffd_wp.map(|_| {
        [
            (Operation::Is(Flag::UffdWp), "is_uffd_wp", 0),
            (Operation::Set(Flag::UffdWp), "mk_uffd_wp", 0),
            (Operation::Clear(Flag::UffdWp), "clear_uffd_wp", 0),
        ]
    });
    let markers = [exclusive, soft_dirty, uffd_wp].into_iter().flatten().flatten();
    let functions = own.into_iter().chain(markers);
    functions
        .map(|(kind, name, branches)| Function { row, kind, name, symbol: format!("{module}__{name}"), branches })
        .collect()
}

/// The module of a row in the probe, as `x86_64__since_5_19`.
fn module(row: &Row) -> String {
    let kernels = row.layout().source.kernels;
    // The record of a variant begins with the kernels up to a change, and goes on with those since.
    let oldest = ROWS.iter().find(|other| other.variant() == row.variant());
    let era = match kernels.last {
        Some(last) if oldest.is_some_and(|oldest| oldest.layout().source.kernels == kernels) => format!("until_{last}"),
        _ => format!("since_{}", kernels.first),
    };
    let level = match row.layout().source.level {
        Level::Pte => String::new(),
        level => format!("_{level}"),
    };
    format!("{}{level}__{}", row.variant().replace('-', "_"), era.replace('.', "_"))
}
