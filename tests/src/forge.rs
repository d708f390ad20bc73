//! Updates as nobody honest writes them: the v1 format, block by block, with whatever ids, parents and counts.

/// A block's own place, or one that it names: client and clock.
pub type Id = (u64, u64);

/// What a block stands under.
#[derive(Clone, Debug)]
pub enum Under<'a> {
    /// A root map, at a key.
    Root(&'a str, Option<&'a str>),
    /// A map or text of another block, at a key.
    Block(Id, Option<&'a str>),
    /// To the right of a block: parent and key are that block's.
    After(Id),
    /// To the left of a block.
    Before(Id),
    /// Between two.
    Between(Id, Id),
}

/// What a block holds.
#[derive(Clone, Debug)]
pub enum Content<'a> {
    /// Plain values, each already encoded: see [`text`], [`number`], [`list`], [`object`].
    Any(Vec<Vec<u8>>),
    /// Characters of a text.
    Text(&'a str),
    /// A new map.
    Map,
    /// A new text.
    NewText,
    /// So many deleted units.
    Deleted(u64),
    /// Collected: so many units; has no parent.
    Collected(u64),
    /// Any content by its number, bytes as they are.
    Raw(u8, Vec<u8>),
}

/// One block.
#[derive(Clone, Debug)]
pub struct Block<'a> {
    /// Where it stands; not asked of collected ones.
    pub under: Under<'a>,
    /// What it holds.
    pub content: Content<'a>,
}

/// One client's blocks from a clock on.
#[derive(Clone, Debug)]
pub struct Run<'a> {
    /// The client.
    pub client: u64,
    /// The clock of the first block.
    pub clock: u64,
    /// The blocks.
    pub blocks: Vec<Block<'a>>,
}

/// One update: runs of blocks, and deletions as (client, clock, length).
#[must_use]
pub fn update(runs: &[Run<'_>], deleted: &[(u64, u64, u64)]) -> Vec<u8> {
    let mut out = Vec::new();
    uint(&mut out, runs.len() as u64);
    for run in runs {
        uint(&mut out, run.blocks.len() as u64);
        uint(&mut out, run.client);
        uint(&mut out, run.clock);
        for block in &run.blocks {
            write(&mut out, block);
        }
    }
    uint(&mut out, deleted.len() as u64);
    for (client, clock, length) in deleted {
        uint(&mut out, *client);
        uint(&mut out, 1);
        uint(&mut out, *clock);
        uint(&mut out, *length);
    }
    out
}

/// One value at a key of a root map: the commonest write.
#[must_use]
pub fn set(client: u64, clock: u64, root: &str, key: &str, value: Vec<u8>) -> Vec<u8> {
    let block = Block { under: Under::Root(root, Some(key)), content: Content::Any(vec![value]) };
    update(&[Run { client, clock, blocks: vec![block] }], &[])
}

/// A placement's value.
#[must_use]
pub fn placement(pile: &str, order: &str) -> Vec<u8> {
    list(&[text(pile), text(order)])
}

/// A string.
#[must_use]
pub fn text(value: &str) -> Vec<u8> {
    let mut out = vec![119];
    string(&mut out, value);
    out
}

/// A whole number of up to 31 bits.
#[must_use]
pub fn number(value: u32) -> Vec<u8> {
    let mut out = vec![125];
    // The first byte has a sign and six bits, the others seven.
    let mut rest = value >> 6;
    out.push((value & 0x3f) as u8 | if rest > 0 { 0x80 } else { 0 });
    while rest > 0 {
        out.push((rest & 0x7f) as u8 | if rest > 0x7f { 0x80 } else { 0 });
        rest >>= 7;
    }
    out
}

/// An array.
#[must_use]
pub fn list(values: &[Vec<u8>]) -> Vec<u8> {
    let mut out = vec![117];
    uint(&mut out, values.len() as u64);
    out.extend(values.concat());
    out
}

/// An object, which the board has no place for.
#[must_use]
pub fn object(fields: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut out = vec![118];
    uint(&mut out, fields.len() as u64);
    for (key, value) in fields {
        string(&mut out, key);
        out.extend(value);
    }
    out
}

/// An array in an array in an array…
#[must_use]
pub fn nested(depth: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(depth * 2 + 1);
    for _ in 0..depth {
        out.extend([117, 1]);
    }
    out.push(126);
    out
}

/// A number in groups of seven bits.
pub fn uint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn string(out: &mut Vec<u8>, value: &str) {
    uint(out, value.len() as u64);
    out.extend(value.as_bytes());
}

fn write(out: &mut Vec<u8>, block: &Block<'_>) {
    if let Content::Collected(length) = block.content {
        out.push(0);
        uint(out, length);
        return;
    }
    let kind = match &block.content {
        Content::Deleted(_) => 1,
        Content::Text(_) => 4,
        Content::Map | Content::NewText => 7,
        Content::Any(_) => 8,
        Content::Raw(kind, _) => *kind,
        Content::Collected(_) => 0,
    };
    const LEFT: u8 = 0x80;
    const RIGHT: u8 = 0x40;
    const KEY: u8 = 0x20;
    let id = |out: &mut Vec<u8>, (client, clock): Id| {
        uint(out, client);
        uint(out, clock);
    };
    match &block.under {
        Under::After(left) => {
            out.push(kind | LEFT);
            id(out, *left);
        }
        Under::Before(right) => {
            out.push(kind | RIGHT);
            id(out, *right);
        }
        Under::Between(left, right) => {
            out.push(kind | LEFT | RIGHT);
            id(out, *left);
            id(out, *right);
        }
        Under::Root(root, key) => {
            out.push(kind | if key.is_some() { KEY } else { 0 });
            uint(out, 1);
            string(out, root);
            if let Some(key) = key {
                string(out, key);
            }
        }
        Under::Block(parent, key) => {
            out.push(kind | if key.is_some() { KEY } else { 0 });
            uint(out, 0);
            id(out, *parent);
            if let Some(key) = key {
                string(out, key);
            }
        }
    }
    match &block.content {
        Content::Deleted(length) => uint(out, *length),
        Content::Text(text) => string(out, text),
        Content::Map => uint(out, 1),
        Content::NewText => uint(out, 2),
        Content::Any(values) => {
            uint(out, values.len() as u64);
            out.extend(values.concat());
        }
        Content::Raw(_, bytes) => out.extend(bytes),
        Content::Collected(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use yrs::{Doc, Map, Out, ReadTxn, Transact, Update, updates::decoder::Decode};

    use super::*;

    #[test]
    fn what_is_forged_well_is_an_update_like_any_other() {
        let doc = Doc::new();
        let value = list(&[text("off"), number(70_000)]);
        let update = set(7, 0, "placements", "x", value);
        doc.transact_mut().apply_update(Update::decode_v1(&update).unwrap()).unwrap();
        let txn = doc.transact();
        let Some(Out::Any(any)) = txn.get_map("placements").unwrap().get(&txn, "x") else {
            panic!("nothing there")
        };
        let mut json = String::new();
        any.to_json(&mut json);
        assert_eq!(json, r#"["off",70000]"#);
    }
}
