/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Linux swap page-table entries. Made by `cargo xtask c` from bindings/c/src: not to be edited. */

#ifndef SWP_PTE_H
#define SWP_PTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What a function says. 0 is success; nothing is written otherwise.
typedef uint32_t swp_pte_status;
enum {
    // It went well.
    SWP_PTE_STATUS_OK = 0,
    // A pointer that must not be null is.
    SWP_PTE_STATUS_NULL_POINTER = 1,
    // A layout that no function of this library gave.
    SWP_PTE_STATUS_BAD_LAYOUT = 2,
    // A number that is none of its enumeration.
    SWP_PTE_STATUS_BAD_ARGUMENT = 3,
    // A text that is longer than 255 bytes, or not UTF-8.
    SWP_PTE_STATUS_BAD_TEXT = 4,
    // A buffer whose size is no whole number of words, or whose columns overlap it.
    SWP_PTE_STATUS_BAD_BUFFER = 5,
    // No variant of this name.
    SWP_PTE_STATUS_UNKNOWN_VARIANT = 6,
    // The text is no kernel release.
    SWP_PTE_STATUS_NOT_A_RELEASE = 7,
    // The kernel is older than the record of this variant.
    SWP_PTE_STATUS_TOO_OLD = 8,
    // The kernel no longer has this variant.
    SWP_PTE_STATUS_REMOVED = 9,
    // The layout changed around this kernel, and on which side it lies is not known.
    SWP_PTE_STATUS_UNCERTAIN = 10,
    // The swap type does not fit.
    SWP_PTE_STATUS_TYPE_OUT_OF_RANGE = 11,
    // The swap offset does not fit.
    SWP_PTE_STATUS_OFFSET_OUT_OF_RANGE = 12,
    // The kernel's encoder drops upper bits of the swap type.
    SWP_PTE_STATUS_TYPE_LOST = 13,
    // The entry encodes to a word that reads as present.
    SWP_PTE_STATUS_ENCODES_TO_PRESENT = 14,
    // The entry encodes to the word that means no page.
    SWP_PTE_STATUS_ENCODES_TO_NONE = 15,
    // The entry encodes to a word that reads as none all the same.
    SWP_PTE_STATUS_IGNORED_BY_NONE = 16,
    // The word is none: no page is here.
    SWP_PTE_STATUS_NONE = 17,
    // The word is present: it maps a page.
    SWP_PTE_STATUS_PRESENT = 18,
    // The word has bits above the width of the layout.
    SWP_PTE_STATUS_WORD_TOO_WIDE = 19,
    // The layout does not have this marker.
    SWP_PTE_STATUS_NO_MARKER = 20,
    // An error that is newer than this header.
    SWP_PTE_STATUS_OTHER = 21,
};

// What a word is.
typedef uint32_t swp_pte_kind;
enum {
    // `pte_none()`: no page is here.
    SWP_PTE_KIND_NONE = 0,
    // `pte_present()`: it maps a page.
    SWP_PTE_KIND_PRESENT = 1,
    // Neither: a swap entry or another of the kernel's non-present entries.
    SWP_PTE_KIND_SWAP = 2,
};

// The order of a word's bytes in memory.
typedef uint32_t swp_pte_byte_order;
enum {
    // Least significant byte first.
    SWP_PTE_BYTE_ORDER_LITTLE = 0,
    // Most significant byte first.
    SWP_PTE_BYTE_ORDER_BIG = 1,
    // As the layout's machine keeps it.
    SWP_PTE_BYTE_ORDER_MACHINE = 2,
};

// A marker of a swap PTE.
typedef uint32_t swp_pte_marker;
enum {
    // The exclusive marker, `pte_swp_exclusive()`: the page belongs to one process alone.
    SWP_PTE_MARKER_EXCLUSIVE = 0,
    // `pte_swp_soft_dirty()`.
    SWP_PTE_MARKER_SOFT_DIRTY = 1,
    // `pte_swp_uffd_wp()`: write-protected by userfaultfd.
    SWP_PTE_MARKER_UFFD_WP = 2,
};

// What a swap type means; the kernel's newer name for them all is softleaf.
typedef uint8_t swp_pte_meaning;
enum {
    // The index of a swap file.
    SWP_PTE_MEANING_SWAP = 0,
    // `SWP_HWPOISON`.
    SWP_PTE_MEANING_HWPOISON = 1,
    // `SWP_MIGRATION_READ`.
    SWP_PTE_MEANING_MIGRATION_READ = 2,
    // `SWP_MIGRATION_READ_EXCLUSIVE`.
    SWP_PTE_MEANING_MIGRATION_READ_EXCLUSIVE = 3,
    // `SWP_MIGRATION_WRITE`.
    SWP_PTE_MEANING_MIGRATION_WRITE = 4,
    // `SWP_DEVICE_WRITE`.
    SWP_PTE_MEANING_DEVICE_PRIVATE_WRITE = 5,
    // `SWP_DEVICE_READ`.
    SWP_PTE_MEANING_DEVICE_PRIVATE_READ = 6,
    // `SWP_DEVICE_EXCLUSIVE_WRITE`.
    SWP_PTE_MEANING_DEVICE_EXCLUSIVE_WRITE = 7,
    // `SWP_DEVICE_EXCLUSIVE_READ`.
    SWP_PTE_MEANING_DEVICE_EXCLUSIVE_READ = 8,
    // `SWP_DEVICE_EXCLUSIVE`.
    SWP_PTE_MEANING_DEVICE_EXCLUSIVE = 9,
    // `SWP_PTE_MARKER`: a note about the address, no page.
    SWP_PTE_MEANING_MARKER = 10,
    // `SWP_SWAPIN_ERROR`.
    SWP_PTE_MEANING_SWAPIN_ERROR = 11,
    // `SWP_USERSWAP_ENTRY` of openEuler.
    SWP_PTE_MEANING_USERSWAP = 12,
    // One of several, and it is not known which.
    SWP_PTE_MEANING_UNNAMED = 13,
};

// An option of the kernel's configuration that moves swap types: a bit of `swp_pte_build`.
typedef uint32_t swp_pte_option;
enum {
    // `CONFIG_MEMORY_FAILURE`.
    SWP_PTE_OPTION_MEMORY_FAILURE = 1,
    // `CONFIG_MIGRATION`.
    SWP_PTE_OPTION_MIGRATION = 2,
    // `CONFIG_DEVICE_PRIVATE`.
    SWP_PTE_OPTION_DEVICE_PRIVATE = 4,
    // `CONFIG_PTE_MARKER`, of 5.19 to 6.1.
    SWP_PTE_OPTION_PTE_MARKER = 8,
    // `CONFIG_USERSWAP`, of openEuler.
    SWP_PTE_OPTION_USERSWAP = 16,
};

// How well a fact is known.
typedef uint32_t swp_pte_grade;
enum {
    // The kernel's own headers were compiled and asked.
    SWP_PTE_GRADE_MEASURED = 0,
    // Words were taken out of a running kernel.
    SWP_PTE_GRADE_CAPTURED = 1,
    // The header was read.
    SWP_PTE_GRADE_READ = 2,
    // A changelog says so.
    SWP_PTE_GRADE_CHANGELOG = 3,
};

// What was assumed of a release, as bits.
typedef uint32_t swp_pte_assumed;
enum {
    // The vendor's kernels of this series are not in the record: upstream's are taken.
    SWP_PTE_ASSUMED_VENDOR = 1,
    // The vendor's numbering of types is not: upstream's is taken.
    SWP_PTE_ASSUMED_TYPES = 2,
    // The build is not given: the latest is taken.
    SWP_PTE_ASSUMED_BUILD = 4,
    // The record begins with a later build of this vendor.
    SWP_PTE_ASSUMED_EARLIER = 8,
    // The record ends with an earlier build of this vendor.
    SWP_PTE_ASSUMED_LATER = 16,
    // The third number is not given: it is taken to be updated.
    SWP_PTE_ASSUMED_STABLE = 32,
    // The kernel is newer than every one measured.
    SWP_PTE_ASSUMED_NEWER = 64,
    // It has `PG_anon_exclusive`, which its version does not.
    SWP_PTE_ASSUMED_MARKERS = 128,
    // Commits on the way to a release with another layout.
    SWP_PTE_ASSUMED_TOWARDS = 256,
    // Something that is newer than this header.
    SWP_PTE_ASSUMED_OTHER = 512,
};

// A layout: a number that this library gave. 0 is none.
typedef struct {
    // Which; it means nothing outside this process.
    uint32_t id;
} swp_pte_layout;

// Where the answers go: each column is null, or has room for one answer a word.
typedef struct {
    // What each word is, a `swp_pte_kind`; 255 for a word that reads as swap and holds what no encoder writes.
    uint8_t *kind;
    // Its swap type; 0 where it is no swap PTE.
    uint8_t *type_;
    // Its markers, as in `swp_pte_entry`; 0 where it is no swap PTE.
    uint8_t *markers;
    // Its offset in pages; 0 where it is no swap PTE.
    uint64_t *offset;
} swp_pte_columns;

// How a kernel was built, as far as it is known; what is not said is taken for all that the kernel can have.
typedef struct {
    // Options that are on, `swp_pte_option` joined.
    uint32_t on;
    // Options that are off.
    uint32_t off;
    // `SWP_PFN_BITS`; 0 where it is not known.
    uint32_t pfn_bits;
} swp_pte_build;

// What a kernel has.
typedef struct {
    // What its encoders know as `PTE_MARKER_MASK`.
    uint64_t marker_mask;
    // The layout of its swap PTEs.
    swp_pte_layout layout;
    // That of the level above, where it can be told; else none. Mostly the same.
    swp_pte_layout pmd_layout;
    // How many swap files it can have: `MAX_SWAPFILES`.
    uint32_t max_swapfiles;
    // The low bits of an offset that are the page frame number, above the swap files; 0 where all of it is.
    uint32_t pfn_bits;
    // How the bits are known, a `swp_pte_grade`.
    uint32_t bits_grade;
    // How the numbering of types is known, a `swp_pte_grade`.
    uint32_t types_grade;
    // What was assumed, `swp_pte_assumed` joined; 0 where nothing was.
    uint32_t assumed;
    // What each swap type is, a `swp_pte_meaning`.
    uint8_t meaning[32];
    // 1 if this kernel's own `pte_swp_exclusive()` says no of every word (alpha before 6.16): the marker is there, and unseen.
    uint8_t exclusive_unseen;
} swp_pte_kernel;

// What a layout is.
typedef struct {
    // The largest swap offset that the encoder takes, in pages.
    uint64_t max_offset;
    // The bits of each marker in the word, by `swp_pte_marker`; 0 where the layout does not have it.
    uint64_t markers[3];
    // Bits of a word: 32 or 64.
    uint32_t width;
    // log2 of the smallest page size, in bytes.
    uint32_t page_shift;
    // The first kernel that is known to have it.
    uint16_t first_major;
    // Its second number.
    uint16_t first_minor;
    // The last kernel that is known to have it; 65535.65535 where none is known.
    uint16_t last_major;
    // Its second number.
    uint16_t last_minor;
    // 0: an entry of the lowest level of the page tables; 1: of the level above, where its form is another.
    uint32_t level;
} swp_pte_facts;

// What a swap PTE holds.
typedef struct {
    // The swap offset, in pages; above the swap files, what the type makes of it.
    uint64_t offset;
    // Bits that no encoder leaves so; 0 for a word that a kernel wrote.
    uint64_t stray;
    // The swap type, 0 to 31: a swap file, or one of the types above them.
    uint32_t type_;
    // The markers that are set: bit `1 << SWP_PTE_MARKER_EXCLUSIVE` and so on. One that the layout does not have is 0.
    uint32_t markers;
} swp_pte_entry;

// An entry, named.
typedef struct {
    // The page frame of migration, device and hwpoison entries; 0 for others.
    uint64_t pfn;
    // Of a PTE marker, the flags that the kernel has a name for (`PTE_MARKER_*`); 0 for others.
    uint64_t marker_flags;
    // A `swp_pte_meaning`.
    uint32_t meaning;
} swp_pte_softleaf;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// Decodes an array of words, which need not be aligned.
//
// Errors:
// `SWP_PTE_STATUS_BAD_BUFFER` if `bytes` is no whole number of words, if a column overlaps the words or another column, or if
// that of offsets is not aligned;
// `SWP_PTE_STATUS_BAD_ARGUMENT` for a number that is no byte order; `SWP_PTE_STATUS_NULL_POINTER`, `SWP_PTE_STATUS_BAD_LAYOUT`.
//
// Pointers:
// `words` can be read for `bytes` bytes; every column that is not null can be written for one element a word.
swp_pte_status swp_pte_decode_array(swp_pte_layout layout,
                                    const uint8_t *words,
                                    size_t bytes,
                                    uint32_t byte_order,
                                    swp_pte_columns columns);

// The sentence for one bit of `assumed`, in English, without a full stop: constant, with a NUL at its end. Null for a number
// that is not one of the bits.
const char *swp_pte_assumed_message(uint32_t bit);

// What a variant has in a kernel's release, as `uname -r` prints it: `6.12.0-55.el10.x86_64`. `build` may be null.
//
// Errors:
// `SWP_PTE_STATUS_UNKNOWN_VARIANT`, `SWP_PTE_STATUS_NOT_A_RELEASE`, `SWP_PTE_STATUS_TOO_OLD`, `SWP_PTE_STATUS_REMOVED`, `SWP_PTE_STATUS_UNCERTAIN`;
// `SWP_PTE_STATUS_BAD_ARGUMENT` for an option that is on and off; `SWP_PTE_STATUS_NULL_POINTER`, `SWP_PTE_STATUS_BAD_TEXT`.
//
// Pointers:
// The texts are null or end with a NUL; `build` is null or can be read; `kernel` is null or can be written.
swp_pte_status swp_pte_find(const char *variant,
                            const char *release,
                            const swp_pte_build *build,
                            swp_pte_kernel *kernel);

// How many layouts there are.
size_t swp_pte_layout_count(void);

// The layout of this number, from 0 on, oldest first within a variant, those without a backend last; none (`id` 0) past the last.
swp_pte_layout swp_pte_layout_at(size_t index);

// The newest layout of a variant.
//
// Errors:
// `SWP_PTE_STATUS_NULL_POINTER`, `SWP_PTE_STATUS_BAD_TEXT`, `SWP_PTE_STATUS_UNKNOWN_VARIANT`.
//
// Pointers:
// `variant` is null or ends with a NUL; `layout` is null or can be written.
swp_pte_status swp_pte_newest(const char *variant, swp_pte_layout *layout);

// The name by which a layout is looked up, as `ppc-book3s64-4k`: constant, with a NUL at its end. Null for a handle that is
// none.
const char *swp_pte_layout_variant(swp_pte_layout layout);

// What a layout is.
//
// Errors:
// `SWP_PTE_STATUS_NULL_POINTER`, `SWP_PTE_STATUS_BAD_LAYOUT`.
//
// Pointers:
// `facts` is null or can be written.
swp_pte_status swp_pte_layout_facts(swp_pte_layout layout, swp_pte_facts *facts);

// What an entry of a kernel is.
//
// Errors:
// `SWP_PTE_STATUS_TYPE_OUT_OF_RANGE` for an entry whose type is above 31; `SWP_PTE_STATUS_BAD_ARGUMENT` for a kernel that
// `swp_pte_find` did not fill in; `SWP_PTE_STATUS_NULL_POINTER`.
//
// Pointers:
// `kernel` is null or can be read; `softleaf` is null or can be written.
swp_pte_status swp_pte_name_entry(const swp_pte_kernel *kernel,
                                  swp_pte_entry entry,
                                  swp_pte_softleaf *softleaf);

// The name of a meaning, as `migration-read`: constant, with a NUL at its end. Null for a number that is none.
const char *swp_pte_meaning_name(uint32_t meaning);

// The sentence for a status, in English, without a full stop; that of `SWP_PTE_STATUS_OTHER` for a number that is none.
// It is constant and ends with a NUL.
const char *swp_pte_message(uint32_t status);

// What the kernel's predicates say of a word.
//
// Errors:
// `SWP_PTE_STATUS_NULL_POINTER`, `SWP_PTE_STATUS_BAD_LAYOUT`, `SWP_PTE_STATUS_WORD_TOO_WIDE`.
//
// Pointers:
// `kind` is null or can be written.
swp_pte_status swp_pte_kind_of(swp_pte_layout layout, uint64_t bits, swp_pte_kind *kind);

// The entry in a word, `pte_to_swp_entry()`, and its markers.
//
// Errors:
// `SWP_PTE_STATUS_NONE` and `SWP_PTE_STATUS_PRESENT` for words that are no swap PTE; `SWP_PTE_STATUS_TYPE_OUT_OF_RANGE` and
// `SWP_PTE_STATUS_OFFSET_OUT_OF_RANGE` where a field holds what no encoder writes; `SWP_PTE_STATUS_WORD_TOO_WIDE`, `SWP_PTE_STATUS_BAD_LAYOUT`,
// `SWP_PTE_STATUS_NULL_POINTER`.
//
// Pointers:
// `entry` is null or can be written.
swp_pte_status swp_pte_decode(swp_pte_layout layout,
                              uint64_t bits,
                              swp_pte_entry *entry);

// The word for an entry, `swp_entry_to_pte()`, with all markers clear. `offset` is in pages.
//
// Errors:
// `SWP_PTE_STATUS_TYPE_OUT_OF_RANGE`, `SWP_PTE_STATUS_OFFSET_OUT_OF_RANGE`, `SWP_PTE_STATUS_TYPE_LOST`, `SWP_PTE_STATUS_ENCODES_TO_PRESENT`,
// `SWP_PTE_STATUS_ENCODES_TO_NONE`, `SWP_PTE_STATUS_IGNORED_BY_NONE` for an entry that the layout cannot hold; `SWP_PTE_STATUS_BAD_LAYOUT`,
// `SWP_PTE_STATUS_NULL_POINTER`.
//
// Pointers:
// `bits` is null or can be written.
swp_pte_status swp_pte_encode(swp_pte_layout layout,
                              uint64_t type_,
                              uint64_t offset,
                              uint64_t *bits);

// Whether a marker of a word is set.
//
// Errors:
// `SWP_PTE_STATUS_NO_MARKER` where the layout does not have it, `SWP_PTE_STATUS_BAD_ARGUMENT` for a number that is no marker;
// `SWP_PTE_STATUS_WORD_TOO_WIDE`, `SWP_PTE_STATUS_BAD_LAYOUT`, `SWP_PTE_STATUS_NULL_POINTER`.
//
// Pointers:
// `set` is null or can be written.
swp_pte_status swp_pte_is_set(swp_pte_layout layout,
                              uint64_t bits,
                              uint32_t marker,
                              bool *set);

// The word with a marker set.
//
// Errors:
// As `swp_pte_is_set`.
//
// Pointers:
// `changed` is null or can be written.
swp_pte_status swp_pte_set(swp_pte_layout layout, uint64_t bits, uint32_t marker, uint64_t *changed);

// The word with a marker clear.
//
// Errors:
// As `swp_pte_is_set`.
//
// Pointers:
// `changed` is null or can be written.
swp_pte_status swp_pte_clear(swp_pte_layout layout, uint64_t bits, uint32_t marker, uint64_t *changed);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* SWP_PTE_H */
