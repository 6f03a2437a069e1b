//! A kernel of x86_64 in ten pages: everything that is read of one, and nothing else.

use std::io::Write;

/// Where its image is, and in memory at 0.
const IMAGE: u64 = 0xffff_ffff_8000_0000;
const PAGES: usize = 10;

/// A member: name, type, offset in bytes.
type Member = (&'static str, u32, u32);

/// BTF of the structures that are read, each as its name, its size and its members.
fn btf() -> Vec<u8> {
    const INT: u32 = 1;
    const LONG: u32 = 2;
    const POINTER: u32 = 3;
    const COMM: u32 = 4;
    const INSIDE: [u32; 3] = [5, 6, 7];
    let [path, qstr, vfsmount] = INSIDE;
    let structs: [(&str, u32, &[Member]); 10] = [
        ("path", 16, &[("mnt", POINTER, 0), ("dentry", POINTER, 8)]),
        ("qstr", 16, &[("hash_len", LONG, 0), ("name", POINTER, 8)]),
        ("vfsmount", 16, &[("mnt_root", POINTER, 0), ("mnt_sb", POINTER, 8)]),
        (
            "task_struct",
            128,
            &[
                ("flags", INT, 0),
                ("tasks", LONG, 8),
                ("mm", POINTER, 24),
                ("pid", INT, 32),
                ("comm", COMM, 40),
                ("signal", POINTER, 56),
                ("thread_node", LONG, 64),
            ],
        ),
        ("signal_struct", 16, &[("thread_head", LONG, 0)]),
        ("mm_struct", 64, &[("pgd", POINTER, 0), ("task_size", LONG, 8)]),
        (
            "swap_info_struct",
            64,
            &[
                ("flags", LONG, 0),
                ("prio", INT, 8),
                ("max", INT, 12),
                ("pages", INT, 16),
                ("swap_file", POINTER, 24),
                ("swap_map", POINTER, 32),
            ],
        ),
        ("file", 32, &[("f_path", path, 0)]),
        ("dentry", 64, &[("d_parent", POINTER, 0), ("d_name", qstr, 8)]),
        ("mount", 64, &[("mnt_parent", POINTER, 0), ("mnt_mountpoint", POINTER, 8), ("mnt", vfsmount, 16)]),
    ];
    let mut strings = vec![0];
    let mut name = |text: &str| {
        let at = u32::try_from(strings.len()).unwrap();
        strings.extend(text.as_bytes());
        strings.push(0);
        at
    };
    let mut types = vec![name("int"), 1 << 24, 4, 32, name("long"), 1 << 24, 8, 64];
    types.extend([0, 2 << 24, 0]);
    types.extend([0, 3 << 24, 0, INT, INT, 4]);
    for (of, size, members) in structs {
        types.extend([name(of), 4 << 24 | u32::try_from(members.len()).unwrap(), size]);
        types.extend(members.iter().flat_map(|(member, number, offset)| [name(member), *number, offset * 8]));
    }
    let types: Vec<u8> = types.into_iter().flat_map(u32::to_le_bytes).collect();
    let sizes = [24, 0, types.len(), types.len(), strings.len()].map(|size| u32::try_from(size).unwrap());
    let mut btf = vec![0x9f, 0xeb, 1, 0];
    btf.extend(sizes.into_iter().flat_map(u32::to_le_bytes));
    [btf, types, strings].concat()
}

/// Its symbols, in the order of addresses.
fn symbols(btf: u64, config: u64) -> Vec<(&'static str, u64)> {
    vec![
        ("_stext", IMAGE),
        ("init_task", IMAGE + 0x2000),
        ("swap_info", IMAGE + 0x2800),
        ("after_swap_info", IMAGE + 0x2800 + 28 * 8),
        ("nr_swapfiles", IMAGE + 0x2a00),
        ("__start_BTF", IMAGE + 0x7000),
        ("__stop_BTF", IMAGE + 0x7000 + btf),
        ("kernel_config_data", IMAGE + 0x8000),
        ("kernel_config_data_end", IMAGE + 0x8000 + config),
    ]
}

/// The kernel as it is in memory, and its parts by themselves: VMCOREINFO, symbols and types.
fn memory() -> (Vec<u8>, [Vec<u8>; 3]) {
    let mut memory = vec![0; PAGES << 12];
    let mut put = |at: usize, bytes: &[u8]| memory[at..at + bytes.len()].copy_from_slice(bytes);
    let virt = |at: u64| (IMAGE + at).to_le_bytes();
    let btf = btf();
    let mut config = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    config.write_all(b"#\n# Linux/x86 6.12.9 Kernel Configuration\n#\nCONFIG_64BIT=y\nCONFIG_SWAP=y\n").unwrap();
    let config = config.finish().unwrap();
    put(0x7000, &btf);
    put(0x8000, &config);
    // Page tables: four levels, and at the lowest a page in memory, one on swap and a marker.
    for (table, next) in [(0x1000, 0x3000), (0x3000, 0x4000), (0x4000, 0x5000)] {
        put(table, &(next | 0x67_u64).to_le_bytes());
    }
    for (number, word) in
        [0x9067_u64, !(0x21d_u64 << 14) >> 5 & !(1 << 9), 0x0fff_ffff_ffff_fa00].into_iter().enumerate()
    {
        put(0x5000 + number * 8, &word.to_le_bytes());
    }
    // Three tasks in a ring, the second a thread of the kernel.
    for (number, task) in [0x2000_u64, 0x2100, 0x2200].into_iter().enumerate() {
        let at = usize::try_from(task).unwrap();
        let others = [0x2200, 0x2000, 0x2100, 0x2200, 0x2000];
        put(at, &[0, 0x0020_0000_u32, 0][number].to_le_bytes());
        put(at + 8, &virt(others[number + 2] + 8));
        put(at + 16, &virt(others[number] + 8));
        if number != 1 {
            put(at + 24, &virt(0x2300));
        }
        put(at + 32, &[[1, 2, 3][number], 0, 0, 0]);
        put(at + 40, [&b"init"[..], b"kthreadd", b"victim"][number]);
    }
    put(0x2300, &virt(0x1000));
    // Two swap files, of which the second has a name below a mount.
    for (number, info) in [0x2400_u64, 0x2440].into_iter().enumerate() {
        let at = usize::try_from(info).unwrap();
        put(0x2800 + number * 8, &virt(info));
        put(at, &[3]);
        put(at + 8, &[[5, 4][number], 0, 0, 0, 0, 4, 0, 0, 0xff, 3]);
        put(at + 24, &virt(0x2480));
        put(at + 32, &virt(0x6800));
    }
    put(0x2a00, &[2]);
    put(0x6800, &[0x3f, 1, 2, 0x41, 0]);
    put(0x2480, &virt(0x2510));
    put(0x2488, &virt(0x2600));
    // A dentry `swapfile` below the root of its mount, which is mounted on itself.
    put(0x2600, &virt(0x2640));
    put(0x2610, &virt(0x2680));
    put(0x2640, &virt(0x2640));
    put(0x2680, b"swapfile\0");
    put(0x2500, &virt(0x2500));
    put(0x2508, &virt(0x2640));
    put(0x2510, &virt(0x2640));

    // kallsyms, with a token for each byte.
    let symbols = symbols(btf.len() as u64, config.len() as u64);
    let names: Vec<u8> = symbols
        .iter()
        .flat_map(|(name, _)| [&[u8::try_from(name.len() + 1).unwrap(), b'D'], name.as_bytes()].concat())
        .collect();
    put(0x9000, &u32::try_from(symbols.len()).unwrap().to_le_bytes());
    put(0x9008, &virt(0));
    put(0x9010, &names);
    for (number, (_, address)) in symbols.iter().enumerate() {
        put(0x9200 + number * 4, &u32::try_from(address - IMAGE).unwrap().to_le_bytes());
    }
    for byte in 0..=255_u8 {
        put(0x9400 + usize::from(byte) * 2, &[byte, 0]);
        put(0x9600 + usize::from(byte) * 2, &(u16::from(byte) * 2).to_le_bytes());
    }
    let mut info =
        "OSRELEASE=6.12.9-small\nPAGESIZE=4096\nNUMBER(phys_base)=0\nNUMBER(pgtable_l5_enabled)=0\n".to_owned();
    let places = [
        ("_stext", 0),
        ("swapper_pg_dir", 0x1000),
        ("kallsyms_names", 0x9010),
        ("kallsyms_num_syms", 0x9000),
        ("kallsyms_token_table", 0x9400),
        ("kallsyms_token_index", 0x9600),
        ("kallsyms_offsets", 0x9200),
        ("kallsyms_relative_base", 0x9008),
    ];
    places.iter().for_each(|(name, at)| info += &format!("SYMBOL({name})={:x}\n", IMAGE + at));
    put(0x6000, info.as_bytes());
    let map = symbols.iter().map(|(name, address)| format!("{address:x} D {name}\n")).collect::<String>();
    (memory, [info.into_bytes(), map.into_bytes(), btf])
}

/// Inputs of `fuzzing::kernel`: with everything found in memory, and with everything given.
pub(crate) fn kernels() -> Vec<Vec<u8>> {
    let (memory, parts) = memory();
    [0, 2 | 4 | 8 | 16]
        .into_iter()
        .map(|how| {
            let parts = parts.iter().map(|part| if how == 0 { &[][..] } else { part });
            let parts = parts.map(|part| [&u16::try_from(part.len()).unwrap().to_le_bytes(), part].concat());
            [vec![0, how], parts.flatten().collect(), memory.clone()].concat()
        })
        .collect()
}
