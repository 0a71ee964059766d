//! An address as a picture that a phone's camera reads (a QR code).

use qrcode::render::{svg, unicode};
use qrcode::{EcLevel, QrCode};

/// As SVG, in black on white whatever the colours of the page: cameras want it so. `None` when it is too
/// long.
pub fn picture(address: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(address, EcLevel::M).ok()?;
    Some(code.render::<svg::Color>().min_dimensions(240, 240).build())
}

/// As text for a terminal with a dark ground.
pub fn for_terminal(address: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(address, EcLevel::L).ok()?;
    let (dark, light) = (unicode::Dense1x2::Light, unicode::Dense1x2::Dark);
    Some(code.render::<unicode::Dense1x2>().dark_color(dark).light_color(light).build())
}
