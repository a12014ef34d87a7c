use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

use super::*;

const TEXT: &[u8] = b"Coru\xc3\xb1a Coru\xc3\xb1a Coru\xc3\xb1a: Aula 1, Aula 2, Aula 3";
const LIMIT: usize = 10_000;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn bare(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn decode(codings: &[Coding], bytes: &[u8], step: usize) -> Result<Vec<u8>, FailureKind> {
    let mut decoder = Decoder::new(codings, LIMIT);
    for piece in bytes.chunks(step) {
        decoder.push(piece).map_err(|failure| failure.kind)?;
    }
    decoder.finish().map_err(|failure| failure.kind)
}

#[test]
fn what_was_coded_comes_back_however_it_is_cut_into_pieces() {
    use Coding::{Deflate, Gzip};
    let long: Vec<u8> = (0..LIMIT).map(|index| (index % 251) as u8).collect();
    for text in [TEXT, &long, b"", b"a"] {
        for (codings, bytes) in [
            (vec![Gzip], gzip(text)),
            (vec![Deflate], zlib(text)),
            (vec![Deflate], bare(text)),
            (vec![Deflate, Gzip], gzip(&zlib(text))),
            (vec![Gzip, Deflate], bare(&gzip(text))),
            (vec![], text.to_vec()),
        ] {
            for step in [1, 2, 7, 100_000] {
                assert_eq!(decode(&codings, &bytes, step).as_deref(), Ok(text));
            }
        }
    }
}

#[test]
fn nothing_at_all_is_nothing_in_every_coding() {
    for codings in [vec![Coding::Gzip], vec![Coding::Deflate, Coding::Gzip]] {
        assert_eq!(decode(&codings, b"", 1), Ok(Vec::new()));
    }
}

#[test]
fn several_gzip_files_in_a_row_are_one_and_padding_is_none() {
    let mut bytes = gzip(b"one ");
    bytes.extend(gzip(b""));
    bytes.extend(gzip(b"two"));
    bytes.extend([0; 512]);
    for step in [1, 3, 10_000] {
        assert_eq!(
            decode(&[Coding::Gzip], &bytes, step).as_deref(),
            Ok(b"one two".as_slice())
        );
    }
}

#[test]
fn a_stream_that_ends_early_is_cut_wherever_that_is() {
    for (coding, whole) in [
        (Coding::Gzip, gzip(TEXT)),
        (Coding::Deflate, zlib(TEXT)),
        (Coding::Deflate, bare(TEXT)),
    ] {
        for end in 1..whole.len() {
            assert_eq!(
                decode(&[coding], &whole[..end], 5),
                Err(FailureKind::Cut),
                "{coding:?} {end}"
            );
        }
    }
}

#[test]
fn damage_is_seen_by_its_checksum_and_so_is_what_follows() {
    let damaged = FailureKind::ContentEncoding;
    for (coding, whole) in [(Coding::Gzip, gzip(TEXT)), (Coding::Deflate, zlib(TEXT))] {
        let mut bytes = whole.clone();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        assert_eq!(decode(&[coding], &bytes, 100), Err(damaged));
        let mut bytes = whole.clone();
        bytes.extend(b"{}");
        assert_eq!(decode(&[coding], &bytes, 100), Err(damaged));
        assert_eq!(decode(&[coding], b"<html></html>", 100), Err(damaged));
    }
}

#[test]
fn a_bomb_ends_at_the_limit_in_every_stage() {
    let zeros = vec![0; 20_000_000];
    let bomb = gzip(&zeros);
    assert!(bomb.len() < 100_000);
    assert_eq!(
        decode(&[Coding::Gzip], &bomb, 1000),
        Err(FailureKind::TooLarge)
    );
    let twice = gzip(&bomb);
    let both = [Coding::Gzip, Coding::Gzip];
    assert_eq!(decode(&both, &twice, 1000), Err(FailureKind::TooLarge));
    let empty: Vec<u8> = gzip(b"").repeat(20_000);
    assert_eq!(
        decode(&[Coding::Gzip], &empty, 1000),
        Err(FailureKind::ContentEncoding)
    );
    // The outer stage makes much of which the inner makes nothing: the name of a file.
    let mut named = vec![0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 255];
    named.resize(20_000_000, b'a');
    assert_eq!(
        decode(&both, &gzip(&named), 1000),
        Err(FailureKind::TooLarge)
    );
    let exact = gzip(&vec![7; LIMIT]);
    assert_eq!(decode(&[Coding::Gzip], &exact, 1000), Ok(vec![7; LIMIT]));
    let over = gzip(&vec![7; LIMIT + 1]);
    assert_eq!(
        decode(&[Coding::Gzip], &over, 1000),
        Err(FailureKind::TooLarge)
    );
}

#[test]
fn the_fields_name_the_codings() {
    let of = |fields: &[(&'static str, &'static str)]| {
        let mut all = AnswerFields::default();
        for (name, value) in fields {
            all.push(name.as_bytes(), value.as_bytes());
        }
        super::of(&all).map_err(|failure| failure.kind)
    };
    let content = |value| of(&[("content-encoding", value)]);
    assert_eq!(of(&[]), Ok(vec![]));
    for none in ["", " ", ",", "identity", "Identity, ,identity"] {
        assert_eq!(content(none), Ok(vec![]), "{none}");
    }
    assert_eq!(content("GZip"), Ok(vec![Coding::Gzip]));
    assert_eq!(content("x-gzip"), Ok(vec![Coding::Gzip]));
    assert_eq!(
        content("deflate, identity,gzip"),
        Ok(vec![Coding::Deflate, Coding::Gzip])
    );
    assert_eq!(
        of(&[
            ("content-encoding", "deflate"),
            ("content-encoding", "gzip"),
            ("transfer-encoding", "gzip, chunked")
        ]),
        Ok(vec![Coding::Deflate, Coding::Gzip, Coding::Gzip])
    );
    for unknown in ["br", "zstd", "compress", "gzip, br", "aes128gcm"] {
        assert_eq!(content(unknown), Err(FailureKind::ContentEncoding));
    }
    assert_eq!(
        content("gzip,gzip,gzip,gzip,gzip"),
        Err(FailureKind::ContentEncoding)
    );
    assert_eq!(
        of(&[("transfer-encoding", "chunked, gzip")]),
        Err(FailureKind::Garbled)
    );
}
