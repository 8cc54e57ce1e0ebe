//! From a file that somebody sent to a picture of ours: decoded within bounds, turned as the camera was held, scaled down,
//! written anew.

use std::io::Cursor;

use consentry_domain::picture::{LONGEST_SIDE, PictureKind};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::imageops::FilterType::Lanczos3;
use image::metadata::Orientation;
use image::{DynamicImage, ExtendedColorType, ImageDecoder, ImageError, ImageFormat, ImageReader, ImageResult, Limits};
use image::{GenericImageView, ImageEncoder};

/// How many pixels are decoded at most: known before the first one is.
const MOST_PIXELS: u64 = 40_000_000;

/// How much memory a decoder is given at most, in bytes.
const MOST_MEMORY: u64 = 200 * 1024 * 1024;

/// A drawing stays one as long as it is no larger than this, in bytes.
const LARGEST_DRAWING: usize = 200 * 1024;

/// How well photographs are kept, in percent.
const QUALITY: u8 = 85;

/// A picture of ours.
#[derive(Debug)]
pub(super) struct Painted {
    pub(super) kind: PictureKind,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) bytes: Vec<u8>,
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// It is of another kind.
    Kind,
    /// It cannot be read to its end.
    Broken,
    /// It has too many pixels.
    TooLarge,
}

/// See the module.
pub(super) fn paint(file: &[u8]) -> Result<Painted, Unfit> {
    let format = image::guess_format(file).map_err(|_| Unfit::Kind)?;
    match format {
        ImageFormat::Png | ImageFormat::WebP => {}
        // Its decoder paints grey what is missing.
        ImageFormat::Jpeg if !is_whole(file) => return Err(Unfit::Broken),
        ImageFormat::Jpeg => {}
        _ => return Err(Unfit::Kind),
    }
    let picture = scaled(decoded(file, format)?);
    written(&picture, format).map_err(|_| Unfit::Broken)
}

/// Its pixels, upright.
fn decoded(file: &[u8], format: ImageFormat) -> Result<DynamicImage, Unfit> {
    let reader = ImageReader::with_format(Cursor::new(file), format);
    let mut decoder = reader.into_decoder().map_err(|error| unfit(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS || decoder.total_bytes() > MOST_MEMORY {
        return Err(Unfit::TooLarge);
    }
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MOST_MEMORY);
    decoder.set_limits(limits).map_err(|error| unfit(&error))?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| unfit(&error))?;
    if picture.width().max(picture.height()) > 4 * LONGEST_SIDE {
        // Roughly first: sharpening all of a large one takes seconds and much memory.
        picture = picture.thumbnail(2 * LONGEST_SIDE, 2 * LONGEST_SIDE);
    }
    picture.apply_orientation(orientation);
    Ok(picture)
}

fn unfit(error: &ImageError) -> Unfit {
    match error {
        ImageError::Limits(_) => Unfit::TooLarge,
        _ => Unfit::Broken,
    }
}

/// No larger than we keep them; a small one stays as it is.
fn scaled(picture: DynamicImage) -> DynamicImage {
    let (width, height) = picture.dimensions();
    if width.max(height) > LONGEST_SIDE {
        picture.resize(LONGEST_SIDE, LONGEST_SIDE, Lanczos3)
    } else {
        picture
    }
}

fn written(picture: &DynamicImage, format: ImageFormat) -> ImageResult<Painted> {
    let (width, height) = picture.dimensions();
    let painted = |kind, bytes| Painted {
        kind,
        width,
        height,
        bytes,
    };
    let seen = picture.to_rgba8();
    if seen.pixels().any(|pixel| pixel.0[3] != u8::MAX) {
        let bytes = drawing(seen.as_raw(), (width, height), ExtendedColorType::Rgba8)?;
        return Ok(painted(PictureKind::Png, bytes));
    }
    let opaque = picture.to_rgb8();
    if format == ImageFormat::Png {
        let bytes = drawing(opaque.as_raw(), (width, height), ExtendedColorType::Rgb8)?;
        if bytes.len() <= LARGEST_DRAWING {
            return Ok(painted(PictureKind::Png, bytes));
        }
    }
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, QUALITY);
    encoder.write_image(opaque.as_raw(), width, height, ExtendedColorType::Rgb8)?;
    Ok(painted(PictureKind::Jpeg, bytes))
}

fn drawing(pixels: &[u8], (width, height): (u32, u32), colours: ExtendedColorType) -> ImageResult<Vec<u8>> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::Adaptive);
    encoder.write_image(pixels, width, height, colours)?;
    Ok(bytes)
}

/// Whether a JPEG has its end: the marker behind the first piece of picture. One inside a preview does not count.
fn is_whole(file: &[u8]) -> bool {
    let mut rest = file.get(2..).unwrap_or_default();
    let mut within = false;
    while let Some(at) = rest.iter().position(|byte| *byte == 0xff) {
        let Some(marker) = rest.get(at + 1) else {
            return false;
        };
        rest = match marker {
            0xd9 if within => return true,
            // A byte of the picture, another beginning of a marker, a mark within the picture.
            0x00 | 0x01 | 0xd0..=0xd9 => &rest[at + 2..],
            0xff => &rest[at + 1..],
            _ => {
                within |= *marker == 0xda;
                let Some([high, low]) = rest.get(at + 2..at + 4) else {
                    return false;
                };
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                rest.get(at + 2 + length..).unwrap_or_default()
            }
        };
    }
    false
}
