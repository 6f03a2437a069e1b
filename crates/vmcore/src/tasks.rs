//! The processes: `init_task.tasks`, a ring of all thread groups.

use std::collections::HashSet;

use crate::lack::{GIVE_PGD, Lack};
use crate::{Kernel, Unreadable};

/// `PID_MAX_LIMIT`: no machine has more tasks.
const MOST_TASKS: usize = 4 << 20;

/// `PF_KTHREAD` (`include/linux/sched.h`).
const KERNEL_THREAD: u64 = 0x0020_0000;

/// A process.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Process {
    /// Its number.
    pub pid: u64,
    /// Its name, at most 15 bytes (`comm`).
    pub comm: Option<String>,
    /// The kernel address of its task.
    pub task: u64,
    /// The kernel address of its `mm_struct`; `None` of the kernel's own threads and of what has ended.
    pub mm: Option<u64>,
    /// Whether it is one of the kernel's own threads.
    pub kernel_thread: bool,
    /// Where its page tables are, or why that is not known.
    pub tables: Option<Result<Tables, Unreadable>>,
}

/// The page tables of a process.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tables {
    /// The physical address of the highest one.
    pub pgd: u64,
    /// `mm->task_size`, where user space ends.
    pub task_size: Option<u64>,
    /// s390's address-space-control element.
    pub asce: Option<u64>,
}

/// The processes, and what ended the list before its time.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Processes {
    /// As the ring has them; of a broken one, what is before the gap and what is behind it.
    pub all: Vec<Process>,
    /// Why there may be more.
    pub cut_off: Option<String>,
    /// Tasks of which not even the number can be read.
    pub unreadable: Vec<Unreadable>,
}

impl Kernel<'_> {
    /// All processes.
    ///
    /// # Errors
    /// [`Lack`]: no symbols or no types, or not even the first task.
    pub fn processes(&self) -> Result<Processes, Lack> {
        const WHAT: &str = "the list of processes";
        let (symbols, types) = (self.symbols()?, self.types()?);
        let init = symbols.init_task.ok_or_else(|| Lack::new(WHAT, "no symbol init_task", GIVE_PGD))?;
        let space = &self.space;
        let head = init.wrapping_add(types.tasks);
        let mut processes = Processes::default();
        let mut seen = HashSet::new();
        let mut threads = MOST_TASKS;
        // A ring of which a page is missing is gone round from the other side too. `list_head` is `next`, then `prev`.
        let ways = [head, head.wrapping_add(space.pointer as u64)];
        let mut ends = Vec::new();
        for (way, link) in ways.into_iter().enumerate() {
            let step = |at: u64| space.pointer(at.wrapping_add(way as u64 * space.pointer as u64));
            let mut next = space.pointer(link).map_err(|why| Lack::new(WHAT, why, GIVE_PGD))?;
            let mut some = Vec::new();
            let end = loop {
                if next == head {
                    break None;
                }
                if !seen.insert(next) || seen.len() > MOST_TASKS {
                    break Some(format!("it comes to {next:#x} again, which is not its head"));
                }
                match self.process(next.wrapping_sub(types.tasks), &mut threads) {
                    Ok(process) => some.push(process),
                    Err(why) => processes.unreadable.push(why),
                }
                match step(next) {
                    Ok(then) => next = then,
                    Err(why) => break Some(why.to_string()),
                }
            };
            if way == 1 {
                some.reverse();
            }
            processes.all.append(&mut some);
            let Some(end) = end else { break };
            ends.push(end);
        }
        if !ends.is_empty() {
            processes.cut_off = Some(format!("the list of processes is broken: {}", ends.join("; from its end: ")));
        }
        Ok(processes)
    }

    fn process(&self, task: u64, threads: &mut usize) -> Result<Process, Unreadable> {
        let Ok(types) = self.types() else { return Err(Unreadable::Hole { address: task }) };
        let space = &self.space;
        let at = |offset: u64| task.wrapping_add(offset);
        let size = |member: swp_pte_kernel::Member, usual: u64| {
            usize::try_from(member.size.unwrap_or(usual).min(64)).unwrap_or(8)
        };
        let pid = space.number(at(types.pid.offset), size(types.pid, 4))?;
        // A page in which only these are can be missing.
        let comm = space.text(at(types.comm.offset), size(types.comm, 16)).ok();
        let flags = space.number(at(types.flags.offset), size(types.flags, 4)).unwrap_or(0);
        let kernel_thread = flags & KERNEL_THREAD != 0;
        let mut mm = space.pointer(at(types.mm))?;
        if mm == 0 && !kernel_thread {
            mm = self.mm_of_a_thread(task, threads).unwrap_or(0);
        }
        let mm = (mm != 0 && !kernel_thread).then_some(mm);
        Ok(Process { pid, comm, task, mm, kernel_thread, tables: mm.map(|mm| self.tables(mm)) })
    }

    /// The memory of a process whose first thread has ended while others have not. All processes together have no more
    /// threads than are left.
    fn mm_of_a_thread(&self, task: u64, threads: &mut usize) -> Option<u64> {
        let types = self.types().ok()?;
        let (signal, head, node) = (types.signal?, types.thread_head?, types.thread_node?);
        let space = &self.space;
        let head = space.pointer(task.wrapping_add(signal)).ok()?.wrapping_add(head);
        let mut next = space.pointer(head).ok()?;
        while next != head {
            *threads = threads.checked_sub(1)?;
            let mm = space.pointer(next.wrapping_sub(node).wrapping_add(types.mm)).ok()?;
            if mm != 0 {
                return Some(mm);
            }
            next = space.pointer(next).ok()?;
        }
        None
    }

    /// The page tables of an `mm_struct`.
    fn tables(&self, mm: u64) -> Result<Tables, Unreadable> {
        let Ok(types) = self.types() else { return Err(Unreadable::Hole { address: mm }) };
        let space = &self.space;
        let pgd = space.physical(space.pointer(mm.wrapping_add(types.pgd))?)?;
        let task_size = types.task_size.and_then(|member| space.pointer(mm.wrapping_add(member.offset)).ok());
        let asce = types.asce.and_then(|offset| space.pointer(mm.wrapping_add(offset)).ok());
        Ok(Tables { pgd, task_size, asce })
    }
}
