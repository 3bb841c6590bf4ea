//! The reader. It borrows the input; payloads are decompressed only when asked for.

use std::borrow::Cow;
use std::io::Read;

use crate::error::{Error, ErrorKind};
use crate::format::{
    CONTAINER_VERSION, ENTRY_HEADER_LEN, FLAG_LZ4, FLAG_ZSTD, HEADER_LEN, Kind, MAGIC, MAX_UNCOMPRESSED,
};

/// A parsed container.
#[derive(Debug, Clone)]
pub struct FatBinary<'a> {
    pub entries: Vec<Entry<'a>>,
}

/// One image of the container.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    pub kind: Kind,
    /// Compute capability times ten: 80 is sm_80.
    pub arch: u32,
    /// PTX ISA version of the entry, (major, minor), as the producer wrote it.
    pub version: (u16, u16),
    pub flags: u64,
    /// Name of the translation unit, where the producer recorded it.
    pub name: Option<String>,
    /// The payload as stored.
    pub stored: &'a [u8],
    uncompressed_size: u64,
    offset: usize,
}

/// Bytes that the container at the start of `bytes` takes, header included. `bytes` needs to hold the header only: a
/// program hands over a pointer, and this is how its extent becomes known.
pub fn total_len(bytes: &[u8]) -> Result<usize, Error> {
    let mut r = Cursor { bytes, at: 0 };
    r.need(HEADER_LEN, "container header")?;
    let magic = r.u32();
    if magic != MAGIC {
        return Err(Error { offset: 0, kind: ErrorKind::BadMagic(magic) });
    }
    let version = r.u16();
    if version != CONTAINER_VERSION {
        return Err(Error { offset: 4, kind: ErrorKind::BadVersion(version) });
    }
    let header = r.u16();
    if usize::from(header) < HEADER_LEN {
        return Err(Error { offset: 6, kind: ErrorKind::BadHeaderSize(header.into()) });
    }
    let body = r.u64();
    usize::try_from(body)
        .ok()
        .and_then(|body| body.checked_add(header.into()))
        .ok_or(Error { offset: 8, kind: ErrorKind::BadSize { what: "container", size: body } })
}

/// Parses the container at the start of `bytes`; bytes after it are ignored.
pub fn parse(bytes: &[u8]) -> Result<FatBinary<'_>, Error> {
    let total = total_len(bytes)?;
    if total > bytes.len() {
        let size = total as u64;
        return Err(Error { offset: 8, kind: ErrorKind::BadSize { what: "container", size } });
    }
    let bytes = &bytes[..total];
    let mut at = usize::from(u16::from_le_bytes([bytes[6], bytes[7]]));
    let mut entries = Vec::new();
    while at < total {
        // Producers align the body: zero bytes at its end are not an entry.
        if bytes[at..].iter().all(|&b| b == 0) {
            break;
        }
        let (entry, next) = entry(bytes, at)?;
        entries.push(entry);
        at = next;
    }
    Ok(FatBinary { entries })
}

fn entry(bytes: &[u8], start: usize) -> Result<(Entry<'_>, usize), Error> {
    let mut r = Cursor { bytes, at: start };
    r.need(ENTRY_HEADER_LEN, "entry header")?;
    let kind = Kind::from_code(r.u16());
    let _version = r.u16();
    let header_size = r.u32() as usize;
    let padded_size = r.u64();
    let compressed_size = r.u32() as usize;
    let _options_offset = r.u32();
    let minor = r.u16();
    let major = r.u16();
    let arch = r.u32();
    let name_offset = r.u32() as usize;
    let name_len = r.u32() as usize;
    let flags = r.u64();
    let _zero = r.u64();
    let uncompressed_size = r.u64();

    if header_size < ENTRY_HEADER_LEN || header_size > bytes.len() - start {
        return Err(Error { offset: start + 4, kind: ErrorKind::BadHeaderSize(header_size as u64) });
    }
    let payload_start = start + header_size;
    let payload_len =
        usize::try_from(padded_size).ok().filter(|&len| len <= bytes.len() - payload_start).ok_or(Error {
            offset: start + 8,
            kind: ErrorKind::BadSize { what: "payload", size: padded_size },
        })?;
    let mut stored = &bytes[payload_start..payload_start + payload_len];
    if flags & (FLAG_LZ4 | FLAG_ZSTD) != 0 {
        stored = stored.get(..compressed_size).ok_or(Error {
            offset: start + 16,
            kind: ErrorKind::BadSize { what: "compressed payload", size: compressed_size as u64 },
        })?;
    }
    let name = bytes[start..payload_start]
        .get(name_offset..name_offset.saturating_add(name_len))
        .filter(|name| !name.is_empty() && name_offset >= ENTRY_HEADER_LEN)
        .map(|name| String::from_utf8_lossy(name).trim_end_matches('\0').to_owned());
    let entry = Entry {
        kind,
        arch,
        version: (major, minor),
        flags,
        name,
        stored,
        uncompressed_size,
        offset: payload_start,
    };
    Ok((entry, payload_start + payload_len))
}

impl<'a> Entry<'a> {
    /// The payload, decompressed where it is compressed; PTX text without the NUL bytes that pad it.
    pub fn payload(&self) -> Result<Cow<'a, [u8]>, Error> {
        let fail = |kind| Error { offset: self.offset, kind };
        let bytes = match (self.flags & FLAG_LZ4 != 0, self.flags & FLAG_ZSTD != 0) {
            (false, false) => Cow::Borrowed(self.stored),
            (true, true) => return Err(fail(ErrorKind::UnknownCompression(self.flags))),
            (lz4, _) => {
                if self.uncompressed_size > MAX_UNCOMPRESSED {
                    return Err(fail(ErrorKind::TooLarge(self.uncompressed_size)));
                }
                let size = self.uncompressed_size as usize;
                let out = if lz4 { unlz4(self.stored, size) } else { unzstd(self.stored, size) };
                Cow::Owned(out.map_err(|why| fail(ErrorKind::BadCompression(why)))?)
            }
        };
        if self.kind != Kind::Ptx {
            return Ok(bytes);
        }
        let text_len = bytes.iter().rposition(|&b| b != 0).map_or(0, |last| last + 1);
        Ok(match bytes {
            Cow::Borrowed(b) => Cow::Borrowed(&b[..text_len]),
            Cow::Owned(mut b) => {
                b.truncate(text_len);
                Cow::Owned(b)
            }
        })
    }
}

fn unlz4(stored: &[u8], size: usize) -> Result<Vec<u8>, String> {
    // An LZ4 byte describes at most 255 bytes: a larger claim is a lie, refused before memory is taken for it.
    if size > stored.len().saturating_mul(255).saturating_add(64) {
        return Err(format!("{} bytes cannot expand to {size}", stored.len()));
    }
    let out = lz4_flex::block::decompress(stored, size).map_err(|e| e.to_string())?;
    if out.len() == size { Ok(out) } else { Err(format!("{} bytes instead of {size}", out.len())) }
}

fn unzstd(stored: &[u8], size: usize) -> Result<Vec<u8>, String> {
    let mut out = Vec::new();
    let decoder = ruzstd::decoding::StreamingDecoder::new(stored).map_err(|e| e.to_string())?;
    decoder.take(size as u64 + 1).read_to_end(&mut out).map_err(|e| e.to_string())?;
    if out.len() == size { Ok(out) } else { Err(format!("{} bytes instead of {size}", out.len())) }
}

struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Cursor<'_> {
    fn need(&self, need: usize, what: &'static str) -> Result<(), Error> {
        let have = self.bytes.len().saturating_sub(self.at);
        if have < need {
            return Err(Error { offset: self.at, kind: ErrorKind::Truncated { what, need, have } });
        }
        Ok(())
    }

    /// The next `N` bytes; the caller has asked [`Cursor::need`] for them.
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let mut out = [0; N];
        out.copy_from_slice(&self.bytes[self.at..self.at + N]);
        self.at += N;
        out
    }

    fn u16(&mut self) -> u16 {
        u16::from_le_bytes(self.take())
    }

    fn u32(&mut self) -> u32 {
        u32::from_le_bytes(self.take())
    }

    fn u64(&mut self) -> u64 {
        u64::from_le_bytes(self.take())
    }
}
