//! Puts the client's page, as it lies in `client/dist`, into the server: every file plain, in brotli and in gzip, with
//! its media type and a hash of its content, and the page's content security policy with the hashes of its scripts.
//!
//! Without a built client the table is empty and the server says so to whoever asks for the page.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Files above this many bytes are those of a client built for development; nobody waits for the last percent there.
const LARGEST_FOR_BEST: usize = 4 * 1024 * 1024;

/// How many hexadecimal digits at the end of a name say that it was made of the file's content (`xtask/src/page.rs`).
const HASH_DIGITS: usize = 16;

fn main() {
    // Asked when it runs, not when it was compiled: a checkout that is moved or copied takes its `target` along.
    let here = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where a build script runs");
    let dist = Path::new(&here).join("../client/dist");
    // A missing folder would count as changed at every build. If it cannot be made, that is all that happens.
    let _ = std::fs::create_dir_all(&dist);
    println!("cargo::rerun-if-changed={}", dist.display());
    println!("cargo::rerun-if-changed=build.rs");

    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("Cargo sets OUT_DIR for build scripts"));
    let mut files = Vec::new();
    collect(&dist, "", &mut files);
    files.sort();

    let mut table = String::from("&[");
    let mut scripts = String::new();
    let mut styles = String::new();
    let mut sizes = String::new();
    for (number, (path, file)) in files.iter().enumerate() {
        let content = std::fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        if path == "/index.html" {
            let page = std::str::from_utf8(&content).expect("the page is UTF-8");
            scripts = hashes_of_inline(page, "script");
            styles = hashes_of_inline(page, "style");
        }
        let forms = Forms::of(path, &content);
        table.push_str(&forms.entry(path, number, &out));
        sizes.push_str(&forms.sizes(path));
    }
    table.push(']');
    write(&out.join("assets.rs"), table.as_bytes());
    write(&out.join("script-hashes.txt"), scripts.as_bytes());
    write(&out.join("style-hashes.txt"), styles.as_bytes());
    // For `cargo xtask dist`, which prints them.
    write(&out.join("asset-sizes.txt"), sizes.as_bytes());
}

/// All files below a folder, with their paths as they are asked for.
fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, PathBuf)>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = format!("{prefix}/{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            collect(&entry.path(), &path, files);
        } else {
            files.push((path, entry.path()));
        }
    }
}

/// A file in all the forms in which it is sent.
struct Forms<'a> {
    plain: &'a [u8],
    brotli: Option<Vec<u8>>,
    gzip: Option<Vec<u8>>,
}

impl<'a> Forms<'a> {
    fn of(path: &str, plain: &'a [u8]) -> Self {
        let (_, compressible) = media_type(path);
        // What is hardly smaller is not worth a decompressor's time.
        let worth = |form: &Vec<u8>| form.len() * 20 < plain.len() * 19;
        let brotli = compressible.then(|| brotli(plain)).filter(worth);
        let gzip = compressible.then(|| gzip(plain)).filter(worth);
        Self { plain, brotli, gzip }
    }

    /// One line of the table, and the files that it includes.
    fn entry(&self, path: &str, number: usize, out: &Path) -> String {
        let include = |kind: &str, form: &[u8]| {
            let name = format!("asset-{number}.{kind}");
            write(&out.join(&name), form);
            format!("include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}\"))")
        };
        let optional = |kind: &str, form: &Option<Vec<u8>>| match form {
            Some(form) => format!("Some({})", include(kind, form)),
            None => "None".to_owned(),
        };
        let (media_type, _) = media_type(path);
        let hash =
            Sha256::digest(self.plain).iter().take(HASH_DIGITS / 2).fold(String::new(), |mut hash, byte| {
                write!(hash, "{byte:02x}").expect("a String takes everything");
                hash
            });
        format!(
            "Asset {{ path: {path:?}, media_type: {media_type:?}, hash: {hash:?}, immutable: {}, identity: {}, \
             brotli: {}, gzip: {} }},\n",
            is_named_by_content(path),
            include("raw", self.plain),
            optional("br", &self.brotli),
            optional("gz", &self.gzip),
        )
    }

    /// One line: the path, and the bytes that are sent to who takes it plain, in gzip, in brotli.
    fn sizes(&self, path: &str) -> String {
        let size = |form: &Option<Vec<u8>>| form.as_ref().map_or(self.plain.len(), Vec::len);
        format!("{path} {} {} {}\n", self.plain.len(), size(&self.gzip), size(&self.brotli))
    }
}

/// The media type by the name's extension, and whether compressing such a file is worth it.
fn media_type(path: &str) -> (&'static str, bool) {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => ("text/html; charset=utf-8", true),
        "js" | "mjs" => ("text/javascript; charset=utf-8", true),
        "css" => ("text/css; charset=utf-8", true),
        "wasm" => ("application/wasm", true),
        "json" => ("application/json", true),
        "webmanifest" => ("application/manifest+json", true),
        "svg" => ("image/svg+xml", true),
        "txt" => ("text/plain; charset=utf-8", true),
        "ico" => ("image/x-icon", true),
        "png" => ("image/png", false),
        "webp" => ("image/webp", false),
        "jpg" | "jpeg" => ("image/jpeg", false),
        "woff2" => ("font/woff2", false),
        _ => panic!("{path}: add the media type of such files to server/build.rs"),
    }
}

/// Whether the name ends in a hash, so that another content would have another name.
fn is_named_by_content(path: &str) -> bool {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    stem.rsplit_once('-').is_some_and(|(_, hash)| {
        hash.len() == HASH_DIGITS && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    })
}

fn brotli(content: &[u8]) -> Vec<u8> {
    let quality = if content.len() <= LARGEST_FOR_BEST { 11 } else { 5 };
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 64 * 1024, quality, 22);
    writer.write_all(content).expect("a Vec takes everything");
    writer.into_inner()
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(content).expect("a Vec takes everything");
    writer.finish().expect("a Vec takes everything")
}

/// The hashes of all inline elements of that name, as a content security policy lists them, each after a space.
fn hashes_of_inline(page: &str, element: &str) -> String {
    let (opening, closing) = (format!("<{element}"), format!("</{element}>"));
    let mut hashes = String::new();
    for (at, _) in page.match_indices(&opening) {
        let Some((tag, rest)) = page[at..].split_once('>') else { continue };
        let Some((content, _)) = rest.split_once(&closing) else { continue };
        if !tag.contains(" src=") {
            let hash = data_encoding::BASE64.encode(&Sha256::digest(content.as_bytes()));
            write!(hashes, " 'sha256-{hash}'").expect("a String takes everything");
        }
    }
    hashes
}

fn write(path: &Path, content: &[u8]) {
    std::fs::write(path, content).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
