//! What is left behind when somebody ends the program: nothing. SIGINT, SIGTERM, SIGHUP and SIGQUIT remove the half-written
//! file, and then end the program as they would have without.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, Once, PoisonError};

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use crate::Error;

/// The file to be removed.
static FILE: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Watches for signals from now on.
///
/// # Errors
/// [`Error::Io`] if the system does not let it.
pub(super) fn watch() -> Result<(), Error> {
    static ONCE: Once = Once::new();
    let mut result = Ok(());
    ONCE.call_once(|| result = start());
    result
}

fn start() -> Result<(), Error> {
    let cannot = || Error::io("cannot watch for signals");
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP, SIGQUIT]).map_err(cannot())?;
    let watcher = std::thread::Builder::new().name("signals".into());
    watcher
        .spawn(move || {
            for signal in signals.forever() {
                // Held until the end, so that no other file is named meanwhile.
                let file = FILE.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(file) = file.as_deref() {
                    let _ = fs::remove_file(file);
                }
                let _ = emulate_default_handler(signal);
            }
        })
        .map_err(cannot())?;
    Ok(())
}

/// Names the half-written file; `None`: there is none any more.
pub(super) fn remove(path: Option<&Path>) {
    *FILE.lock().unwrap_or_else(PoisonError::into_inner) = path.map(Path::to_path_buf);
}
