/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* swapent: what a non-present page-table word says, as a command of crash. `cargo xtask c` builds it where crash's
 * header is (Debian: package crash); in crash, `extend target/c/lib/swapent.so`. */
#include <defs.h>

#include "swp_pte.h"

static void cmd_swapent(void);
static char *help_swapent[];

static struct command_table_entry command_table[] = {
	{ "swapent", cmd_swapent, help_swapent, 0 },
	{ NULL, NULL, NULL, 0 },
};

/* The kernel of this session; asked once. */
static swp_pte_kernel kernel;
static swp_pte_status found;

/* The variant of the machine that crash was built for. */
static const char *variant(void)
{
	if (machine_type("X86_64"))
		return "x86_64";
	if (machine_type("ARM64"))
		return "arm64";
	if (machine_type("S390X"))
		return "s390";
	if (machine_type("RISCV64"))
		return "riscv-rv64";
	if (machine_type("LOONGARCH64"))
		return "loongarch64";
	if (machine_type("PPC64"))
		return PAGESIZE() == 65536 ? "ppc-book3s64-64k" : "ppc-book3s64-4k";
	return NULL;
}

static void __attribute__((constructor)) swapent_init(void)
{
	const char *name = variant();
	uint32_t bit;

	if (!name) {
		error(INFO, "swapent: %s is not a machine that it knows\n", pc->machine_type);
		return;
	}
	found = swp_pte_find(name, kt->utsname.release, NULL, &kernel);
	if (found != SWP_PTE_STATUS_OK) {
		error(INFO, "swapent: %s %s: %s\n", name, kt->utsname.release, swp_pte_message(found));
		return;
	}
	for (bit = 1; bit; bit <<= 1)
		if (kernel.assumed & bit)
			error(INFO, "swapent: %s: %s\n", kt->utsname.release, swp_pte_assumed_message(bit));
	register_extension(command_table);
}

static void print_marker(const swp_pte_entry *entry, const swp_pte_facts *facts, uint32_t marker, const char *name)
{
	if (facts->markers[marker])
		fprintf(fp, "  %s: %s", name, entry->markers >> marker & 1 ? "yes" : "no");
}

static void print_word(uint64_t word)
{
	swp_pte_entry entry;
	swp_pte_facts facts;
	swp_pte_softleaf leaf;
	swp_pte_status status = swp_pte_decode(kernel.layout, word, &entry);

	fprintf(fp, "%#llx  ", (unsigned long long)word);
	if (status == SWP_PTE_STATUS_OK)
		status = swp_pte_layout_facts(kernel.layout, &facts);
	if (status == SWP_PTE_STATUS_OK)
		status = swp_pte_name_entry(&kernel, entry, &leaf);
	if (status != SWP_PTE_STATUS_OK) {
		fprintf(fp, "%s\n", swp_pte_message(status));
		return;
	}
	fprintf(fp, "%s  ", swp_pte_meaning_name(leaf.meaning));
	if (leaf.meaning == SWP_PTE_MEANING_SWAP)
		fprintf(fp, "swap file %u  offset %#llx", entry.type_, (unsigned long long)entry.offset);
	else if (leaf.meaning == SWP_PTE_MEANING_MARKER)
		fprintf(fp, "flags %#llx", (unsigned long long)leaf.marker_flags);
	else if (leaf.pfn)
		fprintf(fp, "type %u  pfn %#llx", entry.type_, (unsigned long long)leaf.pfn);
	else
		fprintf(fp, "type %u  offset %#llx", entry.type_, (unsigned long long)entry.offset);
	print_marker(&entry, &facts, SWP_PTE_MARKER_EXCLUSIVE, "exclusive");
	print_marker(&entry, &facts, SWP_PTE_MARKER_SOFT_DIRTY, "soft-dirty");
	print_marker(&entry, &facts, SWP_PTE_MARKER_UFFD_WP, "uffd-wp");
	if (entry.stray)
		fprintf(fp, "  stray bits %#llx", (unsigned long long)entry.stray);
	fprintf(fp, "\n");
}

static void cmd_swapent(void)
{
	int words = FALSE, c;

	while ((c = getopt(argcnt, args, "w")) != EOF) {
		if (c == 'w')
			words = TRUE;
		else
			argerrs++;
	}
	if (argerrs || !args[optind])
		cmd_usage(pc->curcmd, SYNOPSIS);

	for (; args[optind]; optind++) {
		physaddr_t paddr = 0;
		ulong value = htol(args[optind], FAULT_ON_ERROR, NULL);

		if (words) {
			print_word(value);
			continue;
		}
		if (!CURRENT_CONTEXT())
			error(FATAL, "no current context: set one, or give words with -w\n");
		fprintf(fp, "%016lx  ", value);
		/* Of a page that is not present crash hands out the word in place of the address. */
		if (uvtop(CURRENT_CONTEXT(), value, &paddr, 0))
			fprintf(fp, "present, at %#llx\n", (unsigned long long)paddr);
		else if (paddr)
			print_word(paddr);
		else
			fprintf(fp, "no word: nothing is mapped, or crash does not hand it out on this machine\n");
	}
}

static char *help_swapent[] = {
	"swapent",
	"what a non-present page-table word says",
	"vaddr ... | -w word ...",
	"  Names the entry of each virtual address of the current context, or of each",
	"  word: swap file and offset, or what else it is, with the markers that this",
	"  kernel has.",
	"\nEXAMPLE",
	"    %s> set 128",
	"    %s> swapent 123456789000",
	NULL
};
