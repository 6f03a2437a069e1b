//! Whole tables of the kernel's own words, converted into the other kernel's own words, byte for byte.
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use convert_image::{ConvertError, convert};
use serde_json::Value;
use swp_pte::{DecodeError, EncodeError};

/// The bytes of each entry's word, without and with the marker, most significant first: by type and offset.
type Words = BTreeMap<(u64, String), [[u8; 8]; 2]>;

/// A word's bytes as its digits spell them.
fn bytes(hex: &Value) -> [u8; 8] {
    let digits = format!("{:0>16}", &hex.as_str().unwrap()[2..]);
    std::array::from_fn(|i| u8::from_str_radix(&digits[2 * i..2 * i + 2], 16).unwrap())
}

fn words(name: &str) -> Words {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors").join(name);
    let text = fs::read_to_string(path).unwrap();
    let cases = text.lines().skip(1).map(|line| serde_json::from_str::<Value>(line).unwrap());
    let swap = cases.filter(|case| case["none"] == false);
    swap.map(|case| {
        let entry = (case["type"].as_u64().unwrap(), case["offset"].as_str().unwrap().to_owned());
        (entry, [bytes(&case["pte"]), bytes(&case["exclusive"])])
    })
    .collect()
}

/// The tables of the two kernels with the same entries in them, as the bytes lie in memory.
fn tables() -> (Vec<u8>, Vec<u8>) {
    let (x86, s390) = (words("v6.12-x86_64.jsonl"), words("v6.12-s390.jsonl"));
    let (mut from, mut to) = (Vec::new(), Vec::new());
    for (entry, words) in &x86 {
        for (from_word, to_word) in words.iter().zip(s390.get(entry).into_iter().flatten()) {
            from.extend(from_word.iter().rev());
            to.extend(to_word);
        }
    }
    // What an empty slot of either table holds.
    from.extend([0; 8]);
    to.extend([0, 0, 0, 0, 0, 0, 4, 0]);
    (from, to)
}

#[test]
fn a_table_becomes_the_other_kernels_table() {
    let (x86, s390) = tables();
    assert!(x86.len() > 100 * 8, "the two kernels were asked for too few entries in common");
    assert_eq!(convert::<swp_pte_x86_64::Pte, swp_pte_s390::Pte>(&x86), Ok(s390.clone()));
    assert_eq!(convert::<swp_pte_s390::Pte, swp_pte_x86_64::Pte>(&s390), Ok(x86));
    println!("convert: {} words from x86_64 to s390 and back", s390.len() / 8);
}

#[test]
fn what_cannot_be_converted_is_named_with_its_place() {
    let convert = convert::<swp_pte_s390::Pte, swp_pte_x86_64::Pte>;
    assert_eq!(convert(&[0; 7]), Err(ConvertError::Cut { len: 7 }));
    let none = [0, 0, 0, 0, 0, 0, 4, 0];
    let present = [0, 0, 0, 0, 0, 0, 0x10, 1];
    let error = convert(&[none, present].concat()).unwrap_err();
    assert_eq!(error, ConvertError::Decode { at: 8, error: DecodeError::Present { word: 0x1001 } });
    assert_eq!(error.to_string(), "at byte 0x8: 0x1001 is no swap PTE: it is present (it maps a page)");
    // The largest offset of s390 has two bits more than x86_64 can hold.
    let error = convert(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xf6, 0]).unwrap_err();
    assert!(matches!(error, ConvertError::Encode { at: 0, error: EncodeError::OffsetOutOfRange { .. } }), "{error}");
}
