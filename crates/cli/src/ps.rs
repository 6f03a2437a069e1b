//! `swp-pte ps`: the processes in a dump.

use std::io::Write;

use comfy_table::{Cell, CellAlignment};
use serde_json::json;

use crate::vmcore::{DumpArgs, kernel_in, lacks};
use crate::walk::progress::Waiting;
use crate::{Error, json as objects, output};

/// The options of `ps`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Threads of the kernel too, which have no memory of their own
    #[arg(long)]
    kernel_threads: bool,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    // Last: what these options are for is said above them, and above all that follow.
    #[command(flatten)]
    dump: DumpArgs,
}

const EXAMPLES: &str = "\
Examples:
  swp-pte ps vmcore
  swp-pte ps vmcore --json | jq 'select(.comm == \"mysqld\")'";

/// Lists them.
///
/// # Errors
/// [`Error::Input`]: no dump, or one that does not have what is needed; the message says what to give instead.
pub fn run(args: &Args) -> Result<(), Error> {
    let dump = args.dump.open()?;
    let given = args.dump.given()?;
    let kernel = kernel_in(&dump, &given).map_err(|lack| lacks(&args.dump.dump, &lack))?;
    let waiting = Waiting::new("reading the list of processes");
    let mut processes = kernel.processes().map_err(|lack| lacks(&args.dump.dump, &lack))?;
    drop(waiting);
    processes.all.retain(|process| args.kernel_threads || process.mm.is_some());
    processes.all.sort_by_key(|process| process.pid);
    if args.json {
        let mut out = output::data();
        for process in &processes.all {
            let pgd = process.tables.as_ref().and_then(|tables| tables.as_ref().ok());
            let why = process.tables.as_ref().and_then(|tables| tables.as_ref().err());
            let object = json!({
                "pid": process.pid,
                "comm": process.comm,
                "kernel_thread": process.kernel_thread,
                "task": format!("{:#x}", process.task),
                "mm": process.mm.map(|mm| format!("{mm:#x}")),
                "pgd": pgd.map(|tables| format!("{:#x}", tables.pgd)),
                "error": why.map(ToString::to_string),
            });
            objects::write_line(&mut out, &object)?;
        }
        out.flush()?;
    } else {
        let mut out = output::text();
        let mut table = output::table(["pid", "comm", "pgd"], Some(2));
        for process in &processes.all {
            let pgd = match &process.tables {
                None => String::new(),
                Some(Ok(tables)) => format!("{:#x}", tables.pgd),
                Some(Err(why)) => why.to_string(),
            };
            let pid = Cell::new(process.pid).set_alignment(CellAlignment::Right);
            let comm = output::shown(process.comm.as_deref().unwrap_or("?"));
            table.add_row([pid, Cell::new(comm), Cell::new(pgd)]);
        }
        writeln!(out, "{}", table.trim_fmt())?;
        out.flush()?;
    }
    if let Some(why) = &processes.cut_off {
        output::complain("warning", why);
    }
    Ok(())
}
