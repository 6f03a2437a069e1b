//! What a terminal shows while all of memory is looked through, and that this can be ended.
#![cfg(target_os = "linux")]

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::start::{program, swp_pte};

#[test]
fn the_search_of_vmcoreinfo_is_seen_at_once_and_can_be_ended() {
    let folder = tempfile::tempdir().unwrap();
    // Written, not a hole: a hole takes no time.
    let mut image = File::create(folder.path().join("image")).unwrap();
    let zeros = vec![0; 1 << 20];
    (0..512).for_each(|_| image.write_all(&zeros).unwrap());
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
    let terminal = || Stdio::from(File::options().read(true).write(true).open(&name).unwrap());
    for command in ["ps", "walk"] {
        let begun = Instant::now();
        let mut child = program(&[command, "image"]);
        let mut child = child.current_dir(folder.path()).stderr(terminal()).spawn().unwrap();
        let (mut shown, mut bytes) = (Vec::new(), [0; 4096]);
        let text = loop {
            let length = File::from(master.try_clone().unwrap()).read(&mut bytes).unwrap();
            shown.extend_from_slice(&bytes[..length]);
            let text = String::from_utf8_lossy(&shown).into_owned();
            if text.contains("looking for VMCOREINFO") || text.contains("error") {
                break text;
            }
        };
        assert!(text.contains("looking for VMCOREINFO"), "{text}");
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
        kill_process(Pid::from_child(&child), Signal::INT).unwrap();
        let status = child.wait().unwrap();
        // It can have been too late.
        assert!(status.signal() == Some(2) || status.code() == Some(1), "{status:?}");
    }
    // Into a file it shows nothing.
    let output = swp_pte(folder.path(), &["ps", "image"]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("neither a note") && !stderr.contains("looking for"), "{stderr}");
}
