//! `LiME` and raw images.

use crate::read;
use crate::write::lime::lime;
use swp_pte_dump::{ByteOrder, Dump, Format, Memory, Missing, Options, Placed, Range, Warning};

#[test]
fn lime_of_both_byte_orders() {
    for order in [ByteOrder::Little, ByteOrder::Big] {
        let file = lime(order, &[(0x1000, &[1; 4096]), (0x10_0000, &[2; 8192])]);
        let dump = Dump::of_bytes(file.clone(), &Options::default()).unwrap();
        assert_eq!((dump.format(), dump.byte_order(), dump.machine()), (Format::Lime, Some(order), None));
        assert_eq!(dump.ranges(), [Range { start: 0x1000, end: 0x2000 }, Range { start: 0x10_0000, end: 0x10_2000 }]);
        assert_eq!(read(&dump, 0x10_1fff, 1), Ok(vec![2]));
        assert_eq!(dump.file_position(0x10_0001), Some(32 + 4096 + 32 + 1));
        assert_eq!(read(&dump, 0x2000, 1), Err(Missing::NotInDump { at: 0x2000 }));
        let dump = Dump::of_bytes(file[..file.len() - 8192].to_vec(), &Options::default()).unwrap();
        assert!(matches!(dump.warnings(), [Warning::Truncated { missing: 8192, from: 0x10_0000, .. }]));
        assert_eq!(read(&dump, 0x10_0000, 8), Err(Missing::Truncated { at: 0x10_0000 }));
    }
}

#[test]
fn lime_that_goes_wrong_is_an_error() {
    let mut file = lime(ByteOrder::Little, &[(0x1000, &[1; 4096]), (0x10_0000, &[2; 8192])]);
    file[32 + 4096] = 0;
    let error = Dump::of_bytes(file.clone(), &Options::default()).unwrap_err().to_string();
    assert!(error.contains("at byte 4128"), "{error}");
    file[4] = 2;
    assert!(Dump::of_bytes(file, &Options::default()).unwrap_err().to_string().contains("version 2"));
    // It ends before it begins.
    let mut file = lime(ByteOrder::Little, &[(0x1000, &[1; 4096])]);
    file[16..24].fill(0);
    assert!(Dump::of_bytes(file, &Options::default()).is_err());
}

#[test]
fn a_raw_image_with_a_base_or_a_map() {
    let file: Vec<u8> = [[1; 4096], [2; 4096]].concat();
    let dump = Dump::of_bytes(file.clone(), &Options::default()).unwrap();
    assert_eq!((dump.format(), dump.warnings()), (Format::Raw, [Warning::Raw { base: 0 }].as_slice()));
    let options = Options { base: Some(0x8000_0000), ..Options::default() };
    let dump = Dump::of_bytes(file.clone(), &options).unwrap();
    assert_eq!(dump.warnings(), []);
    assert_eq!(read(&dump, 0x8000_0fff, 2), Ok(vec![1, 2]));
    assert_eq!(dump.file_position(0x8000_1000), Some(0x1000));
    // A machine whose memory has a hole below 4 GB, as qemu's file of it has none.
    let placed = |start, position| Placed { memory: Range { start, end: start + 4096 }, position };
    let options = Options { map: vec![placed(0x1_0000_0000, 4096), placed(0, 0)], ..Options::default() };
    let dump = Dump::of_bytes(file, &options).unwrap();
    assert_eq!(read(&dump, 0x1_0000_0000, 1), Ok(vec![2]));
    assert_eq!(read(&dump, 0x1000, 1), Err(Missing::NotInDump { at: 0x1000 }));
}
