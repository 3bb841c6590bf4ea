//! The writer.

use crate::format::{
    CONTAINER_VERSION, ENTRY_HEADER_LEN, ENTRY_VERSION, FLAG_64BIT, FLAG_LINUX, FLAG_LZ4, HEADER_LEN, Kind,
    MAGIC,
};

/// How payloads are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    None,
    Lz4,
}

/// One image to store.
#[derive(Debug, Clone)]
pub struct Image<'a> {
    pub kind: Kind,
    /// Compute capability times ten.
    pub arch: u32,
    /// PTX ISA version.
    pub version: (u16, u16),
    /// Name of the translation unit; may be empty.
    pub name: &'a str,
    pub payload: &'a [u8],
}

/// Writes a container with the images in their order.
pub fn write(images: &[Image<'_>], compression: Compression) -> Vec<u8> {
    let mut body = Vec::new();
    for image in images {
        entry(&mut body, image, compression);
    }
    let mut out = Vec::with_capacity(HEADER_LEN + body.len());
    out.extend(MAGIC.to_le_bytes());
    out.extend(CONTAINER_VERSION.to_le_bytes());
    out.extend((HEADER_LEN as u16).to_le_bytes());
    out.extend((body.len() as u64).to_le_bytes());
    out.append(&mut body);
    out
}

fn entry(body: &mut Vec<u8>, image: &Image<'_>, compression: Compression) {
    // PTX is NUL-terminated in containers, so that a loader may hand it on as a C string.
    let mut payload = image.payload.to_vec();
    if image.kind == Kind::Ptx && payload.last() != Some(&0) {
        payload.push(0);
    }
    let uncompressed = payload.len() as u64;
    let mut flags = FLAG_64BIT | FLAG_LINUX;
    let mut compressed_size = 0u32;
    if compression == Compression::Lz4 {
        payload = lz4_flex::block::compress(&payload);
        flags |= FLAG_LZ4;
        compressed_size = payload.len() as u32;
    }
    pad(&mut payload);
    let mut name = image.name.as_bytes().to_vec();
    pad(&mut name);
    let header_len = ENTRY_HEADER_LEN + name.len();

    body.extend(image.kind.code().to_le_bytes());
    body.extend(ENTRY_VERSION.to_le_bytes());
    body.extend((header_len as u32).to_le_bytes());
    body.extend((payload.len() as u64).to_le_bytes());
    body.extend(compressed_size.to_le_bytes());
    body.extend(0u32.to_le_bytes());
    body.extend(image.version.1.to_le_bytes());
    body.extend(image.version.0.to_le_bytes());
    body.extend(image.arch.to_le_bytes());
    body.extend(if name.is_empty() { 0u32 } else { ENTRY_HEADER_LEN as u32 }.to_le_bytes());
    body.extend((image.name.len() as u32).to_le_bytes());
    body.extend(flags.to_le_bytes());
    body.extend(0u64.to_le_bytes());
    body.extend(if compression == Compression::None { 0 } else { uncompressed }.to_le_bytes());
    body.append(&mut name);
    body.append(&mut payload);
}

fn pad(bytes: &mut Vec<u8>) {
    bytes.resize(bytes.len().next_multiple_of(8), 0);
}
