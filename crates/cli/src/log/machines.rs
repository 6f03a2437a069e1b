//! What a log says of its kernels, and the words that wait for it; for each host, since a file can hold the logs of many.

use swp_pte_forms::Form;
use swp_pte_forms::log::{Finding, Item, Signs, arch_of_release, items};

use crate::Error;

/// Hosts that are told apart; of more, those met least lately are forgotten.
const MOST_HOSTS: usize = 64;
/// Words that wait together.
const MOST_WAITING: usize = 256;
/// How strongly signs tell an architecture: as a machine's name does.
const BY_SIGNS: u8 = 1;
/// A report that has not named its kernel within so many lines will not.
const REPORT: u64 = 200;
/// Behind the line that names it, registers and functions tell the architecture within so many.
const REST: u64 = 60;

/// Something that was found, with the line that it stands in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Found {
    /// Counted from 1.
    pub(super) line: u64,
    /// The text of the line; empty if it is that of the one before.
    pub(super) text: String,
    /// What it is.
    pub(super) form: Form,
    /// The hex digits.
    pub(super) digits: String,
    /// The number; `None` for more than 64 bits.
    pub(super) value: Option<u64>,
    /// Whether the line was cut inside of it.
    pub(super) is_cut: bool,
    /// Whether nothing stands behind it.
    pub(super) ends_line: bool,
}

impl Found {
    fn new(line: u64, text: &str, finding: &Finding<'_>) -> Self {
        // More digits than these are of no number.
        let digits = finding.digits.get(..64).unwrap_or(finding.digits).to_owned();
        let Finding { form, value, is_cut, ends_line, .. } = *finding;
        Self { line, text: text.to_owned(), form, digits, value, is_cut, ends_line }
    }
}

/// What is known of a kernel.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Context {
    /// The release, and the line that says it.
    pub(super) release: Option<(String, u64)>,
    /// The architecture, how strongly the log says so, and in which line.
    pub(super) arch: Option<(&'static str, u8, u64)>,
    /// log2 of the page size.
    pub(super) page_shift: Option<u32>,
    /// The bits of a `long`, by the report that is being read.
    pub(super) long_bits: Option<u32>,
}

/// What has waited long enough.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting<'a> {
    pub(super) found: &'a [Found],
    pub(super) context: &'a Context,
}

#[derive(Debug, Default)]
struct Machine {
    host: String,
    met: u64,
    context: Context,
    waiting: Vec<Found>,
    /// What narrows down the architecture of the report that is being read.
    signs: Signs,
    /// Where the report began that is being read.
    began: u64,
    /// Whether it has named its kernel, and where.
    named: Option<u64>,
}

/// The machines of a log.
#[derive(Debug, Default)]
pub(super) struct Machines {
    all: Vec<Machine>,
}

/// Who is told of what has waited long enough.
pub(super) type Told<'a> = &'a mut dyn FnMut(Waiting<'_>) -> Result<(), Error>;

impl Machines {
    /// Takes in a line.
    ///
    /// # Errors
    /// Those of who is told.
    pub(super) fn line(&mut self, number: u64, text: &str, told: Told<'_>) -> Result<(), Error> {
        let mut host = "";
        let mut machine: Option<usize> = None;
        for item in items(text) {
            if let Item::Host(name) = item {
                host = name;
                continue;
            }
            let index = match machine {
                Some(index) => index,
                None => self.index(host, number, told)?,
            };
            machine = Some(index);
            if let Some(machine) = self.all.get_mut(index) {
                machine.item(number, text, &item, told)?;
            }
        }
        for machine in &mut self.all {
            let late = number > machine.began + REPORT || machine.named.is_some_and(|line| number > line + REST);
            if late && !machine.waiting.is_empty() {
                machine.tell(told)?;
            }
        }
        Ok(())
    }

    /// The log's end.
    ///
    /// # Errors
    /// Those of who is told.
    pub(super) fn end(&mut self, told: Told<'_>) -> Result<(), Error> {
        self.all.iter_mut().try_for_each(|machine| machine.tell(told))
    }

    /// Where the machine of a host is kept.
    fn index(&mut self, host: &str, number: u64, told: Told<'_>) -> Result<usize, Error> {
        if let Some(index) = self.all.iter().position(|machine| machine.host == host) {
            if let Some(machine) = self.all.get_mut(index) {
                machine.met = number;
            }
            return Ok(index);
        }
        if self.all.len() >= MOST_HOSTS
            && let Some(oldest) = (0..self.all.len()).min_by_key(|i| self.all.get(*i).map(|machine| machine.met))
        {
            self.all.swap_remove(oldest).tell(told)?;
        }
        self.all.push(Machine { host: host.to_owned(), met: number, ..Machine::default() });
        Ok(self.all.len() - 1)
    }
}

impl Machine {
    fn item(&mut self, number: u64, text: &str, item: &Item<'_>, told: Told<'_>) -> Result<(), Error> {
        match item {
            Item::Found(finding) => {
                if self.named.is_some() || self.waiting.len() >= MOST_WAITING {
                    self.tell(told)?;
                }
                if self.waiting.is_empty() {
                    self.begin(number);
                }
                let text = if self.waiting.last().is_some_and(|last| last.line == number) { "" } else { text };
                self.waiting.push(Found::new(number, text, finding));
            }
            Item::Begin if self.named.is_some() || self.waiting.is_empty() => {
                self.tell(told)?;
                self.begin(number);
            }
            Item::End if self.named.is_some() => self.tell(told)?,
            Item::Release { text: release, at_boot } => {
                if *at_boot {
                    self.tell(told)?;
                    self.context = Context::default();
                    self.begin(number);
                }
                self.release(number, release);
                self.named = (!*at_boot).then_some(number);
            }
            Item::Arch { name, strength } => self.arch(number, name, *strength),
            Item::Sign(sign) => {
                let before = self.signs.arch();
                self.signs.add(*sign);
                self.context.long_bits = self.signs.long_bits();
                match self.signs.arch() {
                    Some(name) => self.arch(number, name, BY_SIGNS),
                    // They are of two kernels.
                    None if self.context.arch.is_some_and(|arch| arch.1 == BY_SIGNS && Some(arch.0) == before) => {
                        self.context.arch = None;
                    }
                    None => {}
                }
            }
            Item::PageShift(shift) => self.context.page_shift = Some(*shift),
            _ => {}
        }
        Ok(())
    }

    fn begin(&mut self, number: u64) {
        (self.began, self.named, self.signs) = (number, None, Signs::default());
        self.context.long_bits = None;
    }

    /// What is weaker than what is known does not count.
    fn arch(&mut self, number: u64, name: &'static str, strength: u8) {
        if self.context.arch.is_none_or(|(_, known, _)| strength >= known) {
            self.context.arch = Some((name, strength, number));
        }
    }

    /// Another kernel than before has another architecture too, unless this report has said it.
    fn release(&mut self, number: u64, release: &str) {
        let known = self.context.release.as_ref().is_some_and(|(known, _)| known == release);
        if !known {
            let of_report = |(.., line): &(&str, u8, u64)| *line >= self.began;
            self.context.arch = self.context.arch.filter(of_report);
            self.context.page_shift = None;
            self.context.release = Some((release.to_owned(), number));
        }
        if let Some(name) = arch_of_release(release) {
            self.context.arch = Some((name, u8::MAX, number));
        }
    }

    fn tell(&mut self, told: Told<'_>) -> Result<(), Error> {
        if !self.waiting.is_empty() {
            told(Waiting { found: &self.waiting, context: &self.context })?;
            self.waiting.clear();
        }
        self.named = None;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of what was found, with the release and architecture that each batch was told with.
    fn told(log: &str) -> Vec<(Vec<u64>, Option<String>, Option<&'static str>)> {
        let (mut machines, mut all) = (Machines::default(), Vec::new());
        let mut tell = |waiting: Waiting<'_>| {
            let Context { release, arch, .. } = waiting.context.clone();
            let lines = waiting.found.iter().map(|found| found.line).collect();
            all.push((lines, release.map(|(release, _)| release), arch.map(|(name, ..)| name)));
            Ok(())
        };
        for (number, line) in (1..).zip(log.lines()) {
            machines.line(number, line, &mut tell).unwrap();
        }
        machines.end(&mut tell).unwrap();
        all
    }

    fn owned(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn a_report_names_its_kernel_below_its_words() {
        let log = "swap_free: Bad swap file entry 0100d400\n\
                   BUG: Bad page map in process a  pte:806a0000 pmd:387c2831\n\
                   CPU: 0 PID: 1 Comm: a Tainted: G B D 4.1.8-v7+ #818\n\
                   [<8011>] (do_DataAbort) from\n\
                   swap_free: Bad swap file entry 00010000\n\
                   CPU: 2 PID: 1 Comm: b Not tainted 5.10.110-v8 #3\n\
                    el0_da+0x1/0x2\n";
        assert_eq!(
            told(log),
            [(vec![1, 2, 2], owned("4.1.8-v7+"), Some("arm")), (vec![5], owned("5.10.110-v8"), Some("arm64")),]
        );
    }

    #[test]
    fn what_was_said_before_holds_until_something_else_is_said() {
        let log = "Linux version 6.12.9-amd64 (x@y)\n\
                   get_swap_device: Bad swap file entry 3ffffffffffff\n\
                   Linux version 6.12 (x@y) (aarch64-linux-gnu-gcc 12)\n\
                   get_swap_device: Bad swap file entry 3ffffffffffff\n";
        assert_eq!(
            told(log),
            [(vec![2], owned("6.12.9-amd64"), Some("x86_64")), (vec![4], owned("6.12"), Some("arm64")),]
        );
    }

    #[test]
    fn two_signs_name_an_architecture_and_those_of_two_kernels_name_none() {
        let log = "BUG: Bad page map in process a  pte:a07070a0506090a pmd:800000001801003\n\
                   addr:0000007f83000000 vm_flags:00100073\n\
                   CPU: 0 PID: 1021 Comm: a Tainted: G C 6.0.0-rc1-v8 #7\n\
                   Hardware name: Raspberry Pi Compute Module 4 Rev 1.0 (DT)\n\
                   Call trace:\n";
        assert_eq!(told(log), [(vec![1, 1], owned("6.0.0-rc1-v8"), Some("arm64"))]);
        let two = [log, "Call Trace:\n"].concat();
        assert_eq!(told(&two), [(vec![1, 1], owned("6.0.0-rc1-v8"), None)]);
        let next = [log, "BUG: Bad page map in process b  pte:0000000000000002\n"].concat();
        assert_eq!(told(&next).len(), 2);
    }

    #[test]
    fn hosts_are_told_apart() {
        let log = "Oct 1 09:00:00 one kernel: Linux version 6.1-amd64 (x)\n\
                   Oct 1 09:00:00 two kernel: Linux version 6.12-arm64 (x)\n\
                   Oct 1 09:00:01 one kernel: swap_free: Bad swap file entry 0100d400\n\
                   Oct 1 09:00:01 two kernel: swap_free: Bad swap file entry 0100d400\n";
        assert_eq!(
            told(log),
            [(vec![3], owned("6.1-amd64"), Some("x86_64")), (vec![4], owned("6.12-arm64"), Some("arm64")),]
        );
    }

    #[test]
    fn nothing_is_kept_for_ever() {
        let mut log = "swap_free: Bad swap file entry 0100d400\n".to_owned();
        log.push_str(&"x: y\n".repeat(500));
        log.push_str("CPU: 0 PID: 1 Comm: a Not tainted 6.1 #8\n");
        assert_eq!(told(&log), [(vec![1], None, None)]);
        let many: String = (0..1000).map(|i| format!("h{i}a kernel: pte:{i:08x}\n")).collect();
        assert_eq!(told(&many).len(), 1000);
    }
}
