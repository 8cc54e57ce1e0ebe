//! Reading codes as a scanner does.

/// The text of the only code in a PNG picture.
///
/// # Panics
/// Where there is no picture, or not exactly one code that can be read.
#[must_use]
pub fn read_code(picture: &[u8]) -> String {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(picture));
    decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::STRIP_16);
    let mut reader = decoder.read_info().expect("a picture");
    let mut pixels = vec![0; reader.output_buffer_size().expect("its size")];
    let info = reader.next_frame(&mut pixels).expect("its pixels");
    let samples = info.color_type.samples();
    let (width, height) = (info.width as usize, info.height as usize);
    read_pixels(width, height, |x, y| pixels[y * info.line_size + x * samples])
}

/// The text of the only code drawn as an SVG path of rectangles one unit high, on a square of so many units.
///
/// # Panics
/// Where the path is another, or not exactly one code can be read.
#[must_use]
pub fn read_path(side: usize, path: &str) -> String {
    const SCALE: usize = 4;
    let mut dark = vec![false; side * side];
    for run in path.split('M').skip(1) {
        let (corner, width) = run.split_once('h').expect("M<x> <y>h<width>v1h-<width>z");
        let (x, y) = corner.split_once(' ').expect("x and y");
        let width = width.split('v').next().expect("a width");
        let number = |text: &str| text.parse::<usize>().expect("a number");
        for step in 0..number(width) {
            dark[number(y) * side + number(x) + step] = true;
        }
    }
    read_pixels(side * SCALE, side * SCALE, |x, y| {
        if dark[y / SCALE * side + x / SCALE] { 0 } else { 255 }
    })
}

fn read_pixels(width: usize, height: usize, pixel: impl FnMut(usize, usize) -> u8) -> String {
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, pixel);
    let grids = image.detect_grids();
    assert_eq!(grids.len(), 1, "exactly one code");
    grids[0].decode().expect("it can be read").1
}
