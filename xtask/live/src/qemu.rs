//! The guest under qemu: its console, and the monitor's machine protocol (QMP) over a socket.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::debian::Kernel;
use crate::machine::Machine;
use crate::progress::Progress;
use crate::truth::Truth;

/// The disk that the guest writes to what it was not asked on the console.
const ANSWERS: u64 = 64 << 20;
/// Answers of the monitor: a dump takes its time.
const PATIENCE: Duration = Duration::from_secs(600);

pub(crate) struct Guest {
    child: Child,
    monitor: BufReader<UnixStream>,
    console: PathBuf,
    /// The memory as it is, while the guest is there: one file behind the other.
    pub(crate) memory: Vec<PathBuf>,
    /// The second disk.
    pub(crate) answers: PathBuf,
}

/// What a guest has besides its machine and its kernel.
pub(crate) struct Shape {
    /// MiB of memory.
    pub(crate) memory: u64,
    /// Bytes of the disk that is the first swap file.
    pub(crate) disk: u64,
    /// More for the kernel's command line.
    pub(crate) told: String,
}

impl Guest {
    pub(crate) fn start(machine: &Machine, kernel: &Kernel, initrd: &Path, shape: &Shape, work: &Path) -> Result<Self> {
        let [disk, answers, console, errors] =
            ["disk", "answers", "console.log", "qemu.log"].map(|name| work.join(name));
        let nodes = if machine.nodes { 2 } else { 1 };
        let memory: Vec<_> = (0..nodes).map(|node| work.join(format!("memory-{node}.raw"))).collect();
        let each = shape.memory / nodes;
        // A path of a socket has 108 bytes at most, and that of a target folder may be longer.
        let socket = std::env::temp_dir().join(format!("swp-pte-live-{}-{}", std::process::id(), machine.name));
        let _ = fs::remove_file(&socket);
        let disks = [(&disk, shape.disk), (&answers, ANSWERS), (&console, 0)];
        for (path, size) in disks.into_iter().chain(memory.iter().map(|path| (path, each << 20))) {
            let file = File::create(path).and_then(|file| file.set_len(size));
            file.with_context(|| format!("cannot write {}", path.display()))?;
        }
        let log = File::create(&errors).with_context(|| format!("cannot write {}", errors.display()))?;
        let mut command = Command::new(machine.qemu);
        command.args(["-m", &format!("{}M", shape.memory), "-accel", "tcg", "-smp", "1"]);
        command.args(machine.arguments);
        for (node, path) in memory.iter().enumerate() {
            let backend = format!("id=memory{node},size={each}M,share=on,mem-path={}", path.display());
            command.arg("-object").arg(format!("memory-backend-file,{backend}"));
            if machine.nodes {
                command.arg("-numa").arg(format!("node,memdev=memory{node}"));
            } else {
                command.args(["-machine", "memory-backend=memory0"]);
            }
        }
        if machine.vmcoreinfo {
            command.args(["-device", "vmcoreinfo"]);
        }
        for (name, path) in [("swap", &disk), ("answers", &answers)] {
            command.arg("-drive").arg(format!("if=none,id={name},format=raw,file={}", path.display()));
            command.args(["-device", &format!("virtio-blk,drive={name}")]);
        }
        command.args(["-nodefaults", "-no-reboot", "-display", "none"]);
        command.arg("-kernel").arg(&kernel.image).arg("-initrd").arg(initrd);
        // Balancing would hide pages behind PROT_NONE, and move them by itself.
        let line = format!("console={} panic=-1 numa_balancing=disable {}", machine.console, shape.told);
        command.args(["-append", line.trim_end()]);
        command.arg("-serial").arg(format!("file:{}", console.display()));
        command.arg("-qmp").arg(format!("unix:{},server=on,wait=off", socket.display()));
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .with_context(|| format!("cannot run {}", machine.qemu))?;
        let began = Instant::now();
        let stream = loop {
            if let Ok(stream) = UnixStream::connect(&socket) {
                break stream;
            }
            if child.try_wait()?.is_some() || began.elapsed() > Duration::from_secs(30) {
                let _ = child.kill();
                bail!("{} does not start: {}", machine.qemu, fs::read_to_string(&errors).unwrap_or_default().trim());
            }
            thread::sleep(Duration::from_millis(50));
        };
        let _ = fs::remove_file(&socket);
        stream.set_read_timeout(Some(PATIENCE))?;
        let mut guest = Self { child, monitor: BufReader::new(stream), console, memory, answers };
        guest.command("qmp_capabilities", json!({}))?;
        Ok(guest)
    }

    /// Waits for all that the guest says.
    pub(crate) fn truth(&mut self, limit: Duration, progress: &mut Progress) -> Result<Truth> {
        let began = Instant::now();
        loop {
            let ended = self.child.try_wait()?.is_some();
            let mut text = String::new();
            let read = File::open(&self.console).and_then(|mut file| {
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes)?;
                text = String::from_utf8_lossy(&bytes).into_owned();
                Ok(())
            });
            read.with_context(|| format!("cannot read {}", self.console.display()))?;
            if let Some(truth) = Truth::parse(&text)? {
                return Ok(truth);
            }
            let last = text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default().trim();
            if ended || began.elapsed() > limit {
                let why = if ended { "qemu ended" } else { "there was no end" };
                bail!(
                    "{why} before the guest had told everything; its console, {}, ends with: {last}",
                    self.console.display()
                );
            }
            progress.wait(&format!("guest: {}", last.chars().take(60).collect::<String>()));
            thread::sleep(Duration::from_millis(200));
        }
    }

    pub(crate) fn stop(&mut self) -> Result<()> {
        self.command("stop", json!({})).map(drop)
    }

    pub(crate) fn go_on(&mut self) -> Result<()> {
        self.command("cont", json!({})).map(drop)
    }

    /// `dump-guest-memory` in one of qemu's formats.
    pub(crate) fn dump(&mut self, format: &str, path: &Path) -> Result<()> {
        let _ = fs::remove_file(path);
        let arguments = json!({ "paging": false, "protocol": format!("file:{}", path.display()), "format": format });
        self.command("dump-guest-memory", arguments).map(drop)
    }

    /// The formats that this qemu was built with.
    pub(crate) fn formats(&mut self) -> Result<Vec<String>> {
        let answer = self.command("query-dump-guest-memory-capability", json!({}))?;
        let formats = answer.get("formats").and_then(Value::as_array).context("qemu does not say its formats")?;
        Ok(formats.iter().filter_map(Value::as_str).map(str::to_owned).collect())
    }

    fn command(&mut self, name: &str, arguments: Value) -> Result<Value> {
        let text = json!({ "execute": name, "arguments": arguments }).to_string() + "\n";
        self.monitor.get_mut().write_all(text.as_bytes()).with_context(|| format!("cannot send {name} to qemu"))?;
        // Greeting and events come between.
        loop {
            let mut line = String::new();
            if self.monitor.read_line(&mut line).with_context(|| format!("qemu does not answer {name}"))? == 0 {
                bail!("qemu ended at {name}");
            }
            let answer: Value = serde_json::from_str(&line).with_context(|| format!("qemu's answer to {name}"))?;
            if let Some(error) = answer.get("error") {
                let text = error.get("desc").and_then(Value::as_str).unwrap_or_default();
                bail!("qemu's {name}: {text}");
            }
            if let Some(answer) = answer.get("return") {
                return Ok(answer.clone());
            }
        }
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
