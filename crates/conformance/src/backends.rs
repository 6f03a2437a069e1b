//! The backends that join the suite: all of the atlas's list.

use swp_pte::{Layout, SwpPte};

use crate::{Coverage, Options, Report, Subject};

/// The suite of one backend, its type forgotten.
type Run = dyn Fn(&Options<'_>) -> (Report, Coverage) + Send + Sync;

/// A backend that has joined the suite.
pub struct Backend {
    /// Its layout.
    pub layout: &'static Layout<'static>,
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

macro_rules! backends {
    ($($name:ident: $pte:ty $(, $marker:ident)*;)*) => { [$(Backend::from(Subject::<$pte>::new())),*] };
}

/// Every backend of the project, those of a higher level of the page tables last.
#[must_use]
pub fn subjects() -> Vec<Backend> {
    let layouts = swp_pte_atlas::for_each_layout!(backends);
    layouts.into_iter().chain(swp_pte_atlas::for_each_second_form!(backends)).collect()
}
