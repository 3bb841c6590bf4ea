//! Round trips, selection, and a mutation test: no input makes the reader panic or take memory without bound.

use fatbin::{Compression, ErrorKind, Image, Kind, parse, select_ptx, total_len, write};

const PTX: &str = ".version 8.5\n.target sm_80\n.address_size 64\n.visible .entry k() { ret; }\n";

fn image(arch: u32, name: &'static str, payload: &'static str) -> Image<'static> {
    Image { kind: Kind::Ptx, arch, version: (8, 5), name, payload: payload.as_bytes() }
}

fn round_trip(compression: Compression) {
    let bytes = write(&[image(60, "a.cu", PTX), image(80, "", "short")], compression);
    assert_eq!(total_len(&bytes).unwrap(), bytes.len());
    let fat = parse(&bytes).unwrap();
    assert_eq!(fat.entries.len(), 2);
    assert_eq!(fat.entries[0].arch, 60);
    assert_eq!(fat.entries[0].version, (8, 5));
    assert_eq!(fat.entries[0].name.as_deref(), Some("a.cu"));
    assert_eq!(&*fat.entries[0].payload().unwrap(), PTX.as_bytes());
    assert_eq!(fat.entries[1].name, None);
    assert_eq!(&*fat.entries[1].payload().unwrap(), b"short");
}

#[test]
fn round_trip_plain() {
    round_trip(Compression::None);
}

#[test]
fn round_trip_lz4() {
    round_trip(Compression::Lz4);
}

/// A Zstandard frame written by hand (RFC 8878): single segment, one raw block.
#[test]
fn zstd_payload() {
    let text = "hello hello hello hello\n";
    let mut stored = vec![0x28, 0xb5, 0x2f, 0xfd, 0x20, text.len() as u8, (text.len() << 3) as u8 | 1, 0, 0];
    stored.extend(text.as_bytes());
    let mut bytes = write(&[image(80, "", "")], Compression::Lz4);
    let entry = 16;
    bytes.truncate(entry + 64);
    bytes.extend(&stored);
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    let padded = (bytes.len() - entry - 64) as u64;
    let body = (bytes.len() - 16) as u64;
    bytes[8..16].copy_from_slice(&body.to_le_bytes());
    bytes[entry + 8..entry + 16].copy_from_slice(&padded.to_le_bytes());
    bytes[entry + 16..entry + 20].copy_from_slice(&(stored.len() as u32).to_le_bytes());
    bytes[entry + 40..entry + 48].copy_from_slice(&0x8011u64.to_le_bytes());
    bytes[entry + 56..entry + 64].copy_from_slice(&(text.len() as u64).to_le_bytes());
    let fat = parse(&bytes).unwrap();
    assert_eq!(&*fat.entries[0].payload().unwrap(), text.as_bytes());
}

#[test]
fn selection_prefers_the_highest_that_fits() {
    let bytes = write(
        &[image(60, "a", PTX), image(80, "a", PTX), image(80, "b", PTX), image(90, "a", PTX)],
        Compression::None,
    );
    let fat = parse(&bytes).unwrap();
    let pick =
        |cc| select_ptx(&fat, cc).iter().map(|e| (e.arch, e.name.clone().unwrap())).collect::<Vec<_>>();
    assert_eq!(pick(50), [(60, "a".into())]);
    assert_eq!(pick(75), [(60, "a".into())]);
    assert_eq!(pick(86), [(80, "a".into()), (80, "b".into())]);
    assert_eq!(pick(120), [(90, "a".into())]);
}

#[test]
fn not_a_container() {
    assert!(matches!(parse(b"\x7fELF").unwrap_err().kind, ErrorKind::Truncated { .. }));
    assert!(matches!(parse(&[0x7f; 64]).unwrap_err().kind, ErrorKind::BadMagic(_)));
}

#[test]
fn a_claim_of_a_gigabyte_is_refused() {
    let mut bytes = write(&[image(80, "", PTX)], Compression::Lz4);
    bytes[16 + 56..16 + 64].copy_from_slice(&(900u64 << 20).to_le_bytes());
    let e = parse(&bytes).unwrap().entries[0].payload().unwrap_err();
    assert!(matches!(e.kind, ErrorKind::BadCompression(_)), "{e}");
}

/// Every truncation, and 20,000 seeded mutations of one to four bytes, of a plain and a compressed container.
#[test]
fn mutations_never_panic() {
    let mut state = 0x9E37_79B9_7F4A_7C15u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for compression in [Compression::None, Compression::Lz4] {
        let good = write(&[image(60, "name.cu", PTX), image(80, "", PTX)], compression);
        let read = |bytes: &[u8]| {
            if let Ok(fat) = parse(bytes) {
                for e in &fat.entries {
                    let _ = e.payload().map_err(|e| e.to_string());
                }
            }
        };
        (0..good.len()).for_each(|n| read(&good[..n]));
        for _ in 0..10_000 {
            let mut bytes = good.clone();
            for _ in 0..1 + random() % 4 {
                let at = (random() % bytes.len() as u64) as usize;
                bytes[at] = if random() % 2 == 0 {
                    random() as u8
                } else {
                    [0, 0xff, 0x80, 1][(random() % 4) as usize]
                };
            }
            read(&bytes);
        }
    }
}
