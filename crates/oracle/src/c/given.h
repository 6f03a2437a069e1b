/* What the rest of the kernel would give the headers: each is what it is before boot, or lets everything through. */
#if defined(CONFIG_X86_64) && !defined(CONFIG_UML)
/* Processor features are looked up here until the kernel has patched the code: a processor that has none of them. */
struct cpuinfo_x86 boot_cpu_data;
/* The bits that this processor lets a PTE have: all. pgprot_t values go through it. */
pteval_t __supported_pte_mask = ~0UL;
#endif
#if defined(CONFIG_X86_64) && !defined(CONFIG_UML)
/* Memory encryption, which no machine that has not asked its processor does: no bit of a word is for it. */
#ifdef CONFIG_ARCH_HAS_CC_PLATFORM
u64 cc_mask;
#endif
#ifdef CONFIG_AMD_MEM_ENCRYPT
u64 sme_me_mask;
#endif
#ifdef CONFIG_DYNAMIC_PHYSICAL_MASK
phys_addr_t physical_mask = (1ULL << __PHYSICAL_MASK_SHIFT) - 1;
#endif
#endif
#if defined(CONFIG_ARM64)
/* Whether the kernel hides itself from user space (KPTI), which gives its own mappings another bit. */
bool arm64_use_ng_mappings;
#endif
#if defined(CONFIG_S390)
/* What this machine lets a protection be: it can forbid execution. */
unsigned long page_noexec_mask = ~0UL;
#endif
#if defined(CONFIG_X86_32) && !defined(CONFIG_UML)
struct cpuinfo_x86 boot_cpu_data;
pteval_t __supported_pte_mask = ~0;
#endif
#if defined(CONFIG_ARM)
/* The memory type that this processor wants: none is a bit of a swap PTE. */
pgprot_t pgprot_user, pgprot_kernel;
#endif
#if defined(CONFIG_M68K) && defined(CONFIG_MMU_MOTOROLA)
unsigned long mm_cachebits;
#endif
#if defined(CONFIG_HEXAGON)
unsigned long _dflt_cache_att = CACHEDEF;
#endif
#if defined(CONFIG_MIPS)
/* How this processor caches: none is a bit of a swap PTE. */
unsigned long _page_cachable_default;
#endif
