//! From what Trunk leaves to the final page: one style sheet, and every asset under a name made of its content.
//!
//! Trunk names the module by its hash *before* wasm-bindgen and wasm-opt, so two different modules can get one name;
//! with assets that a browser keeps for ever that would break pages. So the names are made here, of the final bytes.

use anyhow::{Context, ensure};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The page that refers to everything else; the only file that browsers ask for anew each time.
const INDEX: &str = "index.html";

/// How many hexadecimal digits of a content's hash stand in its name. The server takes a name that ends in so many
/// for one whose content never changes (`server/build.rs`).
const HASH_DIGITS: usize = 16;

/// Makes the final page of `built` in `dist`. Gives whether anything in `dist` has changed.
///
/// # Errors
/// If there is no index page in `built`, or a folder cannot be read or written.
pub(crate) fn finish(built: &Path, dist: &Path) -> anyhow::Result<bool> {
    let mut files = read_tree(built)?;
    let index = files.remove(INDEX).with_context(|| format!("Trunk left no page in {}", built.display()))?;
    let index = String::from_utf8(index).context("the index page is not UTF-8")?;
    let index = bundle_styles(index, &mut files)?;
    let (index, files) = name_by_content(index, files);
    let mut changed = false;
    for (name, content) in &files {
        changed |= write_if_other(&dist.join(name), content)?;
    }
    // Last, so that whoever looks in between finds a page whose assets are all there.
    changed |= write_if_other(&dist.join(INDEX), index.as_bytes())?;
    for stale in read_tree(dist)?.keys().filter(|name| *name != INDEX && !files.contains_key(*name)) {
        std::fs::remove_file(dist.join(stale)).with_context(|| format!("could not remove {stale}"))?;
        changed = true;
    }
    Ok(changed)
}

/// The names of all files of the page in `dist`, in their order.
///
/// # Errors
/// If a folder cannot be read.
pub(crate) fn files(dist: &Path) -> anyhow::Result<Vec<String>> {
    Ok(read_tree(dist)?.into_keys().collect())
}

/// Puts all style sheets of the page into one, in their order: one request, and one context to compress in.
fn bundle_styles(index: String, files: &mut BTreeMap<String, Vec<u8>>) -> anyhow::Result<String> {
    let links: Vec<String> = tags(&index, "link")
        .filter(|tag| attribute(tag, "rel") == Some("stylesheet"))
        .map(str::to_owned)
        .collect();
    if links.is_empty() {
        return Ok(index);
    }
    let mut bundle = Vec::new();
    let mut page = index;
    for (i, link) in links.iter().enumerate() {
        ensure!(attribute(link, "media").is_none(), "{link}: put the media query into the style sheet");
        let name = attribute(link, "href").context("a style sheet without href")?.trim_start_matches('/');
        let sheet = files
            .remove(name)
            .with_context(|| format!("{link}: Trunk left no such file; two links to one?"))?;
        bundle.extend_from_slice(&sheet);
        bundle.push(b'\n');
        let replacement =
            if i == 0 { r#"<link rel="stylesheet" href="/plumbline-0000000000000000.css">"# } else { "" };
        page = page.replacen(link, replacement, 1);
    }
    files.insert("plumbline-0000000000000000.css".to_owned(), bundle);
    Ok(page)
}

/// Gives every file that Trunk has named by a hash a name by its final content, and every reference with it.
fn name_by_content(index: String, files: BTreeMap<String, Vec<u8>>) -> (String, BTreeMap<String, Vec<u8>>) {
    let mut files: Vec<(String, Vec<u8>)> = files.into_iter().collect();
    let extension =
        |name: &str| name.rsplit_once('.').map(|(_, extension)| extension.to_owned()).unwrap_or_default();
    // What is referred to comes before what refers to it.
    files.sort_by_key(|(name, _)| match extension(name).as_str() {
        "js" => 2,
        "css" => 1,
        _ => 0,
    });
    let mut renamed: Vec<(String, String)> = Vec::new();
    let mut finished = BTreeMap::new();
    let scripts = files.split_off(files.partition_point(|(name, _)| extension(name) != "js"));
    for (name, content) in files {
        let content = match extension(&name).as_str() {
            "css" => refer(&String::from_utf8_lossy(&content), &renamed).into_bytes(),
            _ => content,
        };
        let new_name = renamed_to(&name, &hash(&content));
        renamed.push((name, new_name.clone()));
        finished.insert(new_name, content);
    }
    // Scripts refer to each other in a circle: they have one hash, of all that they say.
    let scripts: Vec<(String, String)> = scripts
        .iter()
        .map(|(name, text)| (name.clone(), refer(&String::from_utf8_lossy(text), &renamed)))
        .collect();
    let together = hash(scripts.iter().map(|(_, text)| text.as_str()).collect::<String>().as_bytes());
    let new_names: Vec<(String, String)> =
        scripts.iter().map(|(name, _)| (name.clone(), renamed_to(name, &together))).collect();
    for ((_, text), (_, new_name)) in scripts.iter().zip(&new_names) {
        finished.insert(new_name.clone(), import(text, &new_names).into_bytes());
    }
    renamed.extend(new_names);
    (refer(&index, &renamed), finished)
}

/// A file's name with another hash; as it is where it has none.
fn renamed_to(name: &str, hash: &str) -> String {
    match without_hash(name) {
        Some((stem, extension)) => format!("{stem}-{hash}.{extension}"),
        None => name.to_owned(),
    }
}

/// A script that imports others by their new names. Only where it imports: modules know what they are given by the
/// script's old name, which stands in the script once more.
fn import(script: &str, renamed: &[(String, String)]) -> String {
    renamed.iter().fold(script.to_owned(), |script, (old, new)| {
        ['"', '\''].iter().fold(script, |script, quote| {
            ["from ", "from"].iter().fold(script, |script, from| {
                script
                    .replace(&format!("{from}{quote}./{old}{quote}"), &format!("{from}{quote}./{new}{quote}"))
            })
        })
    })
}

fn refer(text: &str, renamed: &[(String, String)]) -> String {
    renamed
        .iter()
        .filter(|(old, new)| old != new)
        .fold(text.to_owned(), |text, (old, new)| text.replace(old.as_str(), new))
}

/// `app-0123456789abcdef_bg.wasm` → (`app_bg`, `wasm`); `None` for a name without Trunk's hash.
fn without_hash(name: &str) -> Option<(String, &str)> {
    let (stem, extension) = name.rsplit_once('.')?;
    let (stem, suffix) = stem.strip_suffix("_bg").map_or((stem, ""), |stem| (stem, "_bg"));
    let (stem, hash) = stem.rsplit_once('-')?;
    // Trunk prints 64 bits without leading zeros.
    let is_hash = (8..=HASH_DIGITS).contains(&hash.len()) && hash.bytes().all(|b| b.is_ascii_hexdigit());
    is_hash.then(|| (format!("{stem}{suffix}"), extension))
}

fn hash(content: &[u8]) -> String {
    Sha256::digest(content).iter().take(HASH_DIGITS / 2).map(|byte| format!("{byte:02x}")).collect()
}

/// All tags of that name in a page, from `<` to `>`.
fn tags<'a>(page: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    let start = format!("<{name} ");
    page.match_indices(&start).map(|(at, _)| at).collect::<Vec<_>>().into_iter().filter_map(move |at| {
        let tag = &page[at..];
        Some(&tag[..=tag.find('>')?])
    })
}

/// The value of a tag's attribute, quoted or (as a minifier leaves it) not.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, value) = tag.split_once(&format!(" {name}="))?;
    match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next(),
        _ => value.split([' ', '>']).next(),
    }
}

fn read_tree(folder: &Path) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(below) = folders.pop() {
        let path = folder.join(&below);
        let entries = match std::fs::read_dir(&path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error).with_context(|| format!("could not read {}", path.display())),
        };
        for entry in entries {
            let entry = entry.with_context(|| format!("could not read {}", path.display()))?;
            let name = below.join(entry.file_name());
            if entry.path().is_dir() {
                folders.push(name);
            } else {
                let content = std::fs::read(entry.path())
                    .with_context(|| format!("could not read {}", entry.path().display()))?;
                files.insert(name.to_string_lossy().replace('\\', "/"), content);
            }
        }
    }
    Ok(files)
}

fn write_if_other(path: &Path, content: &[u8]) -> anyhow::Result<bool> {
    if std::fs::read(path).is_ok_and(|there| there == content) {
        return Ok(false);
    }
    let folder = path.parent().context("a file lies in a folder")?;
    std::fs::create_dir_all(folder).with_context(|| format!("could not make {}", folder.display()))?;
    std::fs::write(path, content).with_context(|| format!("could not write {}", path.display()))?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn tree(files: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
        files.iter().map(|(name, content)| ((*name).to_owned(), content.as_bytes().to_vec())).collect()
    }

    #[test]
    fn style_sheets_become_one_in_their_order() {
        let page = r#"<head><link rel="stylesheet" href="/tokens-00112233.css"/><link rel=stylesheet href=/card-44556677.css><link rel="icon" href="/x.svg"></head>"#;
        let mut files = tree(&[("tokens-00112233.css", ":root{}"), ("card-44556677.css", ".card{}")]);
        let page = bundle_styles(page.to_owned(), &mut files).unwrap();
        assert_eq!(files.len(), 1);
        assert_eq!(files["plumbline-0000000000000000.css"], b":root{}\n.card{}\n");
        assert_eq!(page.matches("stylesheet").count(), 1);
        assert!(page.contains(r#"<link rel="icon" href="/x.svg">"#));
    }

    #[test]
    fn names_follow_the_final_content_and_references_follow_the_names() {
        let index =
            "import init from '/app-1111111111111111.js'; '/app-1111111111111111_bg.wasm' '/logo.svg'";
        let files = tree(&[
            ("app-1111111111111111.js", "code"),
            ("app-1111111111111111_bg.wasm", "module"),
            ("logo.svg", "<svg/>"),
        ]);
        let (page, files) = name_by_content(index.to_owned(), files);
        let script = format!("app-{}.js", hash(b"code"));
        let module = format!("app_bg-{}.wasm", hash(b"module"));
        assert!(files.contains_key(&script) && files.contains_key(&module) && files.contains_key("logo.svg"));
        assert_eq!(page, format!("import init from '/{script}'; '/{module}' '/logo.svg'"));
    }

    #[test]
    fn scripts_that_import_each_other_change_their_names_together() {
        let names = |loader: &str| {
            let files = tree(&[
                (
                    "app-1111111111111111.js",
                    "import * as a from './parts-0000000000000000.js'; x = {\"./parts-0000000000000000.js\": a}",
                ),
                ("parts-0000000000000000.js", loader),
                ("part-0000000000000000.wasm", "module"),
            ]);
            name_by_content("'/app-1111111111111111.js'".to_owned(), files)
        };
        let loader = "import {b} from \"./app-1111111111111111.js\"; '/part-0000000000000000.wasm'";
        let (page, files) = names(loader);
        let (script, parts) = (files.keys().next().unwrap(), files.keys().last().unwrap());
        assert!(script.starts_with("app-") && parts.starts_with("parts-"), "{files:?}");
        assert_eq!(page, format!("'/{script}'"));
        let text = |name: &str| String::from_utf8(files[name].clone()).unwrap();
        assert!(text(script).contains(&format!("from './{parts}'")), "{}", text(script));
        assert!(
            text(script).contains("{\"./parts-0000000000000000.js\": a}"),
            "the module's own word for it stays"
        );
        assert!(text(parts).contains(&format!("from \"./{script}\"")), "{}", text(parts));
        assert!(text(parts).contains(&format!("part-{}.wasm", hash(b"module"))));
        let (other, _) = names(&loader.replace("{b}", "{c}"));
        assert_ne!(page, other, "what the one says changes the name of the other");
    }

    #[test]
    fn a_style_sheet_is_named_after_the_image_it_refers_to() {
        let name_of_sheet = |image: &str| {
            let files = tree(&[
                ("card-2222222222222222.css", "url(/dot-3333333333333333.svg)"),
                ("dot-3333333333333333.svg", image),
            ]);
            let (_, files) = name_by_content(String::new(), files);
            files.into_keys().find(|name| name.ends_with(".css")).unwrap()
        };
        assert_ne!(name_of_sheet("<svg/>"), name_of_sheet("<svg><circle/></svg>"));
    }

    #[test]
    fn an_equal_page_leaves_the_folder_untouched() {
        let folder = std::env::temp_dir().join(format!("plumbline-page-{}", std::process::id()));
        let (built, dist) = (folder.join("built"), folder.join("dist"));
        std::fs::create_dir_all(&built).unwrap();
        std::fs::write(built.join("index.html"), "<p>").unwrap();
        std::fs::write(built.join("a-12345678.svg"), "<svg/>").unwrap();
        assert!(finish(&built, &dist).unwrap());
        assert!(!finish(&built, &dist).unwrap());
        std::fs::write(built.join("a-12345678.svg"), "<svg></svg>").unwrap();
        assert!(finish(&built, &dist).unwrap());
        assert_eq!(read_tree(&dist).unwrap().len(), 2, "the old image is gone");
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
