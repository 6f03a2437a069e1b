//! Where each architecture's kernel has its own image and its page tables, by what VMCOREINFO says.
//!
//! | architecture | image | levels |
//! |---|---|---|
//! | x86_64 | `NUMBER(phys_base)` (`arch/x86/kernel/vmcore_info_64.c`) | `NUMBER(pgtable_l5_enabled)` |
//! | i386 | `SYMBOL(_stext)`: lowmem begins at `PAGE_OFFSET` | `CONFIG_X86_PAE` |
//! | arm64 | `NUMBER(kimage_voffset)` (`arch/arm64/kernel/vmcore_info.c`) | `NUMBER(TCR_EL1_T1SZ)`, else `NUMBER(VA_BITS)`; `PAGESIZE` |
//! | riscv | `NUMBER(va_kernel_pa_offset)` (`arch/riscv/kernel/vmcore_info.c`) | `NUMBER(VA_BITS)` |
//! | s390 | `KERNELOFFSET`, `KERNELOFFPHYS` (`arch/s390/kernel/machine_kexec.c`) | the type in the first entry of `swapper_pg_dir` |
//! | ppc64 | the quadrant of 0xc000000000000000 is memory (`__pa`) | `PAGESIZE`; `NUMBER(RADIX_MMU)` says that it is radix |

use swp_pte::MemoryOrder;
use swp_pte_kernel::Machine;
use swp_pte_walk::{
    Geometry, I386, I386_PAE, PPC64_RADIX_4K, PPC64_RADIX_64K, SV32, SV39, SV48, SV57, X86_64, X86_64_LA57, arm64,
};

use crate::lack::{GIVE_PHYS_BASE, Lack};
use crate::{Image, Vmcoreinfo};

/// Where the image of an x86_64 kernel is linked: `__START_KERNEL_map`.
const X86_64_IMAGE: u64 = 0xffff_ffff_8000_0000;
/// Where memory is mapped on ppc64: `PAGE_OFFSET`, up to where vmalloc begins.
const PPC64_LINEAR: u64 = 0xc000_0000_0000_0000;
const PPC64_LINEAR_LAST: u64 = 0xc007_ffff_ffff_ffff;
/// Where the image of a riscv64 kernel is linked: `KERNEL_LINK_ADDR`, the last 2 GiB.
const RISCV64_IMAGE: u64 = 0xffff_ffff_8000_0000;

/// `PAGE_OFFSET` of i386 with 3 GiB for processes (`CONFIG_VMSPLIT_3G`).
const I386_PAGE_OFFSET: u64 = 0xc000_0000;

/// What marks VMCOREINFO of an architecture, where a dump does not name it.
const MARKS: &[(&str, &str)] = &[
    ("NUMBER(kimage_voffset)", "aarch64"),
    ("NUMBER(pgtable_l5_enabled)", "x86_64"),
    ("NUMBER(va_kernel_pa_offset)", "riscv64"),
    ("SYMBOL(lowcore_ptr)", "s390x"),
    // `arch/x86/kernel/vmcore_info_32.c`; a kernel without PAE says nothing of its own.
    ("CONFIG_X86_PAE", "i386"),
    // `arch/powerpc/kexec/vmcore_info.c`; which byte order it has is another question.
    ("SYMBOL(mmu_psize_defs)", "ppc64le"),
];

/// The machine that VMCOREINFO is of, by what only that one's says.
#[must_use]
pub fn machine_of(info: &Vmcoreinfo) -> Option<Machine> {
    MARKS.iter().find(|(key, _)| info.get(key).is_some()).and_then(|(_, name)| Machine::of_uname(name))
}

/// The page tables of a machine, if VMCOREINFO or what was given says which; s390's depth is in its tables.
///
/// # Errors
/// [`Lack`]: an architecture whose tables are not walked here, or what does not fit.
pub fn geometry_of(machine: Machine, info: Option<&Vmcoreinfo>, page_shift: Option<u32>) -> Result<Geometry, Lack> {
    const INSTEAD: &str = "give --geometry, the page tables by name";
    let number = |name| info.and_then(|info| info.number(name));
    let page_shift = info.and_then(Vmcoreinfo::page_shift).or(page_shift);
    let not = |why: String| Lack::new(format!("the page tables of {machine}"), why, INSTEAD);
    Ok(match machine.name() {
        "x86_64" if number("pgtable_l5_enabled") == Some(1) => X86_64_LA57,
        "x86_64" => X86_64,
        "i386" if info.is_some_and(|info| info.get("CONFIG_X86_PAE") == Some("y")) => I386_PAE,
        "i386" => I386,
        "aarch64" => {
            let page_shift = page_shift.unwrap_or(12);
            let bits = number("VA_BITS");
            // With 64K pages a kernel of 52 bits has its table for them also where the hardware has 48.
            let bits = match number("TCR_EL1_T1SZ") {
                Some(size) if page_shift != 16 => Some(64_u64.wrapping_sub(size)),
                _ => bits,
            };
            let bits = u32::try_from(bits.unwrap_or(48)).unwrap_or(0);
            arm64(page_shift, bits)
                .ok_or_else(|| not(format!("none with pages of {} bytes and {bits} bits", 1_u64 << page_shift)))?
        }
        "riscv64" => match number("VA_BITS") {
            Some(39) => SV39,
            Some(57) => SV57,
            _ => SV48,
        },
        "riscv32" => SV32,
        "s390x" => swp_pte_walk::S390.get(1).copied().unwrap_or(X86_64),
        "ppc64" | "ppc64le" => {
            if number("RADIX_MMU") == Some(0) {
                return Err(Lack::new(
                    "the page tables",
                    "this ppc64 kernel has the hashed MMU, whose tables are not walked here",
                    "bring the word, and `swp-pte decode` reads it",
                ));
            }
            if page_shift == Some(12) { PPC64_RADIX_4K } else { PPC64_RADIX_64K }
        }
        name => {
            return Err(Lack::new(
                "the page tables",
                format!("those of {name} are not walked here"),
                "bring the word, and `swp-pte decode` reads it",
            ));
        }
    })
}

/// Where the kernel's image is in memory.
///
/// # Errors
/// [`Lack`] if VMCOREINFO does not say, and nobody.
pub fn image_of(machine: Machine, info: &Vmcoreinfo, phys_base: Option<u64>) -> Result<Image, Lack> {
    let lacks = |key: &str| {
        Lack::new("where the kernel is in memory", format!("no {key} in VMCOREINFO ({})", info.from), GIVE_PHYS_BASE)
    };
    let given = |key: &str, value: Option<u64>| value.ok_or_else(|| lacks(key));
    // What is given says where the first instruction is, but on x86_64, where it is the kernel's variable.
    if let (Some(base), false) = (phys_base, machine.name() == "x86_64") {
        let stext = given("SYMBOL(_stext)", info.symbol("_stext"))?;
        return Ok(Image { first: stext & !0x3fff_ffff, last: stext | 0x3fff_ffff, delta: base.wrapping_sub(stext) });
    }
    Ok(match machine.name() {
        "x86_64" => {
            let base = given("NUMBER(phys_base)", phys_base.or_else(|| info.number("phys_base")))?;
            Image { first: X86_64_IMAGE, last: u64::MAX, delta: base.wrapping_sub(X86_64_IMAGE) }
        }
        "aarch64" => {
            let offset = given("NUMBER(kimage_voffset)", info.number("kimage_voffset"))?;
            let stext = given("SYMBOL(_stext)", info.symbol("_stext"))?;
            // An image is some tens of MiB, in a piece of 2 MiB steps.
            Image {
                first: stext & !0x1f_ffff,
                last: stext.saturating_add(256 << 20),
                delta: 0_u64.wrapping_sub(offset),
            }
        }
        "riscv64" => {
            let offset = given("NUMBER(va_kernel_pa_offset)", info.number("va_kernel_pa_offset"))?;
            Image { first: RISCV64_IMAGE, last: u64::MAX, delta: 0_u64.wrapping_sub(offset) }
        }
        "s390x" => match (info.hex("KERNELOFFSET"), info.hex("KERNELOFFPHYS")) {
            (Some(offset), Some(physical)) => {
                Image { first: offset, last: offset.saturating_add(1 << 30), delta: physical.wrapping_sub(offset) }
            }
            // Before 6.11 the kernel's addresses are physical ones.
            _ => Image { first: 0, last: u64::MAX, delta: 0 },
        },
        "ppc64" | "ppc64le" => {
            Image { first: PPC64_LINEAR, last: PPC64_LINEAR_LAST, delta: 0_u64.wrapping_sub(PPC64_LINEAR) }
        }
        "i386" => {
            let stext = given("SYMBOL(_stext)", info.symbol("_stext"))?;
            // `PAGE_OFFSET` is a multiple of 256 MiB. That of most kernels is the highest there is; above it the image may lie
            // anywhere (`CONFIG_RANDOMIZE_BASE`).
            let offset = if stext >= I386_PAGE_OFFSET { I386_PAGE_OFFSET } else { stext & 0xf000_0000 };
            Image { first: offset, last: 0xffff_ffff, delta: 0_u64.wrapping_sub(offset) }
        }
        _ => return Err(lacks("way from addresses to memory")),
    })
}

/// The byte order of a machine's kernel, where the dump does not say it.
#[must_use]
pub fn order_of(machine: Machine) -> MemoryOrder {
    if matches!(machine.name(), "s390x" | "ppc64") { MemoryOrder::Big } else { MemoryOrder::Little }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_of_i386_lie_above_page_offset() {
        let machine = Machine::of_uname("i686").unwrap();
        // Debian's 6.1.0-50-686, which placed itself 480 MiB above; kernels with 2 GiB and 3 GiB less 256 MiB for processes.
        for (stext, offset) in [
            ("de000000", 0xc000_0000),
            ("c1000000", 0xc000_0000),
            ("81000000", 0x8000_0000_u64),
            ("b1000000", 0xb000_0000),
        ] {
            let lines = format!("PAGESIZE=4096\nSYMBOL(_stext)={stext}\n{}", "SIZE(page)=40\n".repeat(6));
            let info = Vmcoreinfo::new(lines.as_bytes(), "a test").unwrap();
            let image = image_of(machine, &info, None).unwrap();
            assert_eq!((image.first, image.delta), (offset, offset.wrapping_neg()), "{stext}");
        }
    }
}
