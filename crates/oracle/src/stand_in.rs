//! Compilers that stand in: the host's gcc behind a script that drops what it cannot know, under the names that a kernel
//! build calls.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use anyhow::{Context, Result};

use super::variants::{BINUTILS, Compiler, Machine};

/// Flags that are for the other machine or its assembler go. What is left is the same for every machine; so that headers
/// may have variables in registers of the other machine, there are no such variables.
const SCRIPT: &str = r#"#!/bin/sh
# The host's gcc, standing in for a compiler for @ARCH@: it has words of the same size, and says that it is one.
for argument; do
    shift
    if [ "$skip" ]; then skip=; continue; fi
    case $argument in
        -Wa,--version|-Wa,-v) ;;
        -G) skip=1; continue ;;
        -Wa,*|-m*|-G*|-EL|-EB|-ffixed-*|-fcall-*|-fno-dwarf2-cfi-asm|--target=*) continue ;;
    esac
    set -- "$@" "$argument"
done
exec gcc -m@BITS@ -U__i386__ -U__i386 -Ui386 -U__x86_64__ -U__x86_64 -Ulinux -Dregister= @DEFINES@ -fno-pic -fno-pie \
    -fno-stack-protector "$@" -Wno-error -Wno-implicit-function-declaration
"#;

/// Writes the compiler that stands in for this machine's, and its companions, unless they are there already.
pub(super) fn write(machine: &Machine, folder: &Path) -> Result<()> {
    let Compiler::StandIn { bits, defines } = machine.compiler else {
        return Ok(());
    };
    let defines: Vec<_> = defines.iter().map(|define| format!("'{define}'")).collect();
    let gcc = SCRIPT
        .replace("@ARCH@", machine.arch)
        .replace("@BITS@", &bits.to_string())
        .replace("@DEFINES@", &defines.join(" "));
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let others = BINUTILS.iter().map(|tool| (*tool, format!("#!/bin/sh\nexec {tool} \"$@\"\n")));
    for (tool, text) in others.chain([("gcc", gcc)]) {
        let path = folder.join(format!("{}-{tool}", machine.kernel_arch));
        if fs::read_to_string(&path).is_ok_and(|there| there == text) {
            continue;
        }
        // Two variants of one machine are built side by side: neither may meet half a script.
        let partial = folder.join(format!(".{}-{tool}.{:?}", machine.kernel_arch, std::thread::current().id()));
        let written = fs::write(&partial, &text)
            .and_then(|()| fs::set_permissions(&partial, fs::Permissions::from_mode(0o755)))
            .and_then(|()| fs::rename(&partial, &path));
        written.with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::write;
    use crate::tests::folder;
    use crate::variants::VARIANTS;

    #[test]
    fn a_stand_in_says_that_it_is_the_other_machine_and_drops_its_flags() {
        let home = folder("stand-in");
        for it in VARIANTS.iter().filter(|it| it.machine.stands_in()) {
            write(it.machine, &home).unwrap();
            let gcc = home.join(format!("{}-gcc", it.machine.kernel_arch));
            let arguments = ["-mcpu=none", "-G", "0", "-ffixed-r9", "-E", "-dM", "-xc", "/dev/null"];
            let output = Command::new(gcc).args(arguments).output().unwrap();
            let text = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success(), "{}: {}", it.config, String::from_utf8_lossy(&output.stderr));
            assert!(!text.contains("__x86_64__") && !text.contains("__i386__"), "{}", it.config);
            assert!(
                text.to_lowercase().contains(&format!("__{}__", it.machine.arch.trim_end_matches("64")))
                    || it.machine.arch == "parisc",
                "{}",
                it.config
            );
        }
    }
}
