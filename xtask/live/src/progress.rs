//! What is going on, from the first second: a spinner on a terminal, lines elsewhere.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Between two lines of a wait, where stderr is no terminal.
const QUIET: Duration = Duration::from_secs(15);

pub(crate) struct Progress {
    machine: &'static str,
    bar: ProgressBar,
    started: Instant,
    said: Instant,
}

impl Progress {
    pub(crate) fn new(machine: &'static str) -> Self {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {wide_msg}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { machine, bar, started: Instant::now(), said: Instant::now() }
    }

    pub(crate) fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    /// A step begins.
    pub(crate) fn step(&mut self, text: &str) {
        let line = format!("{:>5.0} s  {}: {text}", self.seconds(), self.machine);
        if self.bar.is_hidden() {
            eprintln!("{line}");
        } else {
            self.bar.println(line);
            self.bar.set_message(text.to_owned());
        }
        self.said = Instant::now();
    }

    /// It goes on.
    pub(crate) fn wait(&mut self, text: &str) {
        if !self.bar.is_hidden() {
            self.bar.set_message(text.to_owned());
        } else if self.said.elapsed() > QUIET {
            self.step(text);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
