//! The colour that an organization's pages wear, so that everybody can read what is written in it.
//!
//! Contrast is WCAG 2.2's (success criterion 1.4.3): at least 4.5:1 between a colour and what it stands on. The light and
//! the dark theme stand on different grounds, so a colour is fitted to each: the hue stays, the lightness moves no further
//! than it must.
//!
//! ```
//! use consentry_domain::accent::{Rgb, Theme};
//!
//! let yellow: Rgb = "#ffcc00".parse()?;
//! assert!(!Theme::Light.carries(yellow));
//! let fitted = Theme::Light.nearest(yellow);
//! assert!(Theme::Light.carries(fitted));
//! # Ok::<(), consentry_domain::accent::NoColour>(())
//! ```

use std::fmt;
use std::str::FromStr;

/// How much contrast a text of ordinary size needs.
pub const ENOUGH: f64 = 4.5;

/// How many steps there are from black to white when a lightness is looked for.
const STEPS: u16 = 1000;

/// A colour of sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// A text is no colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a colour is written as # and six hexadecimal digits")]
pub struct NoColour;

impl FromStr for Rgb {
    type Err = NoColour;

    fn from_str(text: &str) -> Result<Self, NoColour> {
        let digits = text.strip_prefix('#').ok_or(NoColour)?;
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NoColour);
        }
        let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).map_err(|_| NoColour);
        Ok(Self(part(0)?, part(2)?, part(4)?))
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

impl Rgb {
    /// The relative luminance: 0 for black, 1 for white.
    #[must_use]
    pub fn luminance(self) -> f64 {
        let linear = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// The contrast to another colour, from 1 (the same) to 21 (black and white); whichever comes first.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// Hue in sixths of the circle, saturation and lightness from 0 to 1.
    fn hsl(self) -> (f64, f64, f64) {
        let [red, green, blue] = [self.0, self.1, self.2].map(|part| f64::from(part) / 255.0);
        let (most, least) = (red.max(green).max(blue), red.min(green).min(blue));
        let (lightness, chroma) = (f64::midpoint(most, least), most - least);
        if chroma <= 0.0 {
            return (0.0, 0.0, lightness);
        }
        let hue = if most <= red {
            ((green - blue) / chroma).rem_euclid(6.0)
        } else if most <= green {
            (blue - red) / chroma + 2.0
        } else {
            (red - green) / chroma + 4.0
        };
        (hue, chroma / (1.0 - (2.0 * lightness - 1.0).abs()), lightness)
    }

    fn of_hsl(hue: f64, saturation: f64, lightness: f64) -> Self {
        let chroma = (1.0 - (2.0 * lightness - 1.0).abs()) * saturation;
        let part = |turn: f64| {
            let place = (hue + turn).rem_euclid(6.0);
            let share = (2.0 - (place - 3.0).abs()).clamp(0.0, 1.0);
            byte(lightness + chroma * (0.5 - share))
        };
        Self(part(0.0), part(4.0), part(2.0))
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it lies between 0 and 255")]
fn byte(part: f64) -> u8 {
    (part.clamp(0.0, 1.0) * 255.0).round() as u8
}

/// What pages stand on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// Every ground on which a link or a word in the accent colour can stand: page, card, sunken, good, warning, bad. A
    /// test compares them with the style sheet.
    #[must_use]
    pub const fn grounds(self) -> [Rgb; 6] {
        match self {
            Self::Light => [
                Rgb(0xfb, 0xfa, 0xf8),
                Rgb(0xff, 0xff, 0xff),
                Rgb(0xf2, 0xf0, 0xec),
                Rgb(0xe4, 0xf3, 0xe9),
                Rgb(0xfd, 0xf1, 0xd8),
                Rgb(0xfc, 0xeb, 0xe9),
            ],
            Self::Dark => [
                Rgb(0x16, 0x18, 0x1a),
                Rgb(0x1e, 0x21, 0x23),
                Rgb(0x26, 0x29, 0x2c),
                Rgb(0x17, 0x33, 0x1f),
                Rgb(0x3a, 0x2b, 0x0c),
                Rgb(0x42, 0x19, 0x15),
            ],
        }
    }

    /// What is written on a button in the accent colour.
    #[must_use]
    pub const fn ink(self) -> Rgb {
        match self {
            Self::Light => Rgb(0xff, 0xff, 0xff),
            Self::Dark => Rgb(0x0e, 0x10, 0x11),
        }
    }

    /// Whether everybody can read what is written in this colour, and what is written on it.
    #[must_use]
    pub fn carries(self, colour: Rgb) -> bool {
        let mut beside = self.grounds().into_iter().chain([self.ink()]);
        beside.all(|other| colour.contrast(other) >= ENOUGH)
    }

    /// The nearest colour that this theme carries: of the same hue, no darker (or, on dark, lighter) than it must be. The
    /// colour itself where it is good.
    #[must_use]
    pub fn nearest(self, colour: Rgb) -> Rgb {
        if self.carries(colour) {
            return colour;
        }
        let (hue, saturation, lightness) = colour.hsl();
        let step = |number: u16| f64::from(number) / f64::from(STEPS);
        let fitted = |to: f64| Rgb::of_hsl(hue, saturation, to);
        let mut steps = (0..=STEPS).map(|number| match self {
            Self::Light => lightness * (1.0 - step(number)),
            Self::Dark => lightness + (1.0 - lightness) * step(number),
        });
        let found = steps.find_map(|to| Some(fitted(to)).filter(|colour| self.carries(*colour)));
        // Black and white are carried, so there is always one.
        found.unwrap_or(match self {
            Self::Light => Rgb(0, 0, 0),
            Self::Dark => Rgb(255, 255, 255),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rgb(text: &str) -> Rgb {
        text.parse().expect("a colour")
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        let cases = [
            ("#000000", "#ffffff", 21.0),
            ("#ffffff", "#ffffff", 1.0),
            ("#777777", "#ffffff", 4.48),
            ("#767676", "#ffffff", 4.54),
            ("#ff0000", "#ffffff", 4.0),
            ("#0000ff", "#ffffff", 8.59),
            ("#008000", "#ffffff", 5.14),
            ("#ffff00", "#ffffff", 1.07),
        ];
        for (one, other, expected) in cases {
            let found = rgb(one).contrast(rgb(other));
            assert!((found - expected).abs() < 0.01, "{one} on {other}: {found}");
            assert!((rgb(other).contrast(rgb(one)) - found).abs() < 1e-9);
        }
    }

    #[test]
    fn what_is_no_colour_is_refused() {
        for wrong in [
            "", "#", "red", "#fff", "#12345", "#1234567", "123456", "#12345g", "#12é45", "#+12345",
        ] {
            assert_eq!(wrong.parse::<Rgb>(), Err(NoColour), "{wrong}");
        }
        assert_eq!(rgb("#A0b1C2").to_string(), "#a0b1c2");
    }

    #[test]
    fn a_colour_that_is_too_pale_gets_darker_and_keeps_its_hue() {
        let fitted = Theme::Light.nearest(rgb("#ffcc00"));
        let ((before, _, _), (after, _, _)) = (rgb("#ffcc00").hsl(), fitted.hsl());
        assert!((before - after).abs() < 0.05, "{fitted}");
        let weakest = Theme::Light.grounds().map(|ground| ground.contrast(fitted));
        let weakest = weakest.into_iter().fold(f64::INFINITY, f64::min);
        assert!(weakest < 4.7, "{fitted} is no darker than it must be: {weakest}");
        assert_eq!(Theme::Light.nearest(rgb("#1f5f5b")), rgb("#1f5f5b"), "ours is good");
    }

    proptest! {
        #[test]
        fn whatever_the_colour_what_is_suggested_is_carried_and_stays(red: u8, green: u8, blue: u8) {
            for theme in [Theme::Light, Theme::Dark] {
                let fitted = theme.nearest(Rgb(red, green, blue));
                prop_assert!(theme.carries(fitted), "{fitted}");
                prop_assert_eq!(theme.nearest(fitted), fitted);
                prop_assert_eq!(fitted.to_string().parse::<Rgb>(), Ok(fitted));
            }
        }

        #[test]
        fn hue_saturation_and_lightness_say_the_same_colour(red: u8, green: u8, blue: u8) {
            let (hue, saturation, lightness) = Rgb(red, green, blue).hsl();
            prop_assert_eq!(Rgb::of_hsl(hue, saturation, lightness), Rgb(red, green, blue));
        }
    }
}
