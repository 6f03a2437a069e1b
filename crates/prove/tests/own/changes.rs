//! Every single fact of a layout, changed.

use swp_pte_prove::{Facts, Number};

/// A change, in words, and the facts with it.
pub(crate) type Change = (String, Facts);

/// All of them.
pub(crate) fn changes(facts: &Facts) -> Vec<Change> {
    let mut all = vec![(format!("width {}", 96 - facts.width), Facts { width: 96 - facts.width, ..facts.clone() })];
    all.extend(numbers(facts));
    all.extend(masks(facts));
    all.extend(presents(facts));
    all.extend(markers(facts));
    all
}

/// The lowest bit that neither field nor marker has.
fn unused(facts: &Facts) -> Option<u32> {
    let taken = |bit: &u32| {
        let places = facts.swp_type.places.iter().chain(&facts.swp_offset.places).chain(&facts.markers);
        places.flatten().any(|place| place == bit)
    };
    (0..facts.width).find(|bit| !taken(bit))
}

fn numbers(facts: &Facts) -> Vec<Change> {
    let mut all = Vec::new();
    for (name, field) in [("type", &facts.swp_type), ("offset", &facts.swp_offset)] {
        let mut add = |what: String, field: Number| {
            let mut facts = facts.clone();
            *(if name == "type" { &mut facts.swp_type } else { &mut facts.swp_offset }) = field;
            all.push((format!("{name} {what}"), facts));
        };
        add("inverted".into(), Number { inverted: !field.inverted, ..field.clone() });
        for written in [field.written - 1, field.written + 1] {
            add(format!("writes {written} bits"), Number { written, ..field.clone() });
        }
        let width = field.places.iter().flatten().count();
        for value_bit in 0..(width + 1).min(if name == "type" { 64 } else { 59 }) {
            let old = field.places[value_bit];
            let neighbour = old.map(|bit| bit ^ 1);
            for place in [None, unused(facts), neighbour] {
                if place != old {
                    let mut field = field.clone();
                    field.places[value_bit] = place;
                    add(format!("bit {value_bit} in {place:?}"), field);
                }
            }
        }
    }
    all
}

fn masks(facts: &Facts) -> Vec<Change> {
    let mut all = Vec::new();
    for bit in 0..5 {
        all.push((format!("lost type bit {bit}"), Facts { lost_type: facts.lost_type ^ 1 << bit, ..facts.clone() }));
    }
    // An offset has 59 bits; those that are written cannot be lost.
    for bit in facts.swp_offset.written..59 {
        let present_offset = facts.present_offset ^ 1 << bit;
        all.push((format!("present offset bit {bit}"), Facts { present_offset, ..facts.clone() }));
    }
    for bit in 0..facts.width {
        let turned = 1 << bit;
        all.push((format!("always one {bit}"), Facts { always_one: facts.always_one ^ turned, ..facts.clone() }));
        for (mask, value) in [(turned, 0), (0, turned)] {
            let mut changed = facts.clone();
            changed.none.mask ^= mask;
            changed.none.value ^= value;
            all.push((format!("none mask {mask:#x} value {value:#x}"), changed));
        }
    }
    all
}

fn presents(facts: &Facts) -> Vec<Change> {
    let mut all = Vec::new();
    for n in 0..facts.present.len() {
        let mut without = facts.clone();
        without.present.remove(n);
        all.push((format!("present {n} gone"), without));
        for bit in 0..facts.width {
            for (mask, value) in [(1 << bit, 0), (0, 1 << bit)] {
                let mut changed = facts.clone();
                changed.present[n].mask ^= mask;
                changed.present[n].value ^= value;
                all.push((format!("present {n} mask {mask:#x} value {value:#x}"), changed));
            }
        }
    }
    all
}

fn markers(facts: &Facts) -> Vec<Change> {
    let mut all = Vec::new();
    for n in 0..facts.markers.len() {
        for place in [None, unused(facts), facts.markers[n].map(|bit| bit ^ 1)] {
            if place != facts.markers[n] {
                let mut changed = facts.clone();
                changed.markers[n] = place;
                all.push((format!("marker {n} in {place:?}"), changed));
            }
        }
    }
    all
}
