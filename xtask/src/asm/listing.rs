//! Assembly text: the functions in it, and what each came to.

use std::collections::{BTreeMap, BTreeSet};

use super::isa::{Flow, Isa};

/// What a function's code came to.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct Size {
    pub(super) instructions: usize,
    /// The conditional ones, those that return among them.
    pub(super) branches: usize,
}

/// The lines of each function of an assembly file, by symbol.
pub(super) fn bodies(text: &str) -> BTreeMap<&str, Vec<&str>> {
    let mut bodies = BTreeMap::<_, Vec<_>>::new();
    let mut current = None;
    for line in text.lines() {
        if let Some(symbol) = line.strip_suffix(':').filter(|symbol| !symbol.starts_with('.')) {
            current = Some(symbol);
            bodies.insert(symbol, Vec::new());
        } else if line.starts_with(".Lfunc_end") || line.starts_with("\t.size\t") {
            current = None;
        } else if let Some(body) = current.and_then(|symbol| bodies.get_mut(symbol)) {
            body.push(line.trim());
        }
    }
    // Two functions with the same code may share it: `.set alias, function`, or in newer compilers `alias = function`.
    for line in text.lines() {
        let alias =
            line.strip_prefix("\t.set").and_then(|line| line.split_once(',')).or_else(|| line.split_once(" = "));
        if let Some((alias, symbol)) = alias
            && let Some(body) = bodies.get(symbol.trim()).cloned()
        {
            bodies.insert(alias.trim(), body);
        }
    }
    bodies
}

/// Reads one function, or says what it must not have.
///
/// A jump to what stands above it is taken for a loop. That is so in our functions, and stricter than needed: gcc is
/// allowed to share the end of a function that way, see [`count`].
pub(super) fn read(isa: Isa, body: &[&str]) -> Result<Size, String> {
    measure(isa, body, false)
}

/// The instructions of one function of C, which has no call and no trap either, or they would not be all.
pub(super) fn count(isa: Isa, body: &[&str]) -> Result<usize, String> {
    measure(isa, body, true).map(|size| size.instructions)
}

fn measure(isa: Isa, body: &[&str], back: bool) -> Result<Size, String> {
    let mut size = Size::default();
    let (mut above, mut returns) = (BTreeSet::new(), false);
    for line in body {
        if line.contains("panic") {
            return Err(format!("has a panic path: {line}"));
        }
        if let Some(label) = line.strip_suffix(':') {
            above.insert(label);
            continue;
        }
        if line.is_empty() || line.starts_with(['.', '#', '/']) {
            continue;
        }
        let (mnemonic, operands) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let flow = isa.flow(mnemonic, operands);
        match flow {
            Flow::Padding => continue,
            Flow::Call => return Err(format!("calls another function: {line}")),
            Flow::Trap => return Err(format!("has a trap: {line}")),
            Flow::Repeat => return Err(format!("has a loop: {line}")),
            Flow::Unknown => return Err(format!("has an instruction that this task does not know: {line}")),
            Flow::Branch(label) | Flow::Jump(label) if !label.starts_with(".L") => {
                return Err(format!("jumps out of itself: {line}"));
            }
            Flow::Branch(label) | Flow::Jump(label) if !back && above.contains(label) => {
                return Err(format!("has a loop: {line}"));
            }
            Flow::Return => returns = true,
            Flow::On | Flow::Branch(_) | Flow::Jump(_) | Flow::BranchToReturn => {}
        }
        size.branches += usize::from(matches!(flow, Flow::Branch(_) | Flow::BranchToReturn));
        size.instructions += isa.instructions(mnemonic, operands);
    }
    // What never returns was not understood.
    if returns { Ok(size) } else { Err("never returns".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLEAN: &str =
        "\ttestq\t%rdi, %rdi\n\tje\t.LBB0_1\n\tjmp\t.LBB0_2\n.LBB0_1:\n\tincq\t%rax\n.LBB0_2:\n\tretq\n";

    fn read_text(isa: Isa, code: &str) -> Result<Size, String> {
        let text = format!("a__b__encode:\n\t.cfi_startproc\n{code}.Lfunc_end0:\n\t.size\ta, 1\n");
        read(isa, &bodies(&text)["a__b__encode"])
    }

    #[test]
    fn counts_instructions_and_conditional_jumps() {
        assert_eq!(read_text(Isa::X86_64, CLEAN), Ok(Size { instructions: 5, branches: 1 }));
        // The same on a machine whose condition returns, with a landing pad.
        let code = "\tbti\tc\n\tcmp\tx0, #1\n\tb.hs\t.LBB0_2\n\tmov\tx1, x0\n.LBB0_2:\n\tret\n";
        assert_eq!(read_text(Isa::Arm64, code), Ok(Size { instructions: 4, branches: 1 }));
        let code = "\tcmpldi\t3, 0\n\tli\t4, 1\n\tbeqlr\t0\n\tli\t4, 0\n\tblr\n\t.long\t0\n";
        assert_eq!(read_text(Isa::Ppc64le, code), Ok(Size { instructions: 5, branches: 1 }));
    }

    #[test]
    fn each_fault_is_found() {
        for (code, fault) in [
            ("\tcallq\t*f@GOTPCREL(%rip)\n", "calls"),
            ("\tjmpq\t*f@GOTPCREL(%rip)\n", "jumps out"),
            ("\tjmp\tother\n", "jumps out"),
            ("\tleaq\t_ZN4core9panicking5panic(%rip), %rdi\n", "panic"),
            (".LBB0_9:\n\tjne\t.LBB0_9\n", "loop"),
            ("\tud2\n", "trap"),
        ] {
            let error = read_text(Isa::X86_64, &(code.to_owned() + CLEAN)).err().unwrap();
            assert!(error.contains(fault), "{error}");
        }
        assert!(read_text(Isa::X86_64, "\tmovl\t$1, %eax\n").err().unwrap().contains("never returns"));
        assert!(read_text(Isa::Ppc64le, "\tbso+\t0\n\tblr\n").err().unwrap().contains("jumps out"));
        assert!(read_text(Isa::Riscv64, "\tbexti\ta0, a0, 1\n\tret\n").err().unwrap().contains("does not know"));
    }

    #[test]
    fn an_alias_has_the_code_of_its_function() {
        let text = "f:\n\tretq\n.Lfunc_end0:\n\t.globl\tg\n\t.set g, f\nh = f\n";
        assert_eq!((&bodies(text)["g"][..], &bodies(text)["h"][..]), (&["retq"][..], &["retq"][..]));
    }

    #[test]
    fn a_function_of_gcc_ends_with_its_size() {
        let text = "f:\n.LFB0:\n\tret\n\t.size\tf, .-f\n\t.p2align 4\n\tnop\ng:\n\tret\n";
        assert_eq!(bodies(text)["f"], [".LFB0:", "ret"]);
    }
}
