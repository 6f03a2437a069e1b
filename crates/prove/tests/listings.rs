//! Instructions of the machines that are read as the binutils list them: what each leaves for known numbers, by the manuals of
//! the architectures; and what must never be taken for a proof.

use swp_pte_prove::bits::{Bits, Block, known, number, resized};
use swp_pte_prove::{Image, Isa, Listing, Machine};

const WORD: u64 = 0xfedc_ba98_7654_3210;

/// The lines at addresses of their own, from 0x1000 on, four bytes each.
fn listing(isa: Isa, lines: &[&str]) -> Listing {
    let text: Vec<_> = (0x1000..).step_by(4).zip(lines).map(|(at, line)| format!("  {at:x}:\t{line}")).collect();
    Listing::parse(isa, &text.join("\n"))
}

fn result(isa: Isa, lines: &[&str], arguments: [u64; 2]) -> Result<u64, String> {
    let bits = Bits::new();
    let listing = listing(isa, lines);
    let arguments = arguments.map(|value| number(value, listing.width()));
    let ends = listing.run(&bits, &Image::default(), 0x1000, false, &arguments);
    let ends = ends.map_err(|stuck| stuck.to_string())?;
    assert_eq!(ends.len(), 1, "{lines:?}");
    known(&ends[0].results[0].word(&bits)).ok_or_else(|| "not known".into())
}

fn check(isa: Isa, end: &str, cases: &[(&[&str], [u64; 2], u64)]) {
    for (lines, arguments, expected) in cases {
        // With what is executed behind a branch, where something is.
        let end: Vec<_> = end.split('|').collect();
        let lines = [lines, &end[..]].concat();
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
            (&["andi.   r9,r3,32", "bne-    100c <x>", "li      r3,7"], [32, 0], 32),
            (&["andi.   r9,r3,32", "bnelr- ", "li      r3,7"], [32, 0], 32),
            (&["andi.   r9,r3,32", "beqlr+ ", "li      r3,7"], [32, 0], 7),
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

#[test]
fn mips() {
    check(
        Isa::Mips,
        "jr\tra|nop",
        &[
            (&["ext\tv0,a0,0x4,0x5"], [0x1ff, 0], 0x1f),
            (&["lui\tv0,0xfdff", "ori\tv0,v0,0xffff", "and\tv0,a0,v0"], [0xffff_ffff, 0], 0xfdff_ffff),
            (&["li\tv0,-5", "and\tv0,a0,v0", "sltiu\tv0,v0,1"], [4, 0], 1),
            (&["move\tv0,zero", "ins\tv0,a0,0x8,0x4"], [0x1f, 0], 0xf00),
            (&["sra\tv0,a0,0x4"], [0x8000_0000, 0], 0xf800_0000),
            (&["nor\tv0,a0,zero"], [0, 0], 0xffff_ffff),
            (&["subu\tv0,a0,a1"], [1, 2], 0xffff_ffff),
            (&["li\tv0,7", "movz\tv0,a0,a1"], [5, 0], 5),
            (&["li\tv0,7", "movn\tv0,a0,a1"], [5, 0], 7),
            // What stands behind a branch is executed before it goes.
            (&["beqz\ta0,1010 <x>", "li\tv0,1", "li\tv0,2", "nop"], [0, 0], 1),
            (&["beqz\ta0,100c <x>", "li\tv0,1", "li\tv0,2"], [1, 0], 2),
            // With "likely", only on the way that it takes.
            (&["li\tv0,9", "beqzl\ta0,100c <x>", "li\tv0,1"], [1, 0], 9),
            (&["addiu\tsp,sp,-8", "sw\ta0,4(sp)", "lw\tv0,4(sp)", "addiu\tsp,sp,8"], [3, 0], 3),
        ],
    );
    check(
        Isa::Mips64,
        "jr\tra|nop",
        &[
            (&["dsll32\tv0,a0,0x1a"], [1, 0], 1 << 58),
            (&["dsrl32\tv0,a0,0x1a"], [WORD, 0], WORD >> 58),
            (&["daddiu\tv0,a0,-1"], [0, 0], u64::MAX),
            // What is calculated with 32 bits is extended by its sign.
            (&["addu\tv0,a0,a1"], [0x7fff_ffff, 1], 0xffff_ffff_8000_0000),
            (&["lui\tv0,0xff7f", "ori\tv0,v0,0xffff"], [0, 0], 0xffff_ffff_ff7f_ffff),
            (&["sll\tv0,a4,0x0", "move\tv0,a0"], [5, 0], 5),
            (&["dext\tv0,a0,0x10,0x7"], [WORD, 0], WORD >> 16 & 0x7f),
        ],
    );
}

#[test]
fn sparc() {
    check(
        Isa::Sparc64,
        "retl|nop",
        &[
            (&["sethi  %hi(0x100000), %g1", "andn  %o0, %g1, %o0"], [0x10_0001, 0], 1),
            (&["sllx  %o0, 0x3a, %o0", "srlx  %o0, 0x2d, %o0"], [0x7f, 0], 0x3f << 13),
            // Downwards the lower half moves.
            (&["srl  %o0, 4, %o0"], [WORD, 0], 0x0765_4321),
            (&["sra  %o0, 4, %o0"], [0x8000_0000, 0], 0xffff_ffff_f800_0000),
            (&["mov  %o0, %g1", "clr  %o0", "movre  %g1, 1, %o0"], [0, 0], 1),
            // `,a`: what is behind is executed only if the branch is taken.
            (&["btst  1, %o0", "be,a   %icc, 100c <x>", "mov  7, %o0"], [1, 0], 1),
            (&["btst  1, %o0", "be,a   %icc, 100c <x>", "mov  7, %o0"], [2, 0], 7),
            (&["cmp  %g0, %o0", "subx  %g0, -1, %o0"], [0, 0], 1),
            (&["orcc  %o0, %o1, %g0", "be  %xcc, 100c <x>", "mov  7, %o0"], [0, 1], 7),
            (&["clr  %o1", "orcc  %o0, %g0, %g0", "be,a   %xcc, 1010 <x>", "mov  7, %o1", "mov  %o1, %o0"], [1, 0], 0),
            (&["cmp  %o0, %o1", "bne  %xcc, 100c <x>", "mov  7, %o0"], [1 << 32, 0], 7),
        ],
    );
    check(
        Isa::Sparc,
        "retl|nop",
        &[
            (&["cmp  %g0, %o0", "subx  %g0, -1, %o0"], [4, 0], 0),
            (&["and  %o0, 3, %o0", "xor  %o0, 2, %o0"], [6, 0], 0),
            (&["orn  %g0, %o0, %o0"], [0, 0], 0xffff_ffff),
        ],
    );
}

#[test]
fn arm() {
    check(
        Isa::Arm,
        "bx\tlr",
        &[
            (&["and\tr0, r0, #31", "orr\tr0, r0, r1, lsl #9"], [0xff, 1], 0x21f),
            (&["ubfx\tr0, r0, #2, #5"], [0xff, 0], 0x1f),
            (&["movw\tr0, #65535\t@ 0xffff", "movt\tr0, #1"], [0, 0], 0x1_ffff),
            (&["bic\tr0, r0, #4"], [7, 0], 3),
            (&["clz\tr0, r0", "lsr\tr0, r0, #5"], [0, 0], 1),
            (&["tst\tr0, #1", "moveq\tr0, #7", "movne\tr0, #9"], [2, 0], 7),
            (&["cmp\tr0, r1", "movcs\tr0, r1"], [3, 2], 2),
            (&["rsbs\tr0, r0, #1", "movcc\tr0, #0"], [2, 0], 0),
            (&["subs\tr0, r0, #1", "sbc\tr0, r1, #0"], [0, 5], 4),
            (&["push\t{r4, lr}", "mov\tr4, r0", "add\tr0, r4, r4", "pop\t{r4, pc}"], [4, 0], 8),
            (&["str\tr0, [sp, #-4]!", "ldr\tr0, [sp], #4"], [4, 0], 4),
            (&["bfi\tr0, r1, #8, #4"], [0xff, 0xa], 0xaff),
            (&["cmp\tr0, #0", "bxeq\tlr", "mov\tr0, #1"], [5, 0], 1),
            (&["mvn\tr0, r0, lsr #1"], [2, 0], 0xffff_fffe),
        ],
    );
}

#[test]
fn loongarch64() {
    check(
        Isa::Loongarch64,
        "ret",
        &[
            (&["slli.d\t$a1, $a1, 24", "bstrins.d\t$a1, $a0, 21, 16", "move\t$a0, $a1"], [0x7f, 1], 0x13f_0000),
            (&["bstrpick.d\t$a0, $a0, 22, 16"], [WORD, 0], WORD >> 16 & 0x7f),
            (&["bstrins.d\t$a0, $zero, 6, 6", "sltui\t$a0, $a0, 1"], [64, 0], 1),
            (&["andi\t$a0, $a0, 1152", "sltu\t$a0, $zero, $a0"], [128, 0], 1),
            (&["lu12i.w\t$a1, -2049", "ori\t$a1, $a1, 4095", "and\t$a0, $a0, $a1"], [u64::MAX, 0], !0x80_0000),
            (&["lu12i.w\t$a0, -1", "lu32i.d\t$a0, 1"], [0, 0], 0x0000_0001_ffff_f000),
            (&["lu52i.d\t$a0, $zero, 1"], [0, 0], 1 << 52),
            (&["beqz\t$a0, 8", "addi.d\t$a0, $a0, -1"], [5, 0], 4),
            (&["masknez\t$a0, $a0, $a1"], [5, 0], 5),
            (&["maskeqz\t$a0, $a0, $a1"], [5, 0], 0),
        ],
    );
}

#[test]
fn ppc_and_riscv_with_32_bits() {
    check(
        Isa::Ppc,
        "blr",
        &[
            (&["rlwinm  r4,r4,5,1,26", "clrlwi  r3,r3,27", "or      r3,r3,r4"], [0x3f, 1], 0x3f),
            (&["rlwinm  r3,r3,0,31,29"], [0xffff_ffff, 0], 0xffff_fffd),
            (&["cntlzw  r3,r3", "srwi    r3,r3,5"], [0, 0], 1),
            (&["lis     r3,-1"], [0, 0], 0xffff_0000),
            (&["addic   r9,r3,-1", "subfe   r3,r9,r3"], [5, 0], 1),
        ],
    );
    check(
        Isa::Riscv32,
        "ret",
        &[
            (&["sll\ta0,a0,0x1b", "srl\ta0,a0,0x14"], [0x1f, 0], 0x1f << 7),
            (&["lui\ta5,0xfffff", "and\ta0,a0,a5"], [0xffff_ffff, 0], 0xffff_f000),
            (&["add\tsp,sp,-16", "sw\ts0,12(sp)", "lw\ts0,12(sp)", "add\tsp,sp,16"], [5, 0], 5),
            (&["not\ta0,a0"], [0, 0], 0xffff_ffff),
            (&["bltz\ta0,1008 <x>", "li\ta0,7"], [0x8000_0000, 0], 0x8000_0000),
        ],
    );
}

#[test]
fn m68k() {
    check(
        Isa::M68k,
        "rts",
        &[
            (&["movel %sp@(4),%d0", "bfextu %d0,21,7,%d0"], [0x7f0, 0], 0x7f),
            (&["tstl %sp@(4)", "seq %d0", "extbl %d0", "negl %d0"], [0, 0], 1),
            (&["moveq #5,%d0", "andl %sp@(4),%d0", "sne %d0", "extbl %d0", "negl %d0"], [2, 0], 0),
            (&["movel %sp@(4),%d0", "andiw #-2049,%d0"], [0xffff_ffff, 0], 0xffff_f7ff),
            (
                &["movel %d2,%sp@-", "movel %sp@(8),%d0", "moveq #4,%d2", "lsll %d2,%d0", "movel %sp@+,%d2"],
                [3, 0],
                0x30,
            ),
            (&["movel %sp@(8),%d0", "bclr #7,%d0"], [0, 0xff], 0x7f),
            (&["movel %sp@(4),%d0", "btst #10,%d0", "seq %d0", "extbl %d0"], [0x400, 0], 0),
            (&["movel %sp@(4),%d0", "btst #10,%d0", "seq %d0", "extbl %d0"], [0xffff_fbff, 0], 0xffff_ffff),
            // 4 from either end.
            (&["btst #2,%sp@(6)", "sne %d0", "extbl %d0"], [0x4_0400, 0], 0xffff_ffff),
            (&["movel %sp@(4),%d0", "sle %d0", "extbl %d0"], [0x8000_0000, 0], 0xffff_ffff),
            (&["movel %sp@(4),%d0", "sle %d0", "extbl %d0"], [0, 0], 0xffff_ffff),
            (&["movel %sp@(4),%d0", "sle %d0", "extbl %d0"], [1, 0], 0),
            // Less with a sign, though the difference overflows.
            (&["movel %sp@(4),%d0", "cmpl %sp@(8),%d0", "slt %d0", "extbl %d0"], [0x8000_0000, 1], 0xffff_ffff),
            (&["movel %sp@(4),%d0", "cmpl %sp@(8),%d0", "sge %d0", "extbl %d0"], [1, 0x8000_0000], 0xffff_ffff),
            (&["movel %sp@(4),%d0", "addl %sp@(8),%d0", "slt %d0", "extbl %d0"], [0x7fff_ffff, 1], 0),
            (&["movel %sp@(4),%d0", "negl %d0", "slt %d0", "extbl %d0"], [0x8000_0000, 0], 0),
            // A call comes back behind itself.
            (&["jsr %pc@(100c <x>)", "addql #1,%d0", "rts", "movel %sp@(8),%d0"], [5, 0], 6),
        ],
    );
}

#[test]
fn sh() {
    check(
        Isa::Sh,
        "rts|nop",
        &[
            (&["mov\t#-11,r1", "mov\tr4,r0", "shld\tr1,r0"], [0xffff_ffff, 0], 0x1f_ffff),
            (&["mov\t#5,r1", "mov\tr4,r0", "shld\tr1,r0"], [1, 0], 32),
            (&["tst\tr4,r4", "movt\tr0"], [0, 0], 1),
            (&["mov\tr4,r0", "tst\t#64,r0", "mov\t#-1,r0", "negc\tr0,r0"], [64, 0], 1),
            (&["mov\tr4,r0", "tst\t#64,r0", "mov\t#-1,r0", "negc\tr0,r0"], [0, 0], 0),
            (&["mov\tr4,r0", "tst\tr4,r4", "bt.s\t1014 <x>", "add\t#1,r0", "add\t#2,r0"], [0, 0], 1),
            (&["mov\tr4,r0", "shlr\tr0", "movt\tr0"], [3, 0], 1),
        ],
    );
}

#[test]
fn alpha() {
    check(
        Isa::Alpha,
        "ret",
        &[
            (&["lda\tt0,1", "sll\tt0,0x27,t0", "or\ta0,t0,v0"], [2, 0], 1 << 39 | 2),
            (&["ldah\tv0,-1(zero)"], [0, 0], 0xffff_ffff_ffff_0000),
            (&["cmpeq\ta0,0,v0"], [0, 0], 1),
            (&["zapnot\ta0,0x3,v0"], [WORD, 0], 0x3210),
            (&["addl\ta0,a1,v0"], [0x7fff_ffff, 1], 0xffff_ffff_8000_0000),
            (&["mov\ta0,v0", "cmovne\ta1,7,v0"], [5, 0], 5),
            (&["mov\ta0,v0", "cmovlbs\ta1,7,v0"], [5, 3], 7),
            (&["lda\tsp,-16(sp)", "stq\ta0,8(sp)", "ldq\tv0,8(sp)", "lda\tsp,16(sp)"], [5, 0], 5),
        ],
    );
}

#[test]
fn parisc() {
    check(
        Isa::Parisc,
        "bv r0(rp)|nop",
        &[
            (&["extrw,u r26,21,22,ret0"], [0xffff_fc00, 0], 0x3f_ffff),
            (&["depw,z r26,26,3,ret0"], [0xf, 0], 7 << 5),
            (&["copy r26,ret0", "depwi -1,23,1,ret0"], [0, 0], 0x100),
            // Numbers are hexadecimal.
            (&["ldi 10,ret0"], [0, 0], 16),
            // What is behind is passed over where the condition holds.
            (&["cmpiclr,<> 0,r26,ret0", "ldi 1,ret0"], [0, 0], 1),
            (&["cmpiclr,<> 0,r26,ret0", "ldi 1,ret0"], [5, 0], 0),
            (&["stw,ma r26,40(sp)", "ldw,mb -40(sp),ret0"], [6, 0], 6),
            (&["ldi 9,ret0", "cmpib,=,n 0,r26,100c <x>", "ldi 1,ret0"], [0, 0], 9),
            // So is the bit of a branch on one: 0x16 from the top.
            (&["ldi 9,ret0", "bb,<,n r26,16,100c <x>", "ldi 1,ret0"], [0x200, 0], 9),
            (&["ldi 9,ret0", "bb,<,n r26,16,100c <x>", "ldi 1,ret0"], [!0x200, 0], 1),
            (&["ldi 9,ret0", "bb,>=,n r26,16,100c <x>", "ldi 1,ret0"], [0x200, 0], 1),
            (&["ldi 9,ret0", "bb,>=,n r26,16,100c <x>", "ldi 1,ret0"], [!0x200, 0], 9),
            (&["ldi 9,ret0", "bb,< r26,16,100c <x>", "ldi 1,ret0"], [0x200, 0], 1),
        ],
    );
}

#[test]
fn openrisc() {
    check(
        Isa::Openrisc,
        "l.jr r9|l.nop",
        &[
            (&["l.movhi r11,0x8000", "l.srai r11,r11,0x4"], [0, 0], 0xf800_0000),
            (&["l.addi r11,r3,-1"], [0, 0], 0xffff_ffff),
            (&["l.xori r11,r3,-1"], [0, 0], 0xffff_ffff),
            (&["l.andi r11,r3,0xffff"], [0xffff_ffff, 0], 0xffff),
            (&["l.sfeqi r3,0", "l.bf 1010 <x>", "l.ori r11,r0,0x1", "l.movhi r11,0x0"], [0, 0], 1),
            (&["l.sfeqi r3,0", "l.bf 1010 <x>", "l.ori r11,r0,0x1", "l.movhi r11,0x0"], [3, 0], 0),
            (&["l.addi r1,r1,-8", "l.sw 4(r1),r3", "l.lwz r11,4(r1)", "l.addi r1,r1,8"], [6, 0], 6),
        ],
    );
}

#[test]
fn xtensa() {
    check(
        Isa::Xtensa,
        "ret.n",
        &[
            (&["extui\ta2, a2, 4, 5"], [0x1ff, 0], 0x1f),
            (&["movi.n\ta4, -1", "xor\ta2, a2, a4"], [1, 0], 0xffff_fffe),
            (&["beqz.n\ta2, 1008 (5)", "movi\ta2, 7"], [0, 0], 0),
            (&["ssai\t8", "src\ta2, a2, a3"], [1, 0x200], 0x0100_0002),
            (&["beqz.n\ta2, 1008 <x>", "movi\ta2, 7"], [5, 0], 7),
            (&["movi.n\ta4, 1", "moveqz\ta4, a2, a3", "mov.n\ta2, a4"], [9, 0], 9),
            (&["addi.n\ta2, a2, -1"], [0, 0], 0xffff_ffff),
            (&["nsau\ta2, a2", "srli\ta2, a2, 5"], [0, 0], 1),
        ],
    );
}

/// A number that is wider than a register comes and goes in two: the half that is first in memory first.
#[test]
fn a_wide_number_is_two_registers() {
    let bits = Bits::new();
    let word = number(WORD, 64);
    let ends = listing(Isa::Arm, &["bx\tlr"]).run(&bits, &Image::default(), 0x1000, false, &[word]).unwrap();
    let halves = ends[0].results.clone().map(|half| known(&half.word(&bits)));
    assert_eq!(halves, [Some(0x7654_3210), Some(0xfedc_ba98)]);
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
        (Isa::Ppc64, &["ld      r3,0(r3)", "blr"], "which is neither the stack nor a constant"),
        (Isa::Ppc64, &["li      r31,0", "blr"], "returns with another register 31"),
        (Isa::Riscv64, &["ld\ta0,0(a0)", "ret"], "which is neither the stack nor a constant"),
        (Isa::Riscv64, &["add\tsp,sp,-16", "ret"], "returns with another register 2"),
        (Isa::Riscv64, &["sd\ta0,8(sp)", "ret"], "which is not its own"),
        (Isa::Mips, &["jal\t1000 <x>", "nop"], "jal 1000: "),
        (Isa::Mips, &["jr\tt9", "nop"], "is not known here"),
        (Isa::Mips, &["b\t1000 <x>", "jr\tra", "nop"], "has a branch behind a branch"),
        (Isa::Mips, &["move\ts0,a0", "jr\tra", "nop"], "returns with another register 16"),
        (Isa::Mips, &["lw\tv0,0(a0)", "jr\tra", "nop"], "which is neither the stack nor a constant"),
        (Isa::Sparc64, &["save  %sp, -176, %sp", "retl", "nop"], "is not known here"),
        (Isa::Arm, &["bl\t1000 <x>", "bx\tlr"], "is not known here"),
        (Isa::Arm, &["mov\tlr, r0", "bx\tlr"], "returns to where is not known"),
        (Isa::Arm, &["ldrex\tr0, [r0]", "bx\tlr"], "is not known here"),
        (Isa::Arm, &["movne\tr0, #1", "bx\tlr"], "which nothing has set"),
        (Isa::Loongarch64, &["move\t$ra, $a0", "ret"], "returns with another register 1"),
        (Isa::M68k, &["movel %d0,%sp@(8)", "rts"], "which is not its own"),
        (Isa::M68k, &["movel %d0,%sp@-", "rts"], "returns to where is not known"),
        (Isa::Sh, &["mov\tr4,r8", "rts", "nop"], "returns with another register 8"),
        (Isa::Alpha, &["ldq\tv0,0(a0)", "ret"], "which is neither the stack nor a constant"),
        (Isa::Parisc, &["ldi 1,r3", "bv r0(rp)", "nop"], "returns with another register 3"),
        (Isa::Openrisc, &["l.jal 1000 <x>", "l.nop"], "is not known here"),
        (Isa::Xtensa, &["call0\t1000", "ret.n"], "is not known here"),
        (Isa::Xtensa, &["mov.n\ta12, a2", "ret.n"], "returns with another register 12"),
        (Isa::S390, &["lg\t%r2,0(%r2)", "br\t%r14"], "which is no constant"),
        (Isa::S390, &["lghi\t%r14,0", "br\t%r14"], "returns with another register 14"),
        (Isa::S390, &["j\t5000 <x>"], "where no code is"),
    ] {
        let bits = Bits::new();
        let listing = listing(isa, lines);
        let arguments = [Block::Input, Block::Second].map(|block| resized(&bits.block(block), listing.width()));
        let ends = listing.run(&bits, &Image::default(), 0x1000, false, &arguments);
        let stuck = ends.unwrap_err().to_string();
        assert!(stuck.contains(words), "{lines:?}: {stuck}");
    }
}
