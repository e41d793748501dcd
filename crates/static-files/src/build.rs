//! Compresses files when a component is built, and writes the table that [`files!`](crate::files) includes.
//!
//! The compressor is `miniz_oxide` itself, because `flate2` uses another one as soon as any crate of the build asks for it: the bytes of a component
//! would depend on what is built with it.

use crate::GZIP_FRAME;
use miniz_oxide::deflate::compress_to_vec;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The media types of files by their extension. That of YAML is RFC 9512.
const MEDIA_TYPES: [(&str, &str); 13] = [
    ("avif", "image/avif"),
    ("css", "text/css; charset=utf-8"),
    ("html", "text/html; charset=utf-8"),
    ("ico", "image/x-icon"),
    ("jpg", "image/jpeg"),
    ("js", "text/javascript; charset=utf-8"),
    ("json", "application/json"),
    ("png", "image/png"),
    ("svg", "image/svg+xml"),
    ("txt", "text/plain; charset=utf-8"),
    ("webp", "image/webp"),
    ("woff2", "font/woff2"),
    ("yaml", "application/yaml"),
];

/// The folder of a site whose files have a hash of their content in their names.
const HASHED: &str = "assets";

/// The `Cache-Control` of the files in it, which never change, and of the others, which a release changes.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
const NO_CACHE: &str = "no-cache";

/// The header of the coding gzip: method deflate, no optional field, no time, slowest compression, unknown system (RFC 1952, section 2.3).
const GZIP_HEADER: [u8; GZIP_FRAME.0] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];

/// The highest level of the compressor.
const LEVEL: u8 = 10;

/// The files of a component: for each path, the file and its `Cache-Control`.
#[derive(Debug, Default)]
pub struct Files(BTreeMap<String, (PathBuf, &'static str)>);

impl Files {
    /// Returns no files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the file `from`, served at `path`.
    #[must_use]
    pub fn file(mut self, path: &str, from: impl Into<PathBuf>, cache_control: &'static str) -> Self {
        self.0.insert(path.to_owned(), (from.into(), cache_control));
        self
    }

    /// Adds the site in the folder `from`, served at `path`: its `index.html` at `path` itself, everything else below.
    ///
    /// # Panics
    ///
    /// If the folder cannot be read or has no `index.html`.
    #[must_use]
    pub fn site(mut self, path: &str, from: impl AsRef<Path>) -> Self {
        let from = from.as_ref();
        println!("cargo::rerun-if-changed={}", from.display());
        for file in files_in(from) {
            let name = file.strip_prefix(from).expect("the file is in the folder").to_str().expect("names are text");
            let name = name.replace(std::path::MAIN_SEPARATOR, "/");
            let cache_control = if name.split('/').next() == Some(HASHED) { IMMUTABLE } else { NO_CACHE };
            let path = if name == "index.html" { path.to_owned() } else { format!("{path}/{name}") };
            self.0.insert(path, (file, cache_control));
        }
        assert!(self.0.contains_key(path), "{} has no index.html", from.display());
        self
    }

    /// Writes the files and their table to the folder of the build script's output.
    ///
    /// # Panics
    ///
    /// If a file cannot be read or written, or its extension has no media type here.
    pub fn write(&self) {
        self.write_to(Path::new(&env::var_os("OUT_DIR").expect("cargo tells a build script its folder")));
    }

    /// Writes them to the folder `out`.
    fn write_to(&self, out: &Path) {
        let mut table = String::from("&[\n");
        for (number, (path, (from, cache_control))) in self.0.iter().enumerate() {
            println!("cargo::rerun-if-changed={}", from.display());
            let content = fs::read(from).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
            let compressed = gzip(&content);
            let is_shorter = compressed.len() < content.len();
            let stored = out.join(format!("static_file_{number}"));
            fs::write(&stored, if is_shorter { &compressed } else { &content })
                .unwrap_or_else(|error| panic!("{}: {error}", stored.display()));
            let bytes = format!("include_bytes!({stored:?})");
            let stored = if is_shorter {
                let (etag, length) = (etag(&compressed), content.len());
                format!("Content::Gzip {{ bytes: {bytes}, etag: {etag:?}, length: {length} }}")
            } else {
                format!("Content::Plain({bytes})")
            };
            let (media_type, etag) = (media_type(from), etag(&content));
            let _ = writeln!(
                table,
                "    File {{ path: {path:?}, media_type: {media_type:?}, cache_control: {cache_control:?}, etag: {etag:?}, content: {stored} }},"
            );
        }
        table.push_str("] as &[File]\n");
        let place = out.join("static_files.rs");
        fs::write(&place, table).unwrap_or_else(|error| panic!("{}: {error}", place.display()));
    }
}

/// Returns every file in `folder` and its subfolders, in an order of their paths.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.expect("an entry of a folder can be read").path()).collect();
    paths.sort();
    paths.into_iter().flat_map(|path| if path.is_dir() { files_in(&path) } else { vec![path] }).collect()
}

fn media_type(file: &Path) -> &'static str {
    let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let known = MEDIA_TYPES.iter().find(|(known, _)| *known == extension);
    known.unwrap_or_else(|| panic!("{}: add the media type of this extension", file.display())).1
}

/// Returns the entity tag of `content`, as `ETag::of_content` of the platform writes it.
fn etag(content: &[u8]) -> String {
    format!("\"{}\"", base16ct::lower::encode_string(&Sha256::digest(content)[..16]))
}

/// Returns `content` in the coding gzip: the same bytes on every machine and at any time.
fn gzip(content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).expect("a file in a component is shorter than 4 GiB");
    let checksum = crc32fast::hash(content);
    [&GZIP_HEADER[..], &compress_to_vec(content, LEVEL), &checksum.to_le_bytes(), &length.to_le_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::{Files, GZIP_FRAME, etag, gzip, media_type};
    use miniz_oxide::inflate::decompress_to_vec;
    use std::fs;
    use std::path::Path;

    #[test]
    fn a_site_has_its_page_at_its_path_and_hashed_assets_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let (site, out) = (folder.path().join("site"), folder.path().join("out"));
        fs::create_dir_all(site.join("assets")).unwrap();
        fs::create_dir(&out).unwrap();
        fs::write(site.join("index.html"), "<p>".repeat(100)).unwrap();
        fs::write(site.join("assets/a-1f2e.js"), "1").unwrap();
        fs::write(site.join("index.json"), "{}").unwrap();
        Files::new().site("/docs", &site).file("/a.json", site.join("index.json"), "no-store").write_to(&out);

        let table = fs::read_to_string(out.join("static_files.rs")).unwrap();
        let lines: Vec<&str> = table.lines().filter(|line| line.contains("File {")).collect();
        assert_eq!(lines.len(), 4, "{table}");
        assert!(lines[0].contains(r#"path: "/a.json", media_type: "application/json", cache_control: "no-store""#));
        assert!(
            lines[1].contains(r#"path: "/docs", media_type: "text/html; charset=utf-8", cache_control: "no-cache""#)
        );
        assert!(lines[1].contains("Content::Gzip") && lines[1].contains("length: 300"), "{table}");
        assert!(lines[2].contains(r#"path: "/docs/assets/a-1f2e.js""#) && lines[2].contains("immutable"), "{table}");
        assert!(lines[2].contains("Content::Plain"), "gzip would be longer: {table}");
        assert!(lines[3].contains(r#"path: "/docs/index.json""#), "{table}");
    }

    #[test]
    #[should_panic(expected = "has no index.html")]
    fn a_site_without_a_page_ends_the_build() {
        let folder = tempfile::tempdir().unwrap();
        let _ = Files::new().site("/docs", folder.path());
    }

    #[test]
    #[should_panic(expected = "add the media type")]
    fn a_file_of_an_unknown_kind_ends_the_build() {
        media_type(Path::new("a.exe"));
    }

    #[test]
    fn the_coding_is_gzip() {
        for content in [&b""[..], b"a", &b"Spindle".repeat(1000)] {
            let bytes = gzip(content);
            let deflated = &bytes[GZIP_FRAME.0..bytes.len() - GZIP_FRAME.1];
            assert_eq!(decompress_to_vec(deflated).unwrap(), content);
        }
        // What `printf a | gzip -9n` writes, but for the system.
        assert_eq!(gzip(b"a"), b"\x1f\x8b\x08\0\0\0\0\0\x02\xff\x4b\x04\0\x43\xbe\xb7\xe8\x01\0\0\0");
    }

    #[cfg(feature = "serve")]
    #[test]
    fn the_entity_tag_is_the_one_of_the_platform() {
        let tag = spindle_platform::http::ETag::of_content(b"Spindle").to_string();
        assert_eq!(etag(b"Spindle"), tag);
    }
}
