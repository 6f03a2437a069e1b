//! Instructions of the machines that are read as the binutils list them: what each leaves for known numbers, by the manuals of
//! the architectures; and what must never be taken for a proof.

use swp_pte_prove::bits::{Bits, Block, known, number};
use swp_pte_prove::{Image, Isa, Listing, Machine};

const WORD: u64 = 0xfedc_ba98_7654_3210;

/// The lines at addresses of their own, from 0x1000 on, four bytes each.
fn listing(isa: Isa, lines: &[&str]) -> Listing {
    let text: Vec<_> = (0x1000..).step_by(4).zip(lines).map(|(at, line)| format!("  {at:x}:\t{line}")).collect();
    Listing::parse(isa, &text.join("\n"))
}

fn result(isa: Isa, lines: &[&str], arguments: [u64; 2]) -> Result<u64, String> {
    let bits = Bits::new();
    let arguments = arguments.map(|value| number(value, 64));
    let ends = listing(isa, lines).run(&bits, &Image::default(), 0x1000, false, &arguments);
    let ends = ends.map_err(|stuck| stuck.to_string())?;
    assert_eq!(ends.len(), 1, "{lines:?}");
    known(&ends[0].results[0].word(&bits)).ok_or_else(|| "not known".into())
}

fn check(isa: Isa, end: &str, cases: &[(&[&str], [u64; 2], u64)]) {
    for (lines, arguments, expected) in cases {
        let lines = [lines, &[end][..]].concat();
        assert_eq!(result(isa, &lines, *arguments), Ok(*expected), "{lines:?}");
    }
}

#[test]
fn arm64() {
    check(
        Isa::Arm64,
        "ret",
        &[
            (&["ubfiz\tx0, x0, #6, #6"], [0x7f, 0], 0x3f << 6),
            (&["ubfx\tx0, x0, #12, #50"], [WORD, 0], (WORD >> 12) & ((1 << 50) - 1)),
            (&["orr\tx0, x0, x1, lsl #12"], [1, 2], 0x2001),
            (&["mov\tx0, #0x801                 \t// #2049"], [0, 0], 0x801),
            (&["mov\tx0, #0x801", "movk\tx0, #0x1234, lsl #32"], [0, 0], 0x1234_0000_0801),
            (&["mov\tw0, w0"], [WORD, 0], 0x7654_3210),
            (&["cmp\tx0, #0x0", "cset\tx0, eq\t// eq = none"], [0, 0], 1),
            (&["cmp\tx0, x1", "csel\tx0, x0, x1, cs\t// cs = hs"], [3, 2], 3),
            (&["cmp\tx0, x1", "cset\tx0, lt\t// lt = tstop"], [u64::MAX, 0], 1),
            (&["cmp\tx0, #0x1", "ccmp\tx1, #0x5, #0x4, ne", "cset\tx0, eq"], [1, 7], 1),
            (&["cmp\tx0, #0x1", "ccmp\tx1, #0x5, #0x4, ne", "cset\tx0, eq"], [2, 7], 0),
            (&["bic\tx0, x0, x1"], [0xff, 0xf], 0xf0),
            (&["and\tx0, x0, #0xfffffffffffffffb"], [7, 0], 3),
            (&["bfi\tx0, x1, #8, #4"], [0, 0x1f], 0xf00),
            (&["bfxil\tx0, x1, #8, #4"], [0xff, 0xa00], 0xfa),
            (&["sbfx\tx0, x0, #0, #8"], [0x80, 0], 0xffff_ffff_ffff_ff80),
            (&["tbnz\tw0, #0, 1008 <helper+0x8>", "mov\tx0, #0x7"], [1, 0], 1),
            (&["cbz\tx0, 1008 <helper+0x8>", "mov\tx0, #0x7"], [1, 0], 7),
            (&["neg\tx0, x0"], [1, 0], u64::MAX),
        ],
    );
}

#[test]
fn ppc64() {
    check(
        Isa::Ppc64,
        "blr",
        &[
            (&["rldic   r3,r3,12,11"], [WORD, 0], WORD << 12 & (u64::MAX >> 11)),
            (&["rldicl  r3,r3,52,23"], [WORD, 0], WORD.rotate_left(52) & (u64::MAX >> 23)),
            (&["rldicr  r3,r3,1,1"], [WORD, 0], WORD.rotate_left(1) & 3 << 62),
            (&["li      r10,-1", "rldimi  r3,r10,62,1"], [1, 0], 1 << 62 | 1),
            (&["rlwimi  r3,r4,8,8,15"], [0, 0x1234_5678], 0x0056_0000),
            (&["rlwinm  r3,r3,0,24,25"], [0xffff, 0], 0xc0),
            (&["rotlwi  r3,r3,24"], [0x1234_5678, 0], 0x7812_3456),
            (&["lis     r3,-4577"], [0, 0], 0xffff_ffff_ee1f_0000),
            (&["lis     r3,24576", "ori     r3,r3,65535"], [0, 0], 0x6000_ffff),
            (&["cntlzd  r3,r3", "srdi    r3,r3,6"], [0, 0], 1),
            (&["cntlzd  r3,r3"], [1, 0], 63),
            (&["clrldi  r3,r3,59"], [0xff, 0], 0x1f),
            (&["clrrdi  r3,r3,62"], [WORD, 0], 3 << 62),
            (&["extsw   r3,r3"], [0x8000_0000, 0], 0xffff_ffff_8000_0000),
            (&["andi.   r9,r3,32", "beq     100c <x>", "li      r3,7"], [32, 0], 7),
            (&["andi.   r9,r3,32", "beq     100c <x>", "li      r3,7"], [64, 0], 64),
            (&["cmpdi   r3,-1", "blt     100c <x>", "li      r3,7"], [0x8000_0000_0000_0000, 0], 1 << 63),
            (&["cmpld   cr7,r3,r4", "blt     cr7,100c <x>", "li      r3,7"], [1 << 63, 1], 7),
            (&["addic   r9,r3,-1", "subfe   r3,r9,r3"], [5, 0], 1),
            (&["addic   r9,r3,-1", "subfe   r3,r9,r3"], [0, 0], 0),
            (&["subf    r3,r3,r4"], [3, 10], 7),
        ],
    );
}

#[test]
fn riscv64() {
    check(
        Isa::Riscv64,
        "ret",
        &[
            (&["add\tsp,sp,-16", "sd\ts0,8(sp)", "add\ts0,sp,16", "ld\ts0,8(sp)", "add\tsp,sp,16"], [5, 0], 5),
            (&["lui\ta5,0x1", "add\ta5,a5,-128 # f80 <kernel__encode-0xf130>", "and\ta0,a0,a5"], [WORD, 0], 0x200),
            (&["sraw\ta0,a0,0x6"], [0x8000_0000, 0], 0xffff_ffff_fe00_0000),
            (&["sll\ta0,a0,0x3a", "srl\ta0,a0,0x33"], [0x3f, 0], 0x3f << 7),
            (&["seqz\ta0,a0"], [0, 0], 1),
            (&["and\ta5,a0,64", "beqz\ta5,100c <x>", "and\ta0,a0,-65"], [0x41, 0], 1),
            (&["lui\ta0,0x80000"], [0, 0], 0xffff_ffff_8000_0000),
            (&["addw\ta0,a0,a1"], [0x7fff_ffff, 1], 0xffff_ffff_8000_0000),
            (&["auipc\ta0,0x1"], [0, 0], 0x2000),
        ],
    );
}

#[test]
fn s390() {
    check(
        Isa::S390,
        "br\t%r14",
        &[
            (&["sllg\t%r3,%r3,12", "rosbg\t%r3,%r2,57,61,2", "lgr\t%r2,%r3"], [0x1f, 1], 0x107c),
            (&["risbgnz\t%r2,%r2,59,63,62"], [0x7c, 0], 0x1f),
            (&["risbg\t%r2,%r3,60,63,0"], [0xf0, 0xff], 0xff),
            (&["xilf\t%r2,1024", "lpgr\t%r2,%r2", "aghi\t%r2,-1", "srlg\t%r2,%r2,63"], [1024, 0], 1),
            (&["xilf\t%r2,1024", "lpgr\t%r2,%r2", "aghi\t%r2,-1", "srlg\t%r2,%r2,63"], [1 << 63, 0], 0),
            (&["nill\t%r2,63487"], [WORD | 0x800, 0], WORD & !0x800),
            (&["oill\t%r2,1536"], [0, 0], 0x600),
            (&["oihh\t%r2,1"], [0, 0], 1 << 48),
            (&["lr\t%r2,%r3"], [WORD, 1], 0xfedc_ba98_0000_0001),
            (&["tmll\t%r2,2048", "je\t100c <x>", "lghi\t%r2,-7"], [0, 0], 0),
            (&["tmll\t%r2,2049", "jne\t100c <x>", "lghi\t%r2,-7"], [1, 0], 1),
            (&["tmll\t%r2,2049", "jo\t100c <x>", "lghi\t%r2,-7"], [1, 0], 7u64.wrapping_neg()),
            (&["cgrje\t%r2,%r3,1008 <x>", "lghi\t%r2,9"], [4, 4], 4),
            (&["clgijl\t%r2,5,1008 <x>", "lghi\t%r2,9"], [1 << 63, 0], 9),
            (&["ltgr\t%r2,%r2", "locghie\t%r2,5"], [0, 0], 5),
        ],
    );
}

/// Both sides of a branch that the input decides are followed.
#[test]
fn a_path_splits() {
    let bits = Bits::new();
    let lines = ["tbz\tx0, #3, 100c <x>", "mov\tx0, #0x1", "ret", "mov\tx0, #0x0", "ret"];
    let input = bits.block(Block::Input);
    let ends = listing(Isa::Arm64, &lines).run(&bits, &Image::default(), 0x1000, false, &[input]).unwrap();
    let values: Vec<_> = ends.iter().map(|end| (known(&end.results[0].word(&bits)), bits.example(&end.when))).collect();
    assert_eq!(values, [(Some(1), Some([8, 0])), (Some(0), Some([0, 0]))]);
}

#[test]
fn what_is_not_understood_says_so() {
    for (isa, lines, words) in [
        (Isa::Arm64, &["ldr\tx0, [x0]", "ret"][..], "at 0x1000, ldr x0,[x0]: is not known here"),
        (Isa::Arm64, &["mov\tx19, x0", "ret"], "returns with another register 19"),
        (Isa::Arm64, &["b\t1000 <x>"], "goes on after 10000 instructions"),
        (Isa::Arm64, &["cset\tx0, eq", "ret"], "asks for z, which nothing has set"),
        (Isa::Arm64, &["mov\tx0, x1"], "runs out of the listing"),
        (Isa::Arm64, &["add\tsp, sp, #0x10", "ret"], "uses \"sp\""),
        (Isa::Ppc64, &["ld      r3,0(r3)", "blr"], "is not known here"),
        (Isa::Ppc64, &["li      r31,0", "blr"], "returns with another register 31"),
        (Isa::Riscv64, &["ld\ta0,0(a0)", "ret"], "which is not the stack"),
        (Isa::Riscv64, &["add\tsp,sp,-16", "ret"], "returns with another register 2"),
        (Isa::Riscv64, &["sd\ta0,8(sp)", "ret"], "which is not the stack"),
        (Isa::S390, &["lg\t%r2,0(%r2)", "br\t%r14"], "which is no constant"),
        (Isa::S390, &["lghi\t%r14,0", "br\t%r14"], "returns with another register 14"),
        (Isa::S390, &["j\t5000 <x>"], "where no code is"),
    ] {
        let bits = Bits::new();
        let arguments = [bits.block(Block::Input), bits.block(Block::Second)];
        let ends = listing(isa, lines).run(&bits, &Image::default(), 0x1000, false, &arguments);
        let stuck = ends.unwrap_err().to_string();
        assert!(stuck.contains(words), "{lines:?}: {stuck}");
    }
}
