//! What a picture is called: who shows it knows from its name alone how large it is and of which kind, so that a list of
//! pictures is not looked up one by one.
//!
//! ```
//! use consentry_domain::picture::PictureName;
//!
//! let name: PictureName = "0123456789abcdef0123456789abcdef-600x200.png".parse()?;
//! assert_eq!((name.width, name.height, name.kind.media_type()), (600, 200, "image/png"));
//! assert_eq!(name.to_string(), "0123456789abcdef0123456789abcdef-600x200.png");
//! # Ok::<(), consentry_domain::picture::NoPicture>(())
//! ```

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use crate::PictureId;

/// The longest side of a picture that is kept, in pixels.
pub const LONGEST_SIDE: u32 = 600;

/// As what a picture is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PictureKind {
    /// Drawings, and whatever one can see through.
    Png,
    /// Photographs.
    Jpeg,
}

impl PictureKind {
    /// How addresses of it end.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
        }
    }

    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }
}

/// What a picture is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PictureName {
    /// Which it is: other pictures have another one.
    pub id: PictureId,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// As what it is kept.
    pub kind: PictureKind,
}

/// A text is no name of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a picture's name is expected")]
pub struct NoPicture;

impl fmt::Display for PictureName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (id, ending) = (self.id.0.simple(), self.kind.ending());
        write!(f, "{id}-{}x{}.{ending}", self.width, self.height)
    }
}

impl FromStr for PictureName {
    type Err = NoPicture;

    fn from_str(text: &str) -> Result<Self, NoPicture> {
        let read = || {
            let (stem, ending) = text.split_once('.')?;
            let (id, size) = stem.split_once('-')?;
            let (width, height) = size.split_once('x')?;
            let kinds = [PictureKind::Png, PictureKind::Jpeg];
            Some(Self {
                id: PictureId(Uuid::try_parse(id).ok()?),
                width: width.parse().ok()?,
                height: height.parse().ok()?,
                kind: kinds.into_iter().find(|kind| kind.ending() == ending)?,
            })
        };
        // One picture has one name, so that caches hold it once.
        read().filter(|name| name.to_string() == text).ok_or(NoPicture)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn other_spellings_are_no_names() {
        let good = "0123456789abcdef0123456789abcdef-600x200.png";
        assert!(good.parse::<PictureName>().is_ok());
        for wrong in [
            "",
            "0123456789abcdef0123456789abcdef-600x200",
            "0123456789abcdef0123456789abcdef-600x200.svg",
            "0123456789ABCDEF0123456789abcdef-600x200.png",
            "01234567-89ab-cdef-0123-456789abcdef-600x200.png",
            "0123456789abcdef0123456789abcdef-0600x200.png",
            "0123456789abcdef0123456789abcdef-+600x200.png",
            "0123456789abcdef0123456789abcdef-600x200.png.png",
            "../0123456789abcdef0123456789abcdef-600x200.png",
        ] {
            assert_eq!(wrong.parse::<PictureName>(), Err(NoPicture), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_name_is_read_as_it_is_written(id: u128, width: u32, height: u32, is_drawn: bool) {
            let kind = if is_drawn { PictureKind::Png } else { PictureKind::Jpeg };
            let name = PictureName { id: PictureId(Uuid::from_u128(id)), width, height, kind };
            prop_assert_eq!(name.to_string().parse::<PictureName>(), Ok(name));
        }

        #[test]
        fn no_text_breaks_it(text in ".{0,80}") {
            let _ = text.parse::<PictureName>();
        }
    }
}
