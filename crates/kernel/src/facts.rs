//! Facts of a kernel, each with where it was found, and what becomes of those of several files.

use std::fmt::Display;

use swp_pte::{KernelOption, Release};

use crate::{Config, Contradiction, Machine};

/// A fact, and where it was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Learned<T> {
    /// The fact.
    pub value: T,
    /// The file, and the place in it: `vmlinux: linux_banner`.
    pub from: String,
}

impl<T> Learned<T> {
    /// A fact from a place.
    #[must_use]
    pub const fn new(value: T, from: String) -> Self {
        Self { value, from }
    }
}

/// How much room `swap_info[]` has, an array of `MAX_SWAPFILES` pointers (`mm/swapfile.c`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct SwapInfo {
    /// Its bytes: its size or, with `next`, at most so many.
    pub bytes: u64,
    /// Bytes of a pointer: 4 or 8.
    pub pointer: u64,
    /// The address of the symbol behind it, where only that is known. Between the two there can be a gap up to its alignment.
    pub next: Option<u64>,
}

impl SwapInfo {
    /// The numbers of swap files that fit, the most first; one, if the size is known.
    pub fn max_swapfiles(self) -> impl Iterator<Item = u64> {
        let most = self.bytes.checked_div(self.pointer).unwrap_or_default();
        let alignment = self.next.map_or(1, |next| next & next.wrapping_neg());
        // No kernel has more types than `1 << MAX_SWAPFILES_SHIFT`.
        let fits = move |count: &u64| *count <= 32 && self.bytes - count * self.pointer < alignment.max(1);
        (0..=most.min(32)).rev().filter(fits)
    }
}

/// What is known of a kernel.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Facts {
    /// Its release.
    pub release: Option<Learned<Release>>,
    /// The machine that it is for.
    pub machine: Option<Learned<Machine>>,
    /// The room of `swap_info[]`.
    pub swap_info: Option<Learned<SwapInfo>>,
    /// Whether `enum pageflags` has `PG_anon_exclusive`, with which the exclusive markers came.
    pub anon_exclusive: Option<Learned<bool>>,
    /// Its configuration.
    pub config: Option<Learned<Config>>,
    /// log2 of its page size.
    pub page_shift: Option<Learned<u32>>,
    /// What a reader of the files should know: what was looked for and is not there.
    pub notes: Vec<String>,
}

impl Facts {
    /// Whether nothing is known.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        let Self { release, machine, swap_info, anon_exclusive, config, page_shift, notes: _ } = self;
        release.is_none()
            && machine.is_none()
            && swap_info.is_none()
            && anon_exclusive.is_none()
            && config.is_none()
            && page_shift.is_none()
    }

    /// What is known from both.
    ///
    /// # Errors
    /// [`Contradiction`] if they cannot both be true of one kernel.
    pub fn join(mut self, other: Self) -> Result<Self, Contradiction> {
        self.release = joined("the release", self.release, other.release, finer)?;
        self.machine = joined("the machine", self.machine, other.machine, same)?;
        self.anon_exclusive = joined("PG_anon_exclusive", self.anon_exclusive, other.anon_exclusive, same)?;
        self.page_shift = joined("log2 of the page size", self.page_shift, other.page_shift, same)?;
        self.swap_info = match (self.swap_info, other.swap_info) {
            (Some(one), Some(two)) => Some(sharper(one, two)?),
            (one, two) => one.or(two),
        };
        self.config = match (self.config, other.config) {
            (Some(one), Some(two)) => {
                if let Some(name) = one.value.first_difference(&two.value) {
                    let said = |config: &Learned<Config>| config.value.value(&name).unwrap_or("n").to_owned();
                    return Err(Contradiction {
                        what: format!("CONFIG_{name}"),
                        one: said(&one),
                        one_from: one.from,
                        other: said(&two),
                        other_from: two.from,
                    });
                }
                Some(one)
            }
            (one, two) => one.or(two),
        };
        self.notes.extend(other.notes);
        Ok(self)
    }

    /// How an option that takes swap types was built; `None` if no configuration is known.
    #[must_use]
    pub fn option(&self, option: KernelOption) -> Option<bool> {
        self.config.as_ref().map(|config| config.value.is_on(option.name()))
    }
}

/// The one of two releases that says more, if both can be true of one kernel: `6.12` or `6.12.117` of a
/// `6.12.117+deb13-amd64`.
fn finer(one: &Release, other: &Release) -> Option<Release> {
    if one == other {
        return Some(*one);
    }
    let part_of = |less: &Release, more: &Release| {
        less.series() == more.series()
            && less.vendor().is_none()
            && less.commits().is_none()
            && less.stable().is_none_or(|stable| Some(stable) == more.stable())
            && less.candidate().is_none_or(|candidate| Some(candidate) == more.candidate())
    };
    if part_of(one, other) {
        return Some(*other);
    }
    part_of(other, one).then_some(*one)
}

fn same<T: PartialEq + Copy>(one: &T, other: &T) -> Option<T> {
    (one == other).then_some(*one)
}

/// Two facts about one thing.
fn joined<T: PartialEq + Display>(
    what: &str,
    one: Option<Learned<T>>,
    other: Option<Learned<T>>,
    agree: impl Fn(&T, &T) -> Option<T>,
) -> Result<Option<Learned<T>>, Contradiction> {
    let (one, other) = match (one, other) {
        (Some(one), Some(other)) => (one, other),
        (one, other) => return Ok(one.or(other)),
    };
    match agree(&one.value, &other.value) {
        Some(value) if value == one.value => Ok(Some(one)),
        Some(_) => Ok(Some(other)),
        None => Err(Contradiction {
            what: what.into(),
            one: one.value.to_string(),
            one_from: one.from,
            other: other.value.to_string(),
            other_from: other.from,
        }),
    }
}

/// The size of an array, told twice: that which leaves fewer numbers.
fn sharper(one: Learned<SwapInfo>, other: Learned<SwapInfo>) -> Result<Learned<SwapInfo>, Contradiction> {
    let numbers = |info: &Learned<SwapInfo>| info.value.max_swapfiles().collect::<Vec<_>>();
    let (mine, others) = (numbers(&one), numbers(&other));
    if mine.iter().any(|number| others.contains(number)) {
        return Ok(if mine.len() <= others.len() { one } else { other });
    }
    let list = |numbers: &[u64]| numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ");
    Err(Contradiction {
        what: "MAX_SWAPFILES".into(),
        one: list(&mine),
        one_from: one.from,
        other: list(&others),
        other_from: other.from,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(text: &str, from: &str) -> Facts {
        Facts { release: Some(Learned::new(text.parse().unwrap(), from.into())), ..Facts::default() }
    }

    #[test]
    fn a_size_is_one_number_and_a_distance_can_be_several() {
        let numbers = |bytes, next| SwapInfo { bytes, pointer: 8, next }.max_swapfiles().collect::<Vec<_>>();
        assert_eq!(numbers(216, None), [27]);
        assert_eq!(numbers(217, None), [] as [u64; 0]);
        // The next symbol has an alignment of 8, 16 and 64 bytes.
        assert_eq!(
            numbers(216, Some(0xffff_8000)),
            [27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
        );
        assert_eq!(numbers(216, Some(0xffff_8008)), [27]);
        assert_eq!(numbers(224, Some(0xffff_8010)), [28, 27]);
        assert_eq!(numbers(4096, Some(0xffff_8008)), [] as [u64; 0]);
    }

    #[test]
    fn releases_agree_if_one_is_part_of_the_other() {
        let whole = "6.12.117+deb13-amd64";
        for less in ["6.12", "6.12.117", whole] {
            for facts in [release(less, "a").join(release(whole, "b")), release(whole, "a").join(release(less, "b"))] {
                assert_eq!(facts.unwrap().release.unwrap().value.as_str(), whole, "{less}");
            }
        }
        for other in ["6.11", "6.12.9", "6.12.117+deb12-amd64", "5.14.0-427.el9.x86_64"] {
            let error = release(other, "the option").join(release(whole, "vmlinux")).unwrap_err();
            assert_eq!(error.to_string(), format!("the release is {other} (the option), but {whole} (vmlinux)"));
        }
    }
}
