/*
 * The system calls of the machine that runs the program, which a compiler that stands in makes another one than the
 * kernel's: RUNS_ON_... says which, see machines.rs. A number and three arguments; a negative answer is an error.
 */
#define ORACLE notrace noinline __attribute__((used))
#define INSIDE notrace __always_inline

static INSIDE long call(long number, long a, long b, long c)
{
#if defined(RUNS_ON_X86_64)
	long result;
	asm volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
	return result;
#elif defined(RUNS_ON_I386)
	long result;
	asm volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory");
	return result;
#elif defined(RUNS_ON_ARM64)
	register long x8 asm("x8") = number, x0 asm("x0") = a, x1 asm("x1") = b, x2 asm("x2") = c;
	asm volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
	return x0;
#elif defined(RUNS_ON_ARM)
	register long r7 asm("r7") = number, r0 asm("r0") = a, r1 asm("r1") = b, r2 asm("r2") = c;
	asm volatile("svc 0" : "+r"(r0) : "r"(r7), "r"(r1), "r"(r2) : "memory");
	return r0;
#elif defined(RUNS_ON_S390)
	register long r1 asm("1") = number, r2 asm("2") = a, r3 asm("3") = b, r4 asm("4") = c;
	asm volatile("svc 0" : "+d"(r2) : "d"(r1), "d"(r3), "d"(r4) : "memory", "cc");
	return r2;
#elif defined(RUNS_ON_PPC)
	register long r0 asm("r0") = number, r3 asm("r3") = a, r4 asm("r4") = b, r5 asm("r5") = c;
	/* The summary overflow bit says that r3 is an error number. */
	asm volatile("sc\n\tbns+ 1f\n\tneg %1, %1\n1:"
		     : "+r"(r0), "+r"(r3), "+r"(r4), "+r"(r5)
		     : : "r6", "r7", "r8", "r9", "r10", "r11", "r12", "ctr", "cr0", "memory");
	return r3;
#elif defined(RUNS_ON_RISCV)
	register long a7 asm("a7") = number, a0 asm("a0") = a, a1 asm("a1") = b, a2 asm("a2") = c;
	asm volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2) : "memory");
	return a0;
#elif defined(RUNS_ON_LOONGARCH)
	register long a7 asm("$r11") = number, a0 asm("$r4") = a, a1 asm("$r5") = b, a2 asm("$r6") = c;
	asm volatile("syscall 0" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2)
		     : "$r12", "$r13", "$r14", "$r15", "$r16", "$r17", "$r18", "$r19", "$r20", "memory");
	return a0;
#elif defined(RUNS_ON_MIPS)
	register long v0 asm("$2") = number, a0 asm("$4") = a, a1 asm("$5") = b, a2 asm("$6") = c, a3 asm("$7");
	asm volatile("syscall" : "+r"(v0), "=r"(a3) : "r"(a0), "r"(a1), "r"(a2)
		     : "$1", "$3", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$24", "$25", "memory");
	return a3 ? -1 : v0;
#elif defined(RUNS_ON_SPARC64) || defined(RUNS_ON_SPARC)
	register long g1 asm("g1") = number, o0 asm("o0") = a, o1 asm("o1") = b, o2 asm("o2") = c;
#ifdef RUNS_ON_SPARC64
	asm volatile("ta 0x6d\n\tbcc,pt %%xcc, 1f\n\tnop\n\tmov -1, %0\n1:"
#else
	asm volatile("ta 0x10\n\tbcc 1f\n\tnop\n\tmov -1, %0\n1:"
#endif
		     : "+r"(o0) : "r"(g1), "r"(o1), "r"(o2) : "cc", "memory");
	return o0;
#elif defined(RUNS_ON_M68K)
	register long d0 asm("d0") = number, d1 asm("d1") = a, d2 asm("d2") = b, d3 asm("d3") = c;
	asm volatile("trap #0" : "+d"(d0) : "d"(d1), "d"(d2), "d"(d3) : "memory");
	return d0;
#elif defined(RUNS_ON_ALPHA)
	register long v0 asm("$0") = number, a0 asm("$16") = a, a1 asm("$17") = b, a2 asm("$18") = c, a3 asm("$19");
	asm volatile("callsys" : "+r"(v0), "=r"(a3), "+r"(a0), "+r"(a1), "+r"(a2)
		     : : "$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$20", "$21", "$22", "$23", "$24", "$25", "$27", "$28",
		     "memory");
	return a3 ? -1 : v0;
#elif defined(RUNS_ON_SH)
	register long r3 asm("r3") = number, r4 asm("r4") = a, r5 asm("r5") = b, r6 asm("r6") = c, r0 asm("r0");
	asm volatile("trapa #0x13" : "=z"(r0) : "r"(r3), "r"(r4), "r"(r5), "r"(r6) : "memory", "t");
	return r0;
#elif defined(RUNS_ON_HPPA)
	register long r20 asm("r20") = number, r26 asm("r26") = a, r25 asm("r25") = b, r24 asm("r24") = c, r28 asm("r28");
	asm volatile("ble 0x100(%%sr2, %%r0)\n\tcopy %1, %%r20"
		     : "=r"(r28), "+r"(r20), "+r"(r26), "+r"(r25), "+r"(r24)
		     : : "r1", "r2", "r19", "r21", "r22", "r23", "r29", "r31", "memory");
	return r28;
#elif defined(RUNS_ON_OPENRISC)
	register long r11 asm("r11") = number, r3 asm("r3") = a, r4 asm("r4") = b, r5 asm("r5") = c;
	asm volatile("l.sys 1\n\tl.nop" : "+r"(r11) : "r"(r3), "r"(r4), "r"(r5)
		     : "r6", "r7", "r8", "r12", "r13", "r15", "r17", "r19", "r21", "r23", "r25", "r27", "r29", "r31", "memory");
	return r11;
#elif defined(RUNS_ON_HEXAGON)
	register long r6 asm("r6") = number, r0 asm("r0") = a, r1 asm("r1") = b, r2 asm("r2") = c;
	asm volatile("trap0(#1)" : "+r"(r0) : "r"(r6), "r"(r1), "r"(r2) : "memory");
	return r0;
#elif defined(RUNS_ON_XTENSA)
	register long a2 asm("a2") = number, a6 asm("a6") = a, a3 asm("a3") = b, a4 asm("a4") = c;
	asm volatile("syscall" : "+r"(a2) : "r"(a6), "r"(a3), "r"(a4) : "memory");
	return a2;
#else
#error "no system call known for this machine"
#endif
}

#if defined(RUNS_ON_X86_64)
enum { CALL_READ = 0, CALL_WRITE = 1, CALL_EXIT = 60 };
#elif defined(RUNS_ON_ARM64) || defined(RUNS_ON_RISCV) || defined(RUNS_ON_LOONGARCH) || defined(RUNS_ON_OPENRISC) || \
	defined(RUNS_ON_HEXAGON)
enum { CALL_READ = 63, CALL_WRITE = 64, CALL_EXIT = 93 };
#elif defined(RUNS_ON_MIPS) && defined(CONFIG_64BIT)
enum { CALL_READ = 5000, CALL_WRITE = 5001, CALL_EXIT = 5058 };
#elif defined(RUNS_ON_XTENSA)
enum { CALL_READ = 12, CALL_WRITE = 13, CALL_EXIT = 118 };
#elif defined(RUNS_ON_MIPS)
enum { CALL_READ = 4003, CALL_WRITE = 4004, CALL_EXIT = 4001 };
#else
enum { CALL_READ = 3, CALL_WRITE = 4, CALL_EXIT = 1 };
#endif

/* Where a program begins: what a C library's start would set up first, on machines where compiled code expects it. */
#if defined(RUNS_ON_ALPHA)
asm(".globl oracle_begin\n.ent oracle_begin\noracle_begin:\n\tbr $27, 1f\n1:\tldgp $29, 0($27)\n"
    "\tlda $27, oracle_start\n\tjsr $26, ($27), oracle_start\n.end oracle_begin");
#elif defined(RUNS_ON_HPPA)
asm(".import $global$, data\n.globl oracle_begin\noracle_begin:\n"
    "\tldil L%$global$, %r27\n\tldo R%$global$(%r27), %r27\n\tbl oracle_start, %r2\n\tnop");
#else
asm(".globl oracle_begin\n.set oracle_begin, oracle_start");
#endif
