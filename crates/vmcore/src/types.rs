//! Where members are that are read, by BTF.

use swp_pte_kernel::{Member, Structs};

use crate::lack::{GIVE_BTF, Lack};

/// Members of structures, looked up once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Types {
    pub(crate) tasks: u64,
    pub(crate) pid: Member,
    pub(crate) comm: Member,
    pub(crate) flags: Member,
    pub(crate) mm: u64,
    pub(crate) signal: Option<u64>,
    pub(crate) thread_head: Option<u64>,
    pub(crate) thread_node: Option<u64>,
    pub(crate) pgd: u64,
    pub(crate) task_size: Option<Member>,
    pub(crate) asce: Option<u64>,
    pub(crate) swap: Option<SwapTypes>,
    pub(crate) path: Option<PathTypes>,
}

/// Those of `struct swap_info_struct`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct SwapTypes {
    pub(crate) flags: Member,
    pub(crate) max: Member,
    pub(crate) pages: Option<Member>,
    pub(crate) prio: Option<Member>,
    pub(crate) swap_file: u64,
    pub(crate) swap_map: Option<u64>,
}

/// Those of a file's name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct PathTypes {
    pub(crate) file_dentry: u64,
    pub(crate) file_mount: u64,
    pub(crate) name: u64,
    pub(crate) parent: u64,
    pub(crate) mount: Option<MountTypes>,
}

/// Those of a mount.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct MountTypes {
    pub(crate) inside: u64,
    pub(crate) root: u64,
    pub(crate) parent: u64,
    pub(crate) mountpoint: u64,
}

impl Types {
    /// Looks all of them up.
    ///
    /// # Errors
    /// [`Lack`]: broken BTF, or a structure that has not what is needed.
    pub fn new(btf: &[u8]) -> Result<Self, Lack> {
        const WHAT: &str = "the types of the kernel (BTF)";
        let structs = Structs::parse(btf).map_err(|why| Lack::new(WHAT, why, GIVE_BTF))?;
        let get = |of: &str, path: &str| structs.member(of, path);
        let need = |of: &str, path: &str| {
            get(of, path).ok_or_else(|| Lack::new(WHAT, format!("struct {of} has no member {path}"), GIVE_BTF))
        };
        let offset = |of: &str, path: &str| get(of, path).map(|member| member.offset);
        let swap = || {
            Some(SwapTypes {
                flags: get("swap_info_struct", "flags")?,
                max: get("swap_info_struct", "max")?,
                pages: get("swap_info_struct", "pages"),
                prio: get("swap_info_struct", "prio"),
                swap_file: offset("swap_info_struct", "swap_file")?,
                swap_map: offset("swap_info_struct", "swap_map"),
            })
        };
        let mount = || {
            Some(MountTypes {
                inside: offset("mount", "mnt")?,
                root: offset("mount", "mnt.mnt_root")?,
                parent: offset("mount", "mnt_parent")?,
                mountpoint: offset("mount", "mnt_mountpoint")?,
            })
        };
        let path = || {
            Some(PathTypes {
                file_dentry: offset("file", "f_path.dentry")?,
                file_mount: offset("file", "f_path.mnt")?,
                name: offset("dentry", "d_name.name")?,
                parent: offset("dentry", "d_parent")?,
                mount: mount(),
            })
        };
        Ok(Self {
            tasks: need("task_struct", "tasks")?.offset,
            pid: need("task_struct", "pid")?,
            comm: need("task_struct", "comm")?,
            flags: need("task_struct", "flags")?,
            mm: need("task_struct", "mm")?.offset,
            signal: offset("task_struct", "signal"),
            thread_head: offset("signal_struct", "thread_head"),
            thread_node: offset("task_struct", "thread_node"),
            pgd: need("mm_struct", "pgd")?.offset,
            task_size: get("mm_struct", "task_size"),
            asce: offset("mm_struct", "context.asce"),
            swap: swap(),
            path: path(),
        })
    }
}
