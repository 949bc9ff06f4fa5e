//! Pictures: recognised by their content, never by their name. PNG, JPEG and WebP are taken as they are; SVG is written anew by an allow-list.
//!
//! This module must not know where a picture comes from, nor how its faults are worded: see [`crate::import::problem`].

mod svg;

use crate::id::Digest32;
use crate::item::Picture;

/// Largest file, bytes.
pub const BYTES_MAX: usize = 2 * 1024 * 1024;
/// Longest side, pixels.
pub const SIDE_MAX: u32 = 6_000;

/// A picture that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The picture.
    pub picture: Picture,
    /// What was taken out of an SVG, each name once.
    pub removed: Vec<String>,
}

/// Why a file is not a picture we take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadPicture {
    /// Not one of the four kinds.
    #[error("the file is neither PNG, JPEG, WebP nor SVG")]
    Kind,
    /// More than [`BYTES_MAX`].
    #[error("the file is larger than 2 MiB")]
    TooLarge,
    /// A side of 0, or of more than [`SIDE_MAX`].
    #[error("a side is not 1 to 6,000 pixels")]
    Side,
    /// The file ends too early or its parts do not fit.
    #[error("the file is damaged")]
    Damaged,
    /// The SVG is not XML, has a DTD, or has too many parts.
    #[error("the SVG cannot be read")]
    SvgUnreadable,
    /// The SVG says nowhere how large it is.
    #[error("the SVG has neither a viewBox nor a width and a height")]
    SvgUnsized,
}

/// Reads a picture.
pub fn read(bytes: &[u8]) -> Result<Read, BadPicture> {
    if bytes.len() > BYTES_MAX {
        return Err(BadPicture::TooLarge);
    }
    let raster = |media_type, side: Option<(u32, u32)>| {
        let (width, height) = side.ok_or(BadPicture::Damaged)?;
        if ![width, height].iter().all(|side| (1..=SIDE_MAX).contains(side)) {
            return Err(BadPicture::Side);
        }
        Ok(Read { picture: named(media_type, bytes.to_vec()), removed: Vec::new() })
    };
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', chunks @ ..] => raster("image/png", png_size(chunks)),
        [0xff, 0xd8, segments @ ..] => raster("image/jpeg", jpeg_size(segments)),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', chunk @ ..] => raster("image/webp", webp_size(chunk)),
        _ => {
            let text = std::str::from_utf8(bytes).map_err(|_| BadPicture::Kind)?;
            let text = text.strip_prefix('\u{feff}').unwrap_or(text);
            if !text.trim_start().starts_with('<') {
                return Err(BadPicture::Kind);
            }
            let (svg, removed) = svg::sanitise(text)?;
            Ok(Read { picture: named("image/svg+xml", svg.into_bytes()), removed })
        }
    }
}

/// The usual ending of a file name for a media type of ours.
pub fn extension(media_type: &str) -> &'static str {
    match media_type {
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "image/webp" => "webp",
        "image/svg+xml" => "svg",
        _ => "bin",
    }
}

fn named(media_type: &'static str, bytes: Vec<u8>) -> Picture {
    Picture { hash: Digest32::of(&bytes), media_type, bytes }
}

fn be16(bytes: &[u8]) -> Option<u32> {
    Some(u32::from(u16::from_be_bytes(bytes.get(..2)?.try_into().ok()?)))
}

fn be32(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?))
}

fn le16(bytes: &[u8]) -> Option<u32> {
    Some(u32::from(u16::from_le_bytes(bytes.get(..2)?.try_into().ok()?)))
}

fn le24(bytes: &[u8]) -> Option<u32> {
    let bytes = bytes.get(..3)?;
    Some(u32::from_le_bytes([bytes[0], bytes[1], bytes[2], 0]))
}

/// The first chunk is IHDR; the chunks must reach IEND, or the file was cut off on its way.
fn png_size(chunks: &[u8]) -> Option<(u32, u32)> {
    if be32(chunks)? != 13 || chunks.get(4..8)? != b"IHDR" {
        return None;
    }
    let size = (be32(&chunks[8..])?, be32(chunks.get(12..)?)?);
    let mut rest = chunks;
    while rest.get(4..8)? != b"IEND" {
        let length = usize::try_from(be32(rest)?).ok()?.checked_add(12)?;
        rest = rest.get(length..)?;
    }
    Some(size)
}

/// Walks the segments to the frame header (SOF0 to SOF15 but for the three that are no frames); the scan must follow it.
fn jpeg_size(segments: &[u8]) -> Option<(u32, u32)> {
    let mut rest = segments;
    let mut size = None;
    loop {
        let [0xff, marker, after @ ..] = rest else {
            return None;
        };
        match marker {
            // Fill bytes, and markers without a length.
            0xff => rest = &rest[1..],
            0x01 | 0xd0..=0xd7 => rest = after,
            0xda => return size,
            0xd9 => return None,
            _ => {
                if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
                    size = Some((be16(after.get(5..)?)?, be16(after.get(3..)?)?));
                }
                let length = usize::try_from(be16(after)?).ok()?;
                rest = after.get(length.max(2)..)?;
            }
        }
    }
}

/// The three forms of a WebP file: lossy, lossless, extended.
fn webp_size(chunk: &[u8]) -> Option<(u32, u32)> {
    let body = chunk.get(8..)?;
    match chunk.get(..4)? {
        b"VP8 " if body.get(3..6)? == [0x9d, 0x01, 0x2a] => Some((le16(body.get(6..)?)? & 0x3fff, le16(body.get(8..)?)? & 0x3fff)),
        b"VP8L" if *body.first()? == 0x2f => {
            let bits = u32::from_le_bytes(body.get(1..5)?.try_into().ok()?);
            Some(((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1))
        }
        b"VP8X" => Some((le24(body.get(4..)?)? + 1, le24(body.get(7..)?)? + 1)),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
