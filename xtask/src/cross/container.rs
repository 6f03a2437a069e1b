//! The `cross` engine: `cross` and podman or docker, with the stock images where the network gives them, or with a
//! local image made of Debian packages alone (`--setup --engine cross`).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use super::debian::install;
use super::native;
use super::targets::{Kind, Target, toolchain_needs};

/// The image that `--setup` makes.
const IMAGE: &str = "localhost/swp-pte-cross:latest";

/// The container's own folder of build output, as cross mounts it: no path of the host begins so.
const INSIDE: &str = "(/target/";

/// Comes with cross, and says so without a look at the toolchain, which `cross --version` would want to install.
const PRESENT: (&str, &[&str]) = ("cross-util", &["--version"]);

/// What the local image needs to be used: Debian packages of this host.
const HOST_PACKAGES: [(&str, &str); 3] =
    [("/usr/bin/podman", "podman"), ("/usr/sbin/runc", "runc"), ("/usr/bin/mmdebstrap", "mmdebstrap")];

#[derive(Debug)]
pub(super) struct Container {
    engine: &'static str,
    /// The image of `--setup`; without it, cross takes its stock images.
    local: bool,
}

/// A container engine with cross beside it, or what is missing.
pub(super) fn find() -> Result<Container> {
    ensure!(answers(PRESENT.0, PRESENT.1), "cross is not installed (cargo install cross --version 0.2.5 --locked)");
    let engines = ["docker", "podman"].into_iter();
    let Some(engine) = engines.into_iter().find(|engine| answers(engine, &["info"])) else {
        bail!("neither docker nor podman is here and runs");
    };
    let local = engine == "podman" && answers("podman", &["image", "exists", IMAGE]);
    Ok(Container { engine, local })
}

fn answers(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    configured(&mut command);
    command.status().is_ok_and(|status| status.success())
}

/// podman's settings are this project's own where there are any; and cross never fetches a toolchain.
fn configured(command: &mut Command) {
    command.env("RUSTUP_DIST_SERVER", "file:///nonexistent");
    let own = configuration();
    if own.exists() {
        command.env("CONTAINERS_CONF", own);
    }
}

fn configuration() -> PathBuf {
    native::target_dir().join("containers.conf")
}

impl Container {
    pub(super) fn describe(&self) -> String {
        let image = if self.local { IMAGE } else { "cross's stock images" };
        format!("{} is here; image: {image}", self.engine)
    }

    pub(super) fn toolchain(&self) -> String {
        if self.local { format!("{} in {IMAGE}", native::toolchain()) } else { "the caller's".into() }
    }

    pub(super) fn tests(&self, tree: &Path, target: &Target, check: bool) -> Command {
        let mut command = Command::new("cross");
        configured(&mut command);
        command.current_dir(tree).env("CROSS_CONTAINER_ENGINE", self.engine).envs(target.claims());
        // Of the caller's cargo, which ran this task: cross decides for itself.
        for variable in ["CARGO", "RUSTC", "RUSTUP_TOOLCHAIN", "CARGO_TARGET_DIR"] {
            command.env_remove(variable);
        }
        if self.local {
            let variable =
                |what: &str| format!("CROSS_TARGET_{}_{what}", target.triple.to_uppercase().replace('-', "_"));
            command.arg("+debian").env("CROSS_CUSTOM_TOOLCHAIN", "1").env(variable("IMAGE"), IMAGE);
        }
        command.args([if check { "check" } else { "test" }, "--target", target.triple]);
        if self.local {
            // Said here and not by cross's own setting, which puts it behind the arguments of the tests.
            command.arg("-Zbuild-std=std,panic_abort,test");
        }
        // Relative: cross takes it for a folder of the project, and shows it to the container as /target.
        command.args(["--target-dir", "target/cross/container"]);
        command.args(["--profile", "cross", "--tests", "--locked"]);
        command.args(native::tested());
        if !check {
            command.args(["--no-fail-fast", "--", "--show-output"]);
        }
        command
    }
}

/// The run was in a container: its programs lay in the container's folder, which cross names.
pub(super) fn ran_there(text: &str) -> Result<()> {
    ensure!(text.contains(INSIDE), "the log shows no path of a container: the tests did not run in one");
    Ok(())
}

/// Makes the local image.
pub(super) fn setup(targets: &[&'static Target]) -> Result<()> {
    let missing = HOST_PACKAGES.iter().filter(|(path, _)| !Path::new(path).exists());
    install(&missing.map(|(_, package)| (*package).to_owned()).collect::<Vec<_>>())?;
    if !answers(PRESENT.0, PRESENT.1) {
        step("cargo", Command::new("cargo").args(["install", "cross", "--version", "0.2.5", "--locked"]))?;
    }
    for name in ["debian", "debian-x86_64-unknown-linux-gnu"] {
        step("rustup", Command::new("rustup").args(["toolchain", "link", name, "/usr"]))?;
    }
    configure()?;
    image(targets)?;
    println!("setup: image {IMAGE} is made; `cargo xtask cross --engine cross` runs in it");
    Ok(())
}

/// podman's defaults ask for more open files than a container inside a container may have.
fn configure() -> Result<()> {
    const TEXT: &str = "[containers]\ndefault_ulimits = [\"nofile=1024:4096\", \"nproc=4096:4096\"]\n\
        netns = \"host\"\n[engine]\nruntime = \"runc\"\ncgroup_manager = \"cgroupfs\"\nevents_logger = \"file\"\n";
    fs::create_dir_all(native::target_dir())?;
    fs::write(configuration(), TEXT).with_context(|| format!("cannot write {}", configuration().display()))
}

/// A Debian with the toolchain, the cross compilers and qemu in it, from the package sources of this host.
fn image(targets: &[&'static Target]) -> Result<()> {
    let sources = ["/etc/apt/sources.list.d/debian.sources", "/etc/apt/sources.list"];
    let sources = sources.into_iter().find(|path| fs::metadata(path).is_ok_and(|file| file.len() > 0));
    let sources = sources.context("this host has no list of Debian package sources")?;
    let needs = toolchain_needs().into_iter().chain(targets.iter().filter(|t| !t.is_bare()).flat_map(|t| t.needs()));
    let mut packages: Vec<_> = needs.map(|need| need.package).chain(["ca-certificates".into()]).collect();
    packages.sort();
    packages.dedup();
    let tar = native::target_dir().join("image.tar");
    step(
        "mmdebstrap",
        Command::new("mmdebstrap")
            .args(["--variant=apt", &format!("--include={}", packages.join(",")), "bookworm"])
            .arg(&tar)
            .arg(sources),
    )?;
    let mut import = Command::new("podman");
    configured(&mut import);
    import.arg("import");
    for (name, value) in environment(targets) {
        import.arg(format!("--change=ENV {name}={value}"));
    }
    step("podman", import.arg(&tar).arg(IMAGE))?;
    fs::remove_file(&tar).with_context(|| format!("cannot remove {}", tar.display()))
}

/// What cross's own images set: linker and runner of each target.
fn environment(targets: &[&'static Target]) -> Vec<(String, String)> {
    let mut variables = vec![("RUSTC_BOOTSTRAP".into(), "1".into())];
    for target in targets {
        if let Kind::Hosted { gnu, qemu, .. } = target.kind {
            variables.push((target.cargo_variable("LINKER"), format!("{gnu}-gcc")));
            variables.push((target.cargo_variable("RUNNER"), format!("\"qemu-{qemu} -L /usr/{gnu}\"")));
        }
    }
    variables
}

fn step(name: &str, command: &mut Command) -> Result<()> {
    println!("setup: {command:?}");
    let status = command.status().with_context(|| format!("cannot run {name}"))?;
    ensure!(status.success(), "{name} failed: {status}");
    Ok(())
}
