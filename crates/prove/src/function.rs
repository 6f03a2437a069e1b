//! The functions of a layout: what each is called in the object, what it is given, and what its outcomes are.

use swp_pte::{Flag, Level};
use swp_pte_atlas::{ROWS, Row, SECOND_FORMS};

/// What a function is asked.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Question {
    /// The word of an entry.
    Encode,
    /// The entry of a word.
    Decode,
    /// None, present or swap.
    Kind,
    /// Type and offset of any word at all.
    Fields,
    /// The bits that no encoder leaves.
    Stray,
    /// Whether a marker is set.
    Is(Flag),
    /// The word with a marker set.
    Set(Flag),
    /// The word with a marker clear.
    Clear(Flag),
    /// Why an entry is refused.
    WhyEncode,
    /// Why a word is refused.
    WhyDecode,
}

/// Who answers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum By {
    /// The backend, with the layout's own word.
    Backend,
    /// The backend, in generic code: what it does not have is a stub.
    Stub,
    /// The interpreter of the layout's data, with 64 bits.
    Interpreter,
}

/// A function in the object.
#[derive(Clone, Debug)]
pub struct Function {
    /// Its layout.
    pub row: &'static Row,
    /// The layout in the object's names: `x86_64__since_5_19`.
    pub module: &'static str,
    /// The path of its type.
    pub path: &'static str,
    /// What it is asked.
    pub question: Question,
    /// Who answers.
    pub by: By,
}

macro_rules! names {
    ($($name:ident: $pte:ty $(, $marker:ident)*;)*) => { &[$((stringify!($name), stringify!($pte))),*] };
}

/// In the order of the rows.
const MODULES: &[(&str, &str)] = swp_pte_atlas::for_each_layout!(names);
const SECOND_MODULES: &[(&str, &str)] = swp_pte_atlas::for_each_second_form!(names);

/// How many functions all layouts have. A list from which some are gone is no proof of all: whoever adds a layout or a
/// function changes this number, and sees that it changed.
pub const FUNCTIONS: usize = 3342;

/// The functions of every layout, in the order of the atlas; those of a higher level last.
#[must_use]
pub fn functions() -> Vec<Function> {
    let layouts = ROWS.iter().zip(MODULES).chain(SECOND_FORMS.iter().zip(SECOND_MODULES));
    layouts.flat_map(|(row, (module, path))| functions_of(row, module, path)).collect()
}

fn functions_of(row: &'static Row, module: &'static str, path: &'static str) -> Vec<Function> {
    let function = |question, by| Function { row, module, path, question, by };
    let mut all = Vec::new();
    for question in [Question::Encode, Question::Decode, Question::Kind, Question::Fields] {
        all.extend([By::Backend, By::Interpreter].map(|by| function(question, by)));
    }
    all.extend([Question::WhyEncode, Question::WhyDecode].map(|question| function(question, By::Backend)));
    all.push(function(Question::Stray, By::Interpreter));
    for flag in Flag::ALL {
        for question in [Question::Is(flag), Question::Set(flag), Question::Clear(flag)] {
            if row.layout().flag(flag).is_some() {
                all.push(function(question, By::Backend));
            }
            all.extend([By::Stub, By::Interpreter].map(|by| function(question, by)));
        }
    }
    all
}

const fn marker(flag: Flag) -> &'static str {
    match flag {
        Flag::Exclusive => "exclusive",
        Flag::SoftDirty => "soft_dirty",
        Flag::UffdWp => "uffd_wp",
    }
}

impl Question {
    /// The function's name in the API: `mk_exclusive`.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Encode => "encode".into(),
            Self::Decode => "decode".into(),
            Self::Kind => "kind".into(),
            Self::Fields => "fields".into(),
            Self::Stray => "stray".into(),
            Self::WhyEncode => "why_encode".into(),
            Self::WhyDecode => "why_decode".into(),
            Self::Is(flag) => format!("is_{}", marker(flag)),
            Self::Set(flag) => format!("mk_{}", marker(flag)),
            Self::Clear(flag) => format!("clear_{}", marker(flag)),
        }
    }

    /// Whether it is about an entry; the others are about a word.
    #[must_use]
    pub const fn is_of_an_entry(self) -> bool {
        matches!(self, Self::Encode | Self::WhyEncode)
    }
}

impl Function {
    /// Its name in the object.
    #[must_use]
    pub fn symbol(&self) -> String {
        let by = match self.by {
            By::Backend => "",
            By::Stub => "stub_",
            By::Interpreter => "layout_",
        };
        format!("{}__{by}{}", self.module, self.question.name())
    }

    /// The layout as people call it: `s390 pmd 7.2+`.
    #[must_use]
    pub fn layout(&self) -> String {
        let source = &self.row.layout().source;
        match source.level {
            Level::Pte => format!("{} {:#}", source.variant, source.kernels),
            level => format!("{} {level} {:#}", source.variant, source.kernels),
        }
    }

    /// The path of the backend's type, for a test: `swp_pte_atlas::arch::x86_64::since_5_19::Pte`.
    #[must_use]
    pub fn type_path(&self) -> String {
        let path: String = self.path.split_whitespace().collect();
        match path.split_once("arch::") {
            Some((_, path)) => format!("swp_pte_atlas::arch::{path}"),
            None => path,
        }
    }

    /// The width of its words, in bits.
    #[must_use]
    pub const fn word_width(&self) -> u32 {
        match self.by {
            By::Interpreter => 64,
            By::Backend | By::Stub => self.row.layout().width,
        }
    }

    /// The family of its outcomes: the middle of the names of the witnesses.
    #[must_use]
    pub fn family(&self) -> String {
        let module = self.module;
        match (self.question, self.by) {
            (Question::Encode, By::Interpreter) => "witness_layout_encode".into(),
            (Question::Decode, By::Interpreter) => "witness_layout_decode".into(),
            (Question::Encode, _) => format!("{module}__witness_encode"),
            (Question::Decode, _) => format!("{module}__witness_decode"),
            (Question::WhyEncode, _) => "witness_why_encode".into(),
            (Question::WhyDecode, _) => "witness_why_decode".into(),
            (Question::Kind, _) => "witness_kind".into(),
            (Question::Fields, _) => "witness_fields".into(),
            (Question::Is(_), _) => "witness_bool".into(),
            (Question::Stray, _) | (_, By::Interpreter) => "witness_word".into(),
            (Question::Set(_) | Question::Clear(_), _) => format!("{module}__witness_pte"),
        }
    }
}

/// Functions of the object that carry the name of a layout, and that nothing here knows.
#[must_use]
pub fn strangers(image: &crate::Image) -> Vec<String> {
    let known: std::collections::HashSet<_> = functions().iter().map(Function::symbol).collect();
    let modules = || MODULES.iter().chain(SECOND_MODULES);
    let of_a_layout = |name: &str| modules().any(|(module, _)| name.starts_with(&format!("{module}__")));
    let helps = |name: &str| name.contains("__witness_") || name.contains("__size_");
    let mut strangers: Vec<_> = image.names().filter(|name| of_a_layout(name) && !helps(name)).collect();
    strangers.retain(|name| !known.contains(*name));
    strangers.sort_unstable();
    strangers.into_iter().map(str::to_owned).collect()
}
