//! From a tree and a variant to a program that answers: configure, `prepare0`, our C file with the kernel's own flags.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};
use swp_pte::KernelVersion;

use super::c_files::{QUESTION, configuration, sources};
use super::names;
use super::stand_in;
use super::tree::{Tree, remove};
use super::variants::{FRAGMENT, Variant};

/// What the preprocessor makes of the question for the tree's names, and the header made of that.
const PREPROCESSED: &str = "names.i";
const NAMES: &str = "names.h";
const PROGRAM: &str = "oracle";
/// The helpers that are proved.
const HELPERS: &str = "helpers";
/// Beside the builds of a tree: programs of the host that they share.
const SHARED: &str = "tools";
/// Written when `make` is done: what it was asked for.
const PREPARED: &str = "prepared";

/// How a build ended that did not fail.
#[derive(Debug)]
pub(super) enum Built {
    /// The program.
    Program(PathBuf),
    /// The tree does not have the variant, for this reason.
    Skipped(String),
}

/// One build: its folder and its log.
pub(super) struct Build<'a> {
    tree: &'a Tree,
    variant: &'a Variant,
    folder: PathBuf,
    pub(super) log: PathBuf,
    stand_ins: PathBuf,
    there: There,
}

/// What an earlier run left that may be taken over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum There {
    /// Nothing, or nothing that may.
    Nothing,
    /// Everything that `make` does; the program is another version's.
    Prepared,
    /// The program.
    Program,
}

impl<'a> Build<'a> {
    /// A build in an empty folder: what an interrupted run left there is gone. With `reuse`, what an earlier one made
    /// whole is taken over: its program, or all but that.
    pub(super) fn new(tree: &'a Tree, variant: &'a Variant, home: &Path, reuse: bool) -> Result<Self> {
        // Two trees of one series do not meet.
        let folder = home.join("build").join(tree.name()).join(variant.config);
        let log = folder.with_extension("log");
        let stand_ins = home.join("stand-ins");
        stand_in::write(variant.machine, &stand_ins)?;
        // A program of another version of our C files would answer other questions.
        let same = |(name, text): &(&str, String)| fs::read_to_string(folder.join(name)).is_ok_and(|it| it == *text);
        let there = if !reuse || !same(&(PREPARED, configuration(variant))) {
            There::Nothing
        } else if sources(variant).iter().all(same) && folder.join(PROGRAM).is_file() {
            There::Program
        } else {
            There::Prepared
        };
        if there == There::Nothing {
            remove(&folder)?;
            fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
            File::create(&log).with_context(|| format!("cannot create {}", log.display()))?;
            // Only to save time: what is not there or not whole, make makes.
            let shared = folder.with_file_name(SHARED);
            let _ = Command::new("cp").arg("-a").arg(&shared).arg(folder.join("scripts")).output();
        }
        Ok(Self { tree, variant, folder, log, stand_ins, there })
    }

    /// Everything up to the program; `step` is told what comes next.
    pub(super) fn run(&self, step: &dyn Fn(&'static str)) -> Result<Built> {
        if let Some(reason) = self.variant.needs.and_then(|needs| self.tree.lacks(needs)) {
            return Ok(Built::Skipped(reason));
        }
        if self.there == There::Program {
            return Ok(Built::Program(self.folder.join(PROGRAM)));
        }
        if self.there == There::Nothing
            && self.tree.configured.is_none()
            && let Some(reason) = self.prepare(step)?
        {
            return Ok(Built::Skipped(reason));
        }
        step("compile");
        self.compile().map(Built::Program)
    }

    /// All that `make` does; or why the tree does not have the variant.
    fn prepare(&self, step: &dyn Fn(&'static str)) -> Result<Option<String>> {
        step("configure");
        let defconfig =
            Path::new("arch").join(self.variant.machine.folder).join("configs").join(self.variant.defconfig);
        // One that is a file needs no run of Kconfig of its own, which would ask the compiler all its questions.
        if let Ok(text) = fs::read(self.tree.path.join(defconfig)) {
            let path = self.folder.join(".config");
            fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        } else if let Err(error) = self.make(self.variant.defconfig) {
            // The target of an architecture or a board that this kernel no longer has, or does not have yet.
            let text = fs::read_to_string(&self.log).unwrap_or_default();
            let gone = ["No rule to make target", "Can't find default configuration"];
            return match text.lines().find(|line| gone.iter().any(|words| line.contains(words))) {
                Some(_) => Ok(Some(format!("this tree has no {}", self.variant.defconfig))),
                None => Err(error),
            };
        }
        self.add_options()?;
        self.make("olddefconfig")?;
        self.share_tools();
        if let Some(option) = self.refused_option()? {
            return Ok(Some(format!("this tree's configuration does not allow {option}")));
        }
        step("prepare");
        self.make("prepare0")?;
        let path = self.folder.join(PREPARED);
        fs::write(&path, configuration(self.variant)).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(None)
    }

    /// The C file with the flags of the kernel's own build, and the program.
    fn compile(&self) -> Result<PathBuf> {
        let machine = self.variant.machine;
        for (name, text) in sources(self.variant) {
            let path = self.folder.join(name);
            fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        }
        let flags = self.flags()?;
        let compiler = |arguments: &str, what: &str| self.compiler(&flags, arguments, what);
        compiler(&format!("-E -dD -o {PREPROCESSED} {QUESTION}"), "preprocess the kernel's headers")?;
        let path = self.folder.join(PREPROCESSED);
        let text = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let header = names::header(&String::from_utf8_lossy(&text), &self.tree.path)?;
        let path = self.folder.join(NAMES);
        fs::write(&path, header).with_context(|| format!("cannot write {}", path.display()))?;
        compiler("-c -o oracle.o oracle.c", "compile our C file")?;
        // What the headers drag in and no answer needs stays unresolved; a call of it would crash, never answer.
        let mut link = Command::new(machine.linker());
        link.args(["-m", machine.emulation, "-static", "--gc-sections", "--unresolved-symbols=ignore-all"]);
        // Relaxed RISC-V code expects a global pointer, which a C library's start would have set.
        link.args(["--no-relax", "-z", "noexecstack", "-e", "oracle_begin", "-o", PROGRAM, "oracle.o"]);
        link.args(machine.link).args(self.compilers_library(&flags));
        self.logged(&mut link, "link our C file")?;
        Ok(self.folder.join(PROGRAM))
    }

    /// The helpers themselves, each under a name of its own, in a program that nobody runs: all of it is linked, so that what a
    /// kernel would patch at boot is there too.
    pub(super) fn helpers(&self) -> Result<PathBuf> {
        let machine = self.variant.machine;
        let flags = self.flags()?;
        self.compiler(&flags, "-c -o prove.o prove.c", "compile the kernel's helpers")?;
        let mut link = Command::new(machine.linker());
        link.args(["-m", machine.emulation, "-static", "--unresolved-symbols=ignore-all", "--no-relax"]);
        link.args(["-z", "noexecstack", "-e", "kernel__encode", "-o", HELPERS, "prove.o"]);
        link.args(machine.link).args(self.compilers_library(&flags));
        self.logged(&mut link, "link the kernel's helpers")?;
        Ok(self.folder.join(HELPERS))
    }

    /// The helpers before they are linked.
    pub(super) fn helpers_object(&self) -> PathBuf {
        self.folder.join("prove.o")
    }

    /// The kernel's flags, and ours.
    fn flags(&self) -> Result<String> {
        let machine = self.variant.machine;
        let mut flags = self.kernel_flags()?;
        for flag in ["-Wno-error", "-fno-stack-protector"].iter().chain(machine.flags).chain(&self.variant.define) {
            let _ = write!(flags, " {flag}");
        }
        let _ = write!(flags, " -DRUNS_ON_{}", machine.runs_on);
        Ok(flags)
    }

    /// Runs the compiler with flags that are quoted for a shell.
    fn compiler(&self, flags: &str, arguments: &str, what: &str) -> Result<()> {
        self.logged(Command::new("sh").arg("-c").arg(format!("{flags} {arguments}")), what)
    }

    /// The compiler's own library: what it does not make instructions of, as shifts of two words. A kernel brings its own.
    fn compilers_library(&self, flags: &str) -> Option<PathBuf> {
        let output = Command::new("sh").arg("-c").arg(format!("{flags} -print-libgcc-file-name")).output().ok()?;
        let path = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
        path.is_file().then_some(path)
    }

    /// The compiler and the flags with which kbuild has just compiled `asm-offsets.c`, as it recorded them; for headers of
    /// an installed kernel, our own.
    fn kernel_flags(&self) -> Result<String> {
        if let Some(configured) = &self.tree.configured {
            return configured.command(self.variant.machine, &self.tree.path);
        }
        let record = self.folder.join("arch").join(self.variant.machine.folder).join("kernel/.asm-offsets.s.cmd");
        let text = fs::read_to_string(&record).with_context(|| format!("cannot read {}", record.display()))?;
        flags_of(&text).ok_or_else(|| anyhow!("{}: no compiler's command line in it", record.display()))
    }

    /// Lends the programs that run Kconfig, which are the host's and the same in each build of a tree, to those to come.
    fn share_tools(&self) {
        let shared = self.folder.with_file_name(SHARED);
        if shared.exists() {
            return;
        }
        let partial = self.folder.with_file_name(format!("{SHARED}-{}", self.variant.config));
        let tools = ["basic", "kconfig"].map(|tool| self.folder.join("scripts").join(tool));
        let copied = fs::create_dir(&partial).is_ok()
            && Command::new("cp")
                .arg("-a")
                .args(tools)
                .arg(&partial)
                .output()
                .is_ok_and(|output| output.status.success());
        // Another build may have been first; a whole copy gets its name, or none does.
        if !copied || fs::rename(&partial, &shared).is_err() {
            let _ = fs::remove_dir_all(&partial);
        }
    }

    fn add_options(&self) -> Result<()> {
        let path = self.folder.join(".config");
        let mut text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        // Options of today depended on EXPERT; and makefiles of then do not see what compilers of today can do.
        let expert: &[&str] =
            if self.tree.version < KernelVersion::new(5, 10) { &["CONFIG_EXPERT=y", "!CONFIG_RETPOLINE"] } else { &[] };
        // RHEL 7 does not compile for fewer than 256 processors, without jump labels or without DAX.
        let rhel_7: &[&str] = if self.tree.release.contains(".el7") {
            &["CONFIG_NR_CPUS=512", "CONFIG_JUMP_LABEL=y", "CONFIG_FS_DAX=y"]
        } else {
            &[]
        };
        for option in expert.iter().chain(rhel_7).chain(FRAGMENT).chain(self.variant.options) {
            let option = option.trim_start_matches('?');
            let _ = match option.strip_prefix('!') {
                Some(off) => writeln!(text, "# {off} is not set"),
                None => writeln!(text, "{option}"),
            };
        }
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    }

    /// The first of the variant's options that is not as it was asked for. An option that is asked to be off and does
    /// not exist is off.
    fn refused_option(&self) -> Result<Option<&'static str>> {
        let path = self.folder.join(".config");
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let has = |line: &str| text.lines().any(|found| found == line);
        Ok(self.variant.options.iter().copied().find(|option| match option.strip_prefix('!') {
            Some(off) => has(&format!("{off}=y")),
            None => !option.starts_with('?') && !has(option),
        }))
    }

    /// The compiler with the mended header in front of the tree's, where there is one.
    fn mended(&self) -> Result<Option<String>> {
        let machine = self.variant.machine;
        let (Some(mend), Some((_, text))) = (machine.mend, machine.mended(self.tree)) else {
            return Ok(None);
        };
        let folder = self.folder.join("mended");
        let path = folder.join(mend.file);
        fs::create_dir_all(path.parent().unwrap_or(&folder)).context("cannot create a folder for a mended header")?;
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Some(format!("CC={} -I{}", machine.program(), folder.display())))
    }

    /// What trees that are older than today's compilers need of one of them: programs of the host in whose files a variable is
    /// defined twice; no position-independent code, which is the default by now; and before 4.2 a header by the compiler's
    /// release, which stands for that of the newest they know.
    fn of_its_time(&self) -> Result<Vec<String>> {
        let mut made = Vec::new();
        if self.tree.version < KernelVersion::new(5, 10) {
            made.push("HOSTCC=gcc -fcommon".into());
        }
        if self.tree.version >= KernelVersion::new(4, 10) {
            return Ok(made);
        }
        let folder = self.folder.join("given");
        if self.tree.version < KernelVersion::new(4, 2) {
            let path = folder.join("linux");
            fs::create_dir_all(&path).with_context(|| format!("cannot create {}", path.display()))?;
            let path = path.join("compiler-gcc12.h");
            fs::write(&path, "#include <linux/compiler-gcc4.h>\n")
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        made.push(format!("KCFLAGS=-fno-pie -I{}", folder.display()));
        Ok(made)
    }

    fn make(&self, target: &str) -> Result<()> {
        let machine = self.variant.machine;
        let mut make = Command::new("make");
        make.arg("-C").arg(&self.tree.path).arg(format!("O={}", self.folder.display()));
        make.arg(format!("ARCH={}", machine.kernel_arch(&self.tree.path))).args(machine.make(&self.stand_ins));
        make.args(self.mended()?).args(self.of_its_time()?);
        // The flags of a make above us, or of the user's shell, are none of this kernel's.
        for name in ["MAKELEVEL", "MAKEFLAGS", "MFLAGS", "KBUILD_OUTPUT", "KCFLAGS", "KCPPFLAGS", "LLVM", "CC"] {
            make.env_remove(name);
        }
        self.logged(make.arg(target).env("LC_ALL", "C"), target)
    }

    /// Runs a command with its output in the log; an error names the log and shows its last lines.
    fn logged(&self, command: &mut Command, what: &str) -> Result<()> {
        let log = File::options().append(true).open(&self.log);
        let log = log.with_context(|| format!("cannot open {}", self.log.display()))?;
        let name = command.get_program().to_string_lossy().into_owned();
        let command = command.current_dir(&self.folder).stdin(std::process::Stdio::null());
        let status = command.stdout(log.try_clone()?).stderr(log).status();
        let status = status.with_context(|| format!("cannot run {name}"))?;
        if status.success() {
            return Ok(());
        }
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        // What went wrong is said long before the end, where each make repeats that something did.
        let from = lines.iter().position(|line| line.contains("error: ")).unwrap_or(lines.len().saturating_sub(5));
        let told: String = lines.iter().skip(from).take(5).map(|line| format!("\n    {line}")).collect();
        bail!("{what} failed ({status}); the log is {}, and says{told}", self.log.display());
    }
}

/// The command line of a `.cmd` file without what belongs to the file that it compiled.
fn flags_of(record: &str) -> Option<String> {
    let (_, line) = record.lines().next()?.split_once(":=")?;
    let end = [" -fverbose-asm ", " -S "].iter().filter_map(|flag| line.find(flag)).min()?;
    let flags = line.get(..end)?.trim();
    let kept: Vec<_> = flags.split(' ').filter(|flag| !flag.starts_with("-Wp,-M")).collect();
    Some(kept.join(" "))
}

#[cfg(test)]
mod tests {
    use super::flags_of;

    #[test]
    fn the_recorded_command_loses_its_own_file() {
        let record =
            "savedcmd_a/asm-offsets.s := gcc -Wp,-MMD,a/.d -nostdinc -D'X=\"y z\"' -fverbose-asm -S -o a.s a.c\n";
        assert_eq!(flags_of(record).as_deref(), Some("gcc -nostdinc -D'X=\"y z\"'"));
        assert_eq!(flags_of("no command"), None);
        assert_eq!(flags_of(""), None);
    }
}
