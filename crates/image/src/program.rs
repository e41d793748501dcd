//! The image of a program: an ordinary Linux container with one static file.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;
use oci_client::config::{Architecture, Config, ConfigFile, Os, Rootfs};
use oci_client::manifest::{IMAGE_CONFIG_MEDIA_TYPE, IMAGE_LAYER_GZIP_MEDIA_TYPE};

use crate::image::{self, Contents, Packed};
use crate::layout::Blob;
use crate::source::Revision;

/// A user without rights, as in other images without a system: no name is needed for it.
const USER: &str = "65532:65532";

/// The first bytes of a Linux program.
const ELF: &[u8] = b"\x7fELF";

/// The type of a program header that names a loader (elf(5)): a static program has none.
const PT_INTERP: u32 = 3;

/// Packs the static program at `path`, which cargo builds for `target` from the package of its name.
///
/// # Errors
///
/// If it is no static program for Linux, or cargo does not list the packages.
pub(crate) fn pack(path: &Path, target: &str, revision: &Revision) -> Result<Packed> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    ensure!(is_static(&bytes), "{} is no static program for Linux", path.display());
    let archive = archive(&name, &bytes)?;
    let mut compressed = GzEncoder::new(Vec::new(), Compression::best());
    compressed.write_all(&archive)?;
    let layer = Blob::new(IMAGE_LAYER_GZIP_MEDIA_TYPE, compressed.finish()?);
    let config = ConfigFile {
        architecture: Architecture::from(architecture(target)),
        os: Os::Linux,
        config: Some(Config {
            user: Some(USER.to_owned()),
            entrypoint: Some(vec![format!("/{name}")]),
            labels: Some(HashMap::new()),
            ..Config::default()
        }),
        rootfs: Rootfs { diff_ids: vec![Blob::new("", archive).digest], ..Rootfs::default() },
        ..ConfigFile::default()
    };
    image::packed(
        Contents {
            config: Blob::new(IMAGE_CONFIG_MEDIA_TYPE, serde_json::to_vec(&config)?),
            layers: vec![layer],
            version: env!("CARGO_PKG_VERSION").to_owned(),
            description: "The clock of an application in a cluster".to_owned(),
            files: vec![path.to_owned()],
            target: target.to_owned(),
            built_from: "Cargo.toml".to_owned(),
            name,
        },
        revision,
    )
}

/// Returns the archive with the program alone, which is the same each time: owner, time and mode are fixed.
fn archive(name: &str, bytes: &[u8]) -> Result<Vec<u8>> {
    let mut header = tar::Header::new_ustar();
    header.set_mode(0o755);
    header.set_size(bytes.len() as u64);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    let mut archive = tar::Builder::new(Vec::new());
    archive.append_data(&mut header, name, bytes)?;
    Ok(archive.into_inner()?)
}

/// Returns the name of Go's, which images use, for the processor of a target of Rust's.
fn architecture(target: &str) -> &str {
    match target.split('-').next().unwrap_or_default() {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}

/// Returns whether `bytes` are a 64-bit ELF file that needs no loader.
fn is_static(bytes: &[u8]) -> bool {
    let number = |at: usize, length: usize| {
        let field = bytes.get(at..at + length)?;
        Some(field.iter().rev().fold(0_usize, |sum, byte| (sum << 8) | usize::from(*byte)))
    };
    // Fields of the file's header: where its program headers begin, how long each is, and how many there are.
    let (Some(start), Some(size), Some(count)) = (number(32, 8), number(54, 2), number(56, 2)) else { return false };
    let headers = (0..count).map(|index| number(start + index * size, 4));
    bytes.starts_with(ELF) && headers.into_iter().all(|kind| kind.is_some_and(|kind| kind != PT_INTERP as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_archive_is_the_same_each_time_and_holds_the_program() {
        let bytes = archive("clock", b"program").unwrap();
        assert_eq!(bytes, archive("clock", b"program").unwrap());
        let mut archive = tar::Archive::new(bytes.as_slice());
        let entry = archive.entries().unwrap().next().unwrap().unwrap();
        assert_eq!(entry.path().unwrap(), Path::new("clock"));
        assert_eq!((entry.header().mode().unwrap(), entry.header().uid().unwrap()), (0o755, 0));
    }

    #[test]
    fn a_program_with_a_loader_is_not_static() {
        let mut file = vec![0; 64];
        file[..4].copy_from_slice(ELF);
        (file[32], file[54], file[56]) = (64, 56, 1);
        file.extend([0; 56]);
        assert!(is_static(&file));
        file[64] = 3;
        assert!(!is_static(&file));
        assert!(!is_static(b"#!/bin/sh"));
        // This test is linked as programs usually are.
        assert!(!is_static(&std::fs::read(std::env::current_exe().unwrap()).unwrap()));
    }

    #[test]
    fn architectures_have_the_names_of_images() {
        assert_eq!(architecture("x86_64-unknown-linux-gnu"), "amd64");
        assert_eq!(architecture("aarch64-unknown-linux-gnu"), "arm64");
    }
}
