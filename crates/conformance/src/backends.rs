//! The list of backends: one line each.

use swp_pte::{Layout, SwpPte};
use swp_pte_arm64 as arm64;
use swp_pte_ppc as ppc;
use swp_pte_riscv as riscv;
use swp_pte_s390 as s390;
use swp_pte_x86_64 as x86_64;

use crate::{Coverage, Options, Report, Subject};

/// The suite of one backend, its type forgotten.
type Run = dyn Fn(&Options<'_>) -> (Report, Coverage) + Send + Sync;

/// A backend that has joined the suite.
pub struct Backend {
    /// Its layout.
    pub layout: &'static Layout,
    /// The path of its type, `swp_pte_arm64::since_6_10::Pte`.
    pub path: &'static str,
    run: Box<Run>,
    size: u128,
}

impl Backend {
    /// Runs the whole suite.
    #[must_use]
    pub fn run(&self, options: &Options<'_>) -> (Report, Coverage) {
        (self.run)(options)
    }

    /// How many encodings a run will enumerate one by one.
    #[must_use]
    pub fn will_enumerate(&self, options: &Options<'_>) -> u64 {
        if self.size <= options.enumerate_up_to { u64::try_from(self.size).unwrap_or(u64::MAX) } else { 0 }
    }
}

impl std::fmt::Debug for Backend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Backend({}, {})", self.layout.source.variant, self.layout.source.kernels)
    }
}

impl<P: SwpPte> From<Subject<P>> for Backend {
    fn from(subject: Subject<P>) -> Self {
        Self {
            layout: const { &P::LAYOUT },
            path: std::any::type_name::<P>(),
            size: Subject::<P>::encodings(),
            run: Box::new(move |options| subject.run(options)),
        }
    }
}

/// Every backend of the project.
#[must_use]
pub fn subjects() -> Vec<Backend> {
    vec![
        Subject::<x86_64::until_5_18::Pte>::new().soft_dirty().uffd_wp().into(),
        Subject::<x86_64::since_5_19::Pte>::new().soft_dirty().uffd_wp().into(),
        Subject::<arm64::until_5_18::Pte>::new().into(),
        Subject::<arm64::since_5_19::Pte>::new().into(),
        Subject::<arm64::since_6_10::Pte>::new().uffd_wp().into(),
        Subject::<s390::until_5_18::Pte>::new().soft_dirty().into(),
        Subject::<s390::since_5_19::Pte>::new().soft_dirty().into(),
        Subject::<ppc::book3s64_4k::until_5_18::Pte>::new().soft_dirty().into(),
        Subject::<ppc::book3s64_4k::since_5_19::Pte>::new().soft_dirty().into(),
        Subject::<ppc::book3s64_64k::until_5_18::Pte>::new().soft_dirty().into(),
        Subject::<ppc::book3s64_64k::since_5_19::Pte>::new().soft_dirty().into(),
        Subject::<ppc::book3s32::until_6_2::Pte>::new().into(),
        Subject::<ppc::book3s32::since_6_3::Pte>::new().into(),
        Subject::<ppc::nohash32_8xx::until_6_2::Pte>::new().into(),
        Subject::<ppc::nohash32_8xx::since_6_3::Pte>::new().into(),
        Subject::<ppc::nohash32_85xx::until_6_2::Pte>::new().into(),
        Subject::<ppc::nohash32_85xx::since_6_3::Pte>::new().into(),
        Subject::<ppc::nohash32_85xx::since_6_7::Pte>::new().into(),
        Subject::<ppc::nohash32_pte64::until_6_2::Pte>::new().into(),
        Subject::<ppc::nohash32_pte64::since_6_3::Pte>::new().into(),
        Subject::<ppc::nohash32_40x::until_6_2::Pte>::new().into(),
        Subject::<ppc::nohash32_40x::since_6_3::Pte>::new().into(),
        Subject::<ppc::nohash64::until_6_2::Pte>::new().into(),
        Subject::<ppc::nohash64::since_6_3::Pte>::new().into(),
        Subject::<riscv::rv64::until_5_16::Pte>::new().into(),
        Subject::<riscv::rv64::since_5_17::Pte>::new().into(),
        Subject::<riscv::rv64::since_6_3::Pte>::new().into(),
        Subject::<riscv::rv32::until_5_16::Pte>::new().into(),
        Subject::<riscv::rv32::since_5_17::Pte>::new().into(),
        Subject::<riscv::rv32::since_6_3::Pte>::new().into(),
        Subject::<riscv::rv64_svrsw60t59b::since_6_19::Pte>::new().soft_dirty().uffd_wp().into(),
    ]
}
