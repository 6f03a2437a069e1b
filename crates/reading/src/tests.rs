//! What words say, by kernel and build.

use super::*;
use serde_json::{Value, json};
use swp_pte_atlas::Config;

fn reader(variant: &str, kernel: &str, pfn_bits: Option<u32>) -> Reader {
    let kernel = kernel.parse().unwrap();
    let row = swp_pte_atlas::find(variant, kernel).unwrap();
    let mut config = Config::of(variant, kernel);
    config.pfn_bits = pfn_bits.unwrap_or(config.pfn_bits);
    Reader::new(row, Level::Pte, kernel, SwapTypes::new(kernel, config), row.layout().page_shift)
}

fn read(variant: &str, kernel: &str, word: u64) -> Value {
    serde_json::to_value(reader(variant, kernel, None).read(word).unwrap()).unwrap()
}

#[test]
fn only_a_swap_pte_has_markers() {
    // Bit 2 is _PAGE_USER in the one and uffd-wp in the other.
    for (word, kind, uffd_wp) in
        [(0x1234_5007, "present", Value::Null), (0, "none", Value::Null), (0x07ff_ffff_ffff_7c04, "swap", json!(true))]
    {
        let value = read("x86_64", "6.12", word);
        assert_eq!((&value["kind"], &value["uffd_wp"]), (&json!(kind), &uffd_wp), "{word:#x}");
        assert_eq!(value.as_object().unwrap().len(), 12, "{value}");
    }
}

#[test]
fn the_bits_of_a_page_frame_number_are_those_that_were_given() {
    // A migration entry of page frame 0x1234 with the young bit of a kernel that has 40 bits of page frame number.
    let entry = SwpEntry::from_parts(26, 1 << 40 | 0x1234).unwrap();
    let word = reader("x86_64", "6.12", None).row().encode(entry).unwrap();
    let frame = |pfn_bits| {
        let reading = reader("x86_64", "6.12", pfn_bits).read_word(word);
        let Reading::Swap(Swap { softleaf: Some(Softleaf::Migration { pfn, young, .. }), .. }) = reading else {
            panic!("{reading:?}")
        };
        (pfn, young)
    };
    assert_eq!(frame(Some(40)), (0x1234, Some(true)));
    assert_eq!(frame(Some(45)), (1 << 40 | 0x1234, Some(false)));
    assert_eq!(frame(Some(8)), (0x34, Some(false)));
    assert_eq!(frame(None), frame(Some(34)));
}

#[test]
fn a_number_wider_than_the_word_is_refused_as_the_decoder_refuses_it() {
    let reader = reader("riscv-rv32", "6.12", None);
    let (word, error) = (1 << 32, reader.read(1 << 32).unwrap_err());
    assert_eq!(error, TooWide { word, width: 32 });
    assert_eq!(error.to_string(), reader.row().word(word).unwrap_err().to_string());
}
