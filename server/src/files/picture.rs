//! A picture as it stands in a message: upright, without what the camera wrote into the file, of as many
//! pixels as models look at and as few bytes as a message has room for.

use std::io::Cursor;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::{FilterType, resize};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits, Rgb, RgbImage};

use super::{Content, Unread};

/// The most pixels that are kept: what models that see look at is mostly less.
const MOST_PIXELS: f64 = 1_048_576.0;

/// The most bytes of a JPEG, so that four fit into a message.
const MOST_BYTES: usize = 95_000;

/// How good JPEGs are, from the best to what still shows everything.
const QUALITIES: [u8; 5] = [88, 80, 70, 55, 35];

/// The most pixels that are read, in width or height.
const LONGEST_EDGE: u32 = 16_384;

/// Memory for the pixels of a file.
const FOR_PIXELS: u64 = 512 << 20;

/// A picture of any size, smaller.
pub(super) fn read(file: &[u8]) -> Result<Content, Unread> {
    let none = |_| Unread::NoPicture;
    let reader = ImageReader::new(Cursor::new(file)).with_guessed_format();
    let mut decoder = reader.map_err(|_| Unread::NoPicture)?.into_decoder().map_err(none)?;
    let (width, height) = decoder.dimensions();
    if LONGEST_EDGE < width.max(height) || FOR_PIXELS < decoder.total_bytes() {
        return Err(Unread::TooManyPixels(width, height));
    }
    decoder.set_limits(Limits::default()).map_err(none)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(none)?;
    let shrink = (MOST_PIXELS / (f64::from(width) * f64::from(height))).sqrt();
    if shrink < 1.0 {
        let smaller = |edge: u32| ((f64::from(edge) * shrink) as u32).max(1);
        picture = picture.resize_exact(smaller(width), smaller(height), FilterType::CatmullRom);
    }
    picture.apply_orientation(orientation);
    let mut picture = on_white(&picture);
    loop {
        let (width, height) = picture.dimensions();
        if let Some(jpeg) = jpeg(&picture).map_err(none)? {
            return Ok(Content::Picture { width, height, text: BASE64_STANDARD.encode(jpeg) });
        }
        let smaller = |edge: u32| (edge * 2 / 3).max(1);
        picture = resize(&picture, smaller(width), smaller(height), FilterType::CatmullRom);
    }
}

/// JPEGs have nothing that can be seen through.
fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let rgba = picture.to_rgba8();
    RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let [colour @ .., alpha] = rgba.get_pixel(x, y).0;
        let alpha = u32::from(alpha);
        Rgb(colour.map(|it| ((u32::from(it) * alpha + 255 * (255 - alpha)) / 255) as u8))
    })
}

/// The best JPEG that is not too large, where there is one.
fn jpeg(picture: &RgbImage) -> image::ImageResult<Option<Vec<u8>>> {
    for quality in QUALITIES {
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(picture)?;
        if bytes.len() <= MOST_BYTES {
            return Ok(Some(bytes));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use image::{ImageFormat, Rgba, RgbaImage};

    use super::*;

    fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).expect("it is a picture");
        bytes.into_inner()
    }

    fn read_back(file: &[u8]) -> RgbImage {
        let Ok(Content::Picture { width, height, text }) = read(file) else { panic!("it is one") };
        let jpeg = BASE64_STANDARD.decode(text).expect("it is base64");
        assert!(jpeg.len() <= MOST_BYTES, "{}", jpeg.len());
        let picture = image::load_from_memory_with_format(&jpeg, ImageFormat::Jpeg);
        let picture = picture.expect("it is a JPEG").to_rgb8();
        assert_eq!(picture.dimensions(), (width, height));
        picture
    }

    #[test]
    fn a_large_picture_becomes_smaller_and_keeps_its_form() {
        // More than any photograph has: every pixel is by chance.
        let mut seed = 1_u32;
        let photograph = RgbImage::from_fn(2_400, 1_200, |x, _| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            Rgb([(seed >> 24) as u8 / 2 + (x / 20) as u8, (seed >> 16) as u8 / 2, 90])
        });
        let small = read_back(&file(&photograph.into(), ImageFormat::Png));
        assert_eq!(small.dimensions(), (965, 482));
        let plain = RgbImage::from_fn(2_400, 1_200, |x, _| Rgb([(x / 10) as u8, 90, 90]));
        let small = read_back(&file(&plain.into(), ImageFormat::Png));
        assert_eq!(small.dimensions(), (1_448, 724));
    }

    #[test]
    fn what_can_be_seen_through_becomes_white() {
        let mut picture = RgbaImage::from_pixel(16, 16, Rgba([0, 0, 0, 0]));
        picture.put_pixel(0, 0, Rgba([200, 0, 0, 255]));
        let read = read_back(&file(&picture.into(), ImageFormat::Png));
        assert!(
            read.get_pixel(12, 12).0.iter().all(|&it| 250 < it),
            "{:?}",
            read.get_pixel(12, 12)
        );
    }

    #[test]
    fn every_kind_is_read_and_anything_else_is_not() {
        let picture = DynamicImage::from(RgbImage::from_pixel(20, 10, Rgb([10, 120, 240])));
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Gif] {
            let whole = file(&picture, format);
            let [r, g, b] = read_back(&whole).get_pixel(9, 5).0;
            assert!(r < 40 && (90..150).contains(&g) && 200 < b, "{format:?}: {r} {g} {b}");
            assert!(matches!(read(&whole[..12]), Err(Unread::NoPicture)), "{format:?}");
        }
        for other in [&b""[..], b"\0\x01", b"<svg xmlns=\"a\"/>"] {
            assert!(matches!(read(other), Err(Unread::NoPicture)));
        }
    }

    #[test]
    fn more_pixels_than_there_is_memory_for_are_not_read() {
        let mut file = file(&RgbImage::new(1, 1).into(), ImageFormat::Png);
        // The header of a PNG says how large it is, and its checksum follows.
        file[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
        let mut crc = flate2::Crc::new();
        crc.update(&file[12..29]);
        file[29..33].copy_from_slice(&crc.sum().to_be_bytes());
        assert!(matches!(read(&file), Err(Unread::TooManyPixels(60_000, 1))));
    }
}
