/* What our C files include of the kernel, and the few definitions that its headers expect from the rest of it. */
#include <linux/version.h>
#ifdef ORACLE_SVRSW60T59B
/* A hart that has the extension: at boot the kernel patches this question to yes, here the compiler does. */
#include <linux/types.h>
#include <linux/stddef.h>
#include <asm/cpufeature-macros.h>
#define riscv_has_extension_unlikely(extension) ((extension) == RISCV_ISA_EXT_SVRSW60T59B)
#endif
/* arch/powerpc/Makefile of 5.10 defines it from asm-offsets.h, too late for the command that compiles asm-offsets. Where
   the number of the processor lies in a task does not matter to anything that is asked here. */
#if defined(CONFIG_PPC32) && defined(CONFIG_SMP) && !defined(_TASK_CPU)
#define _TASK_CPU 0
#endif

#include <linux/mm.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#if __has_include(<linux/leafops.h>)
#include <linux/leafops.h>
#endif
