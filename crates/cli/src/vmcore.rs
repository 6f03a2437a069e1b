//! A memory dump, and the kernel in it, as commands are asked for them: `walk` and `ps`.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use swp_pte::Level;
use swp_pte_atlas::facts_of;
use swp_pte_dump::{Dump, Memory, Options};
use swp_pte_kernel::{Learned, Machine};
use swp_pte_vmcore::{Given, Kernel, Lack, Searched, Tables, geometry_of, machine_of_dump, order_of, ordered};
use swp_pte_walk::{GEOMETRIES, Geometry, Root};

use crate::kconfig::BuildArgs;
use crate::target::{Asked, KernelArgs, NameParser, Target, Wanted, wanted};
use crate::{Error, output};

/// The largest file that is given beside a dump.
const LARGEST: u64 = 256 << 20;

/// What there is to say of a dump and its kernel.
#[derive(Debug, clap::Args)]
pub(crate) struct DumpArgs {
    /// The dump: ELF (vmcore, qemu), kdump, LiME, or memory as it is
    pub(crate) dump: PathBuf,
    /// The architecture, if neither the dump nor its kernel says it
    #[arg(long, value_name = "VARIANT", value_parser = NameParser, hide_possible_values = true)]
    arch: Option<Wanted>,
    #[command(flatten)]
    kernel: KernelArgs,
    #[command(flatten)]
    build: BuildArgs,
    #[command(flatten)]
    instead: InsteadArgs,
}

/// What takes the place of what a dump does not have.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Instead of what the dump says of itself")]
struct InsteadArgs {
    /// The text of VMCOREINFO
    #[arg(long, value_name = "FILE")]
    vmcoreinfo: Option<PathBuf>,
    #[expect(clippy::doc_markdown, reason = "shown in a terminal")]
    /// Where the kernel is in memory: phys_base on x86_64, elsewhere the physical address of _stext
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    phys_base: Option<u64>,
    /// Its symbols: System.map, or a copy of /proc/kallsyms
    #[arg(long, value_name = "FILE")]
    symbols: Option<PathBuf>,
    /// Its types: a copy of /sys/kernel/btf/vmlinux
    #[arg(long, value_name = "FILE")]
    btf: Option<PathBuf>,
    /// The page tables by name, as arm64-4k-39 or x86_64-la57
    #[arg(long, value_name = "NAME", value_parser = geometry)]
    geometry: Option<Geometry>,
    /// Of memory as it is: the physical address of the first byte
    #[arg(long, value_name = "ADDRESS", value_parser = address)]
    base: Option<u64>,
}

/// An address: hex with `0x`, or decimal; digits that could be either are refused.
pub(crate) fn address(text: &str) -> Result<u64, String> {
    crate::input::number(text)
}

fn geometry(text: &str) -> Result<Geometry, String> {
    swp_pte_walk::find(text).ok_or_else(|| {
        let names: Vec<_> = GEOMETRIES.iter().flat_map(|some| some.iter()).map(|one| one.name).collect();
        format!("there are no such page tables; there are {}", names.join(", "))
    })
}

/// What is wrong with a dump, named.
pub(crate) fn lacks(path: &Path, lack: &Lack) -> Error {
    Error::Input(format!("{}: {lack}", path.display()))
}

/// The kernel in a dump. Where all of memory is looked through for it, a terminal shows how far that has come.
///
/// # Errors
/// As [`Kernel::find`].
pub(crate) fn kernel_in<'a>(dump: &'a Dump, given: &Given) -> Result<Kernel<'a>, Lack> {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(5));
    let style = "looking for VMCOREINFO {bar:24} {bytes} of {total_bytes}, {eta} left";
    bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
    let found = Kernel::find_and_tell(dump, given, &mut |Searched { bytes, of }| {
        bar.set_length(of);
        bar.set_position(bytes);
    });
    bar.finish_and_clear();
    found
}

/// A small file, whole.
fn read(path: &Path) -> Result<Vec<u8>, Error> {
    let what = format!("cannot read {}", path.display());
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(Error::io(what.clone()))?;
    file.take(LARGEST).read_to_end(&mut bytes).map_err(Error::io(what))?;
    Ok(bytes)
}

impl DumpArgs {
    /// Opens the dump, and says what is strange about it.
    pub(crate) fn open(&self) -> Result<Dump, Error> {
        let options = Options { base: self.instead.base, ..Options::default() };
        let dump = swp_pte_dump::open(&self.dump, &options)
            .map_err(|error| Error::Input(format!("{}: {error}", self.dump.display())))?;
        for warning in dump.warnings() {
            output::complain("warning", &format!("{}: {warning}", self.dump.display()));
        }
        Ok(dump)
    }

    /// The machine that was given.
    fn machine(&self) -> Option<Machine> {
        let arch = self.arch.as_ref()?;
        let of_name = Machine::of_uname(arch.name());
        let is_of = |machine: &Machine| {
            arch.variants().any(|variant| {
                let bits = facts_of(variant).map(|facts| facts.width);
                wanted(machine.name()).is_ok_and(|other| other.with_entries(bits).variants().any(|one| one == variant))
            })
        };
        of_name.or_else(|| Machine::all().find(is_of))
    }

    /// Whether it is known without the dump how its words are read.
    pub(crate) const fn is_whole(&self) -> bool {
        self.arch.is_some() && self.kernel.kernel.is_some()
    }

    /// What was given of the kernel.
    pub(crate) fn given(&self) -> Result<Given, Error> {
        let instead = &self.instead;
        let bytes = |path: &Option<PathBuf>| path.as_deref().map(read).transpose();
        let symbols = bytes(&instead.symbols)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        Ok(Given {
            machine: self.machine(),
            vmcoreinfo: bytes(&instead.vmcoreinfo)?,
            phys_base: instead.phys_base,
            geometry: instead.geometry,
            symbols,
            btf: bytes(&instead.btf)?,
            no_search: false,
        })
    }

    /// What is known of the kernel, the options among it.
    pub(crate) fn asked(&self, kernel: Option<&Kernel<'_>>, machine: Option<Machine>) -> Result<Asked, Error> {
        let given = self.kernel.with_config(&self.build.config)?.facts;
        let contradiction =
            |error: swp_pte_kernel::Contradiction| Error::Usage(format!("{error}: which of them is it?"));
        let mut facts = match kernel {
            Some(kernel) => kernel
                .facts()
                .map_err(|error| Error::Input(format!("{}: {error}", self.dump.display())))?
                .join(given)
                .map_err(contradiction)?,
            None => given,
        };
        if let (None, Some(machine)) = (&facts.machine, machine) {
            facts.machine = Some(Learned::new(machine, "the dump".into()));
        }
        let mut asked = Asked::new(facts, &self.build.config)?;
        let geometry = self.instead.geometry.or(kernel.map(|kernel| kernel.space.geometry));
        asked.entry_bits = geometry.and_then(|geometry| u32::try_from(geometry.word_bytes * 8).ok());
        asked.build.pfn_bits = self.build.pfn_bits;
        asked.build.page_shift = self.build.page_size.or(asked.build.page_shift);
        Ok(asked)
    }

    /// The layout of its words at a level of the page tables.
    pub(crate) fn target(&self, asked: &Asked, level: Level) -> Result<Target, Error> {
        let machine = asked.facts.machine.as_ref().map(|machine| wanted(machine.value.name()).map_err(Error::Usage));
        let arch = match (&self.arch, machine) {
            (Some(arch), _) => arch.clone(),
            (None, Some(machine)) => machine?.with_entries(asked.entry_bits),
            (None, None) => {
                return Err(Error::Usage("the dump does not say of which machine it is: give --arch".into()));
            }
        };
        let target = Target::find(&arch, asked, level)?;
        if level == Level::Pte {
            target.say_if_assumed(&Wanted::exactly(target.variant()));
        }
        Ok(target)
    }

    /// A tree whose root was given.
    pub(crate) fn tree_at(
        &self,
        dump: &Dump,
        kernel: Option<&Kernel<'_>>,
        pgd: u64,
    ) -> Result<(Geometry, Root), Error> {
        if let Some(geometry) = self.instead.geometry {
            return Ok((geometry, Root::new(pgd)));
        }
        if let Some(kernel) = kernel {
            return Ok(kernel.tree(dump, &Tables { pgd: pgd & !0xfff, task_size: None, asce: Some(pgd) }));
        }
        let machine = machine_of_dump(dump, self.machine()).map_err(|lack| lacks(&self.dump, &lack))?;
        let machine =
            machine.ok_or_else(|| Error::Usage("the dump does not say of which machine it is: give --arch".into()))?;
        if machine.name() == "s390x" {
            let of_asce = swp_pte_walk::s390_of_asce(pgd).filter(|_| pgd & 0xfff != 0);
            let of_table = || Some((swp_pte_vmcore::depth(dump, pgd)?, Root::new(pgd)));
            return of_asce.or_else(of_table).ok_or_else(|| {
                Error::Input(format!("{}: the table at {pgd:#x} is not in the dump", self.dump.display()))
            });
        }
        let page_shift = self.build.page_size;
        let geometry = geometry_of(machine, None, page_shift).map_err(|lack| lacks(&self.dump, &lack))?;
        let order = dump.byte_order().map_or_else(
            || order_of(machine),
            |order| match order {
                swp_pte_dump::ByteOrder::Big => swp_pte::MemoryOrder::Big,
                swp_pte_dump::ByteOrder::Little => swp_pte::MemoryOrder::Little,
            },
        );
        output::complain("note", &format!("page tables as {} are assumed; --geometry takes others", geometry.name));
        Ok((ordered(geometry, machine, order), Root::new(pgd)))
    }
}
