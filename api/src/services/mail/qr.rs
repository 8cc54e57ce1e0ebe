//! Codes to be scanned, as pictures.

use qrcode::{Color, EcLevel, QrCode};

/// Pixels per module.
const SCALE: usize = 6;
/// Modules of white around the code, as the standard demands.
const QUIET: usize = 4;

/// Why a code cannot be made into a picture.
#[derive(Debug, thiserror::Error)]
pub enum QrError {
    /// Too much for a code.
    #[error("too much text for a code")]
    Code(#[from] qrcode::types::QrError),
    /// The picture cannot be written.
    #[error("the picture cannot be written")]
    Png(#[from] png::EncodingError),
}

/// The text as a QR code of medium error correction, in a black and white PNG picture.
///
/// # Errors
/// Where the text is longer than a code holds.
pub fn png(text: &str) -> Result<Vec<u8>, QrError> {
    let code = QrCode::with_error_correction_level(text.as_bytes(), EcLevel::M)?;
    let modules = code.width();
    let colors = code.to_colors();
    let side = (modules + 2 * QUIET) * SCALE;
    let bytes_per_row = side.div_ceil(8);
    // One bit per pixel, one is white.
    let mut pixels = vec![0xff_u8; bytes_per_row * side];
    for y in QUIET * SCALE..(QUIET + modules) * SCALE {
        for x in QUIET * SCALE..(QUIET + modules) * SCALE {
            if colors[(y / SCALE - QUIET) * modules + x / SCALE - QUIET] == Color::Dark {
                pixels[y * bytes_per_row + x / 8] &= !(0x80 >> (x % 8));
            }
        }
    }
    let mut file = Vec::new();
    let side = u32::try_from(side).unwrap_or(u32::MAX);
    let mut encoder = png::Encoder::new(&mut file, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&pixels)?;
    writer.finish()?;
    Ok(file)
}
