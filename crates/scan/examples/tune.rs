//! tune
use std::time::Instant;
use swp_pte::*;
fn sum(b: &[u8]) -> u64 {
    pulp::Arch::new().dispatch(
        #[inline(always)]
        || b.as_chunks::<8>().0.iter().fold(0u64, |a, c| a.wrapping_add(u64::from_ne_bytes(*c))),
    )
}
fn rng(s: &mut u64) -> u64 {
    *s ^= *s << 13;
    *s ^= *s >> 7;
    *s ^= *s << 17;
    *s
}
fn image(row: &'static swp_pte_atlas::Row, mix: &str, n: usize) -> Vec<u64> {
    let mut s = 88172645463325252u64;
    let present = match row.layout().source.arch {
        "x86_64" => 0x8000_0000_0000_0067u64,
        "arm64" => 0x0060_0000_0000_0fc3,
        "s390" => 0x1,
        _ => 0x63,
    };
    let none = if row.layout().source.arch == "s390" { 0x400 } else { 0 };
    let enc = |t: u64, o: u64, f: u64| {
        let w = row.encode(SwpEntry::from_parts(t, o).unwrap()).unwrap();
        let mut b = w.bits();
        if f & 1 != 0 {
            b |= row.layout().flag_mask(Flag::Exclusive)
        }
        if f & 2 != 0 {
            b |= row.layout().flag_mask(Flag::SoftDirty)
        }
        b
    };
    let mut v = Vec::with_capacity(n);
    let mut off = 1000u64;
    while v.len() < n {
        match mix {
            "none" => v.push(none),
            "realistic" => {
                let r = rng(&mut s);
                let len = (r >> 8) as usize % 400 + 1;
                match r % 10 {
                    0..=4 => {
                        for _ in 0..len {
                            v.push(none)
                        }
                    }
                    5..=8 => {
                        for i in 0..len {
                            v.push(present | ((r >> 20) % (1 << 20) + i as u64) << 13)
                        }
                    }
                    _ => {
                        off = (r >> 20) % (1 << 20) + 1;
                        for i in 0..len {
                            v.push(enc(0, off + i as u64, 1 | (r >> 30) & 2))
                        }
                    }
                }
            }
            "swap-runs" => {
                let r = rng(&mut s);
                off = (r >> 20) % (1 << 20) + 1;
                for i in 0..64 {
                    v.push(enc(0, off + i as u64, (r >> 50) & 3))
                }
            }
            "swap-random-1type" => {
                let r = rng(&mut s);
                v.push(enc(0, (r >> 20) % (1 << 24) + 1, r & 3))
            }
            "swap-random" => {
                let r = rng(&mut s);
                v.push(enc((r >> 3) % 24, (r >> 20) % (1 << 24) + 1, r & 3))
            }
            "mixed-random" => {
                let r = rng(&mut s);
                match (r >> 60) % 4 {
                    0 | 1 => v.push(none),
                    2 => v.push(present | ((r >> 20) % (1 << 20)) << 13),
                    _ => v.push(enc((r >> 3) % 4, (r >> 20) % (1 << 24) + 1, r & 3)),
                }
            }
            _ => v.push(rng(&mut s)),
        }
    }
    v.truncate(n);
    v
}
fn main() {
    let only = std::env::args().nth(1);
    let n = 1usize << 24;
    for arch in ["x86_64", "arm64", "s390"] {
        let row = swp_pte_atlas::newest(arch).unwrap();
        for mix in ["none", "realistic", "swap-runs", "swap-random-1type", "swap-random", "mixed-random", "garbage"] {
            if only.as_deref().is_some_and(|o| o != mix) {
                continue;
            }
            let v = image(row, mix, n);
            let bytes: Vec<u8> = v
                .iter()
                .flat_map(
                    |w| if row.layout().memory_order == ByteOrder::Big { w.to_be_bytes() } else { w.to_le_bytes() },
                )
                .collect();
            let (mut a, mut b) = (f64::MAX, f64::MAX);
            let mut sm = swp_pte_scan::Summary::new();
            for _ in 0..7 {
                let t = Instant::now();
                std::hint::black_box(sum(&bytes));
                a = a.min(t.elapsed().as_secs_f64());
                sm = swp_pte_scan::Summary::new();
                let t = Instant::now();
                for (i, c) in bytes.chunks(4 << 20).enumerate() {
                    swp_pte_scan::summarize_row(row, c, row.layout().memory_order, (i as u64) << 22, &mut sm).unwrap();
                }
                b = b.min(t.elapsed().as_secs_f64());
            }
            println!(
                "{arch:8} {mix:18} sum {:5.1} scan {:5.1} GB/s ratio {:.2}  n {} p {} s {} susp {}",
                bytes.len() as f64 / a / 1e9,
                bytes.len() as f64 / b / 1e9,
                a / b,
                sm.none,
                sm.present,
                sm.swap(),
                sm.suspicious
            );
        }
    }
}
