//! The machine's swap files, given by options: the best evidence about an offset.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use swp_pte_forms::SwapFiles;

use crate::Error;

/// No `/proc/swaps` is longer.
const LONGEST: u64 = 1 << 20;

/// The options `--swap-pages` and `--swaps`.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct SwapFilesArgs {
    /// The pages of each swap file, that of type 0 first: an entry outside them is doubted [default: 16 TiB for each]
    #[arg(long, value_name = "N[,N…]", value_parser = list, conflicts_with = "swaps")]
    pub(crate) swap_pages: Option<SwapFiles>,
    /// The same from a copy of the machine's /proc/swaps; - is standard input
    #[arg(long, value_name = "FILE")]
    swaps: Option<PathBuf>,
}

pub(crate) fn list(text: &str) -> Result<SwapFiles, String> {
    SwapFiles::from_list(text).map_err(|error| error.to_string())
}

impl SwapFilesArgs {
    /// The swap files, if any were given; sizes in `/proc/swaps` are of pages of `1 << page_shift` bytes.
    ///
    /// # Errors
    /// [`Error::Input`] for a file that is not like `/proc/swaps`; [`Error::Io`] for one that cannot be read.
    pub fn load(&self, page_shift: u32) -> Result<Option<SwapFiles>, Error> {
        let Some(path) = &self.swaps else { return Ok(self.swap_pages) };
        let what = format!("cannot read {}", path.display());
        let mut text = String::new();
        let mut read = |reader: &mut dyn Read| reader.take(LONGEST).read_to_string(&mut text);
        if path.as_os_str() == "-" {
            read(&mut std::io::stdin().lock()).map_err(Error::io(what))?;
        } else {
            let mut file = File::open(path).map_err(Error::io(what.clone()))?;
            read(&mut file).map_err(Error::io(what))?;
        }
        let files = SwapFiles::from_proc(&text, page_shift);
        files.map(Some).map_err(|error| Error::Input(format!("{}: {error}", path.display())))
    }
}
