//! As much of WebAssembly's binary format as it takes to say what a module's bytes are spent on, and to leave its
//! names out. Format: <https://webassembly.github.io/spec/core/binary/modules.html>.

use anyhow::{Context, bail, ensure};
use std::collections::BTreeMap;

const MAGIC: &[u8] = b"\0asm\x01\0\0\0";
const CUSTOM: u8 = 0;
const IMPORT: u8 = 2;
const CODE: u8 = 10;
const DATA: u8 = 11;
/// The custom section that names functions, and the part of it that does.
const NAME: &[u8] = b"name";
const FUNCTION_NAMES: u8 = 1;

/// One section of a module: its kind, its content, and all of it.
struct Section<'a> {
    kind: u8,
    content: &'a [u8],
    whole: &'a [u8],
}

/// What a module's bytes are spent on.
pub(crate) struct Spent {
    /// Every function of the module: its name, as far as it has one, and its bytes.
    pub(crate) functions: Vec<(String, usize)>,
    /// Bytes of constants: texts, tables, and the pointers in them.
    pub(crate) data: usize,
    /// Bytes of everything else: types, imports, exports, tables.
    pub(crate) rest: usize,
}

/// Reads what `module` spends its bytes on. The names themselves do not count.
///
/// # Errors
/// If it is no module.
pub(crate) fn spent(module: &[u8]) -> anyhow::Result<Spent> {
    let (mut imported, mut bodies, mut data, mut rest) = (0, Vec::new(), 0, MAGIC.len());
    let mut names = BTreeMap::new();
    for section in sections(module)? {
        let mut content = section.content;
        match section.kind {
            CODE => {
                for _ in 0..number(&mut content)? {
                    let body = taken(&mut content)?;
                    bodies.push(body.len());
                }
            }
            DATA => data += section.whole.len(),
            CUSTOM if is_names(&section)? => names = function_names(section.content)?,
            kind => {
                rest += section.whole.len();
                if kind == IMPORT {
                    imported = imported_functions(content)?;
                }
            }
        }
    }
    let function = |(at, size)| (names.remove(&(at + imported)).unwrap_or_default(), size);
    Ok(Spent { functions: bodies.into_iter().enumerate().map(function).collect(), data, rest })
}

/// The module without the names of its functions.
///
/// # Errors
/// If it is no module.
pub(crate) fn without_names(module: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut out = MAGIC.to_vec();
    for section in sections(module)? {
        if section.kind != CUSTOM || !is_names(&section)? {
            out.extend_from_slice(section.whole);
        }
    }
    Ok(out)
}

fn sections(module: &[u8]) -> anyhow::Result<Vec<Section<'_>>> {
    let mut rest = module.strip_prefix(MAGIC).context("this is no WebAssembly module of version 1")?;
    let mut sections = Vec::new();
    while let Some(kind) = rest.first().copied() {
        let before = rest;
        rest = &rest[1..];
        let content = taken(&mut rest)?;
        sections.push(Section { kind, content, whole: &before[..before.len() - rest.len()] });
    }
    Ok(sections)
}

fn is_names(section: &Section<'_>) -> anyhow::Result<bool> {
    Ok(section.kind == CUSTOM && taken(&mut { section.content })? == NAME)
}

fn function_names(mut content: &[u8]) -> anyhow::Result<BTreeMap<usize, String>> {
    let mut names = BTreeMap::new();
    taken(&mut content)?;
    while let Some(part) = content.first().copied() {
        content = &content[1..];
        let mut part_content = taken(&mut content)?;
        if part == FUNCTION_NAMES {
            for _ in 0..number(&mut part_content)? {
                let function = number(&mut part_content)?;
                let name = String::from_utf8_lossy(taken(&mut part_content)?).into_owned();
                names.insert(function, name);
            }
        }
    }
    Ok(names)
}

/// How many functions come from outside: they are counted before the module's own.
fn imported_functions(mut content: &[u8]) -> anyhow::Result<usize> {
    let mut functions = 0;
    for _ in 0..number(&mut content)? {
        taken(&mut content)?;
        taken(&mut content)?;
        match byte(&mut content)? {
            0 => {
                number(&mut content)?;
                functions += 1;
            }
            1 => {
                byte(&mut content)?;
                limits(&mut content)?;
            }
            2 => limits(&mut content)?,
            3 => {
                byte(&mut content)?;
                byte(&mut content)?;
            }
            kind => bail!("an import of the unknown kind {kind}"),
        }
    }
    Ok(functions)
}

fn limits(rest: &mut &[u8]) -> anyhow::Result<()> {
    let flags = byte(rest)?;
    number(rest)?;
    if flags & 1 == 1 {
        number(rest)?;
    }
    Ok(())
}

fn byte(rest: &mut &[u8]) -> anyhow::Result<u8> {
    let (first, tail) = rest.split_first().context("the module ends too early")?;
    *rest = tail;
    Ok(*first)
}

/// An unsigned number, seven bits to a byte, the lowest first.
fn number(rest: &mut &[u8]) -> anyhow::Result<usize> {
    let mut number = 0;
    for shift in (0..35).step_by(7) {
        let byte = byte(rest)?;
        number |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    bail!("a number of more than 32 bits")
}

/// So many bytes as the number in front of them says.
fn taken<'a>(rest: &mut &'a [u8]) -> anyhow::Result<&'a [u8]> {
    let length = number(rest)?;
    ensure!(length <= rest.len(), "the module ends too early");
    let (content, tail) = rest.split_at(length);
    *rest = tail;
    Ok(content)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// Two imports, one of them a function; two functions; eight bytes of data; names for the import and for one of
    /// the two; a custom section that is none of ours.
    fn module() -> Vec<u8> {
        let mut module = MAGIC.to_vec();
        for section in [
            b"\x01\x04\x01\x60\x00\x00".as_slice(),
            b"\x02\x0e\x02\x01e\x01f\x00\x00\x01e\x01m\x02\x00\x01",
            b"\x03\x03\x02\x00\x00",
            b"\x0a\x09\x02\x02\x00\x0b\x04\x00\x01\x01\x0b",
            b"\x0b\x08\x01\x00\x41\x00\x0b\x02hi",
            b"\x00\x05\x04else",
            b"\x00\x18\x04name\x01\x11\x02\x00\x03e.f\x02\x09a::b::h12",
        ] {
            module.extend_from_slice(section);
        }
        module
    }

    #[test]
    fn bytes_are_counted_where_they_are_spent() {
        let spent = spent(&module()).unwrap();
        assert_eq!(spent.functions, [(String::new(), 2), ("a::b::h12".to_owned(), 4)]);
        assert_eq!((spent.data, spent.rest), (10, 8 + 6 + 16 + 5 + 7));
    }

    #[test]
    fn without_names_all_else_is_as_it_was() {
        let stripped = without_names(&module()).unwrap();
        assert_eq!(stripped.as_slice(), &module()[..stripped.len()]);
        assert_eq!(stripped.len(), module().len() - 26);
        assert_eq!(without_names(&stripped).unwrap(), stripped);
    }

    #[test]
    fn what_is_no_module_is_refused() {
        assert!(spent(b"").is_err());
        assert!(spent(b"GIF89a").is_err());
        let module = module();
        assert!(spent(&module[..module.len() - 1]).is_err());
    }
}
