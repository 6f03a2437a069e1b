//! Symbols, out of the dump or out of a file.

use crate::lack::{GIVE_SYMBOLS, Lack};
use crate::{Kallsyms, Space, Vmcoreinfo};

/// What is asked of a kernel.
const WANTED: [&str; 8] = [
    "init_task",
    "swap_info",
    "nr_swapfiles",
    "__start_BTF",
    "__stop_BTF",
    "kernel_config_data",
    "kernel_config_data_end",
    "_stext",
];

/// The addresses of the symbols that are needed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Symbols {
    /// The first task.
    pub init_task: Option<u64>,
    /// The array of swap files.
    pub swap_info: Option<u64>,
    /// The first symbol behind it.
    pub behind_swap_info: Option<u64>,
    /// How many of its elements were ever used.
    pub nr_swapfiles: Option<u64>,
    /// BTF.
    pub btf: Option<(u64, u64)>,
    /// The packed configuration (`CONFIG_IKCONFIG`).
    pub config: Option<(u64, u64)>,
}

impl Symbols {
    /// Out of the kernel's own table.
    ///
    /// # Errors
    /// [`Lack`].
    pub fn of_dump(space: &Space<'_>, info: &Vmcoreinfo) -> Result<Self, Lack> {
        let all = Kallsyms::read(space, info)?;
        Ok(Self::new(all.find(WANTED), |address| all.next_after(address), 0))
    }

    /// Out of a text as System.map or `/proc/kallsyms`, of a kernel that lies elsewhere than where it was linked.
    ///
    /// # Errors
    /// [`Lack`] for a text that is none.
    pub fn of_text(text: &str, info: &Vmcoreinfo) -> Result<Self, Lack> {
        let mut found = [None; WANTED.len()];
        let mut addresses = Vec::new();
        for line in text.lines() {
            let mut parts = line.split_ascii_whitespace();
            let (Some(address), Some(_), Some(name)) = (parts.next(), parts.next(), parts.next()) else { continue };
            let Ok(address) = u64::from_str_radix(address, 16) else { continue };
            addresses.push(address);
            if let Some(slot) = WANTED.iter().position(|wanted| *wanted == name).and_then(|one| found.get_mut(one)) {
                *slot = slot.or(Some(address));
            }
        }
        let [.., stext] = found;
        // What the kernel was moved by: KASLR.
        let moved = match (stext, info.symbol("_stext")) {
            (Some(linked), Some(runs)) => runs.wrapping_sub(linked),
            _ => {
                return Err(Lack::new("the symbols given", "no _stext in them or in VMCOREINFO", GIVE_SYMBOLS));
            }
        };
        let next = |address: u64| addresses.iter().copied().filter(|other| *other > address).min();
        Ok(Self::new(found, next, moved))
    }

    fn new(found: [Option<u64>; 8], next: impl Fn(u64) -> Option<u64>, moved: u64) -> Self {
        let [init_task, swap_info, nr_swapfiles, btf, btf_end, config, config_end, _] = found;
        let place = |address: Option<u64>| address.map(|address| address.wrapping_add(moved));
        let both = |one: Option<u64>, two: Option<u64>| place(one).zip(place(two));
        Self {
            init_task: place(init_task),
            swap_info: place(swap_info),
            behind_swap_info: place(swap_info.and_then(next)),
            nr_swapfiles: place(nr_swapfiles),
            btf: both(btf, btf_end),
            config: both(config, config_end),
        }
    }
}
