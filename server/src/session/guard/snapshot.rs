//! The index as bytes, for snapshots.

use std::sync::Arc;

use super::index::{Client, Index};
use super::layer::Typed;
use super::lib0::{Malformed, Reader, write_id, write_string, write_var};
use super::place::Parent;
use super::tables::Stored;
use super::{Author, Kind};

/// The form in which an index is written.
const FORM: u8 = 1;

const TEXT: u8 = 1;
const ROOT_SLOT: u8 = 2;
const SLOT: u8 = 3;
const MADE_MAP: u8 = 4;
const MADE_TEXT: u8 = 5;

/// A snapshot's index is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stored index of the board is damaged: {0}")]
pub struct CorruptIndex(&'static str);

impl From<Malformed> for CorruptIndex {
    fn from(_: Malformed) -> Self {
        CorruptIndex("it cannot be read to its end")
    }
}

impl Index {
    /// The index as bytes. Equal indexes give equal bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![FORM];
        write_var(&mut out, self.names.list.len() as u64);
        self.names.list.iter().for_each(|name| write_string(&mut out, name));
        write_var(&mut out, self.places.list.len() as u64);
        for (&place, &blocks) in self.places.list.iter().zip(&self.places.blocks) {
            write_place(&mut out, place);
            write_var(&mut out, u64::from(blocks));
        }
        write_var(&mut out, self.clients.len() as u64);
        for (&id, client) in &self.clients {
            write_client(&mut out, id, client);
        }
        out
    }

    /// Reads what [`encode`](Index::encode) wrote.
    pub fn decode(bytes: &[u8]) -> Result<Self, CorruptIndex> {
        let mut reader = Reader::new(bytes);
        if reader.byte()? != FORM {
            return Err(CorruptIndex("it was written by another release"));
        }
        let mut index = Index::default();
        for number in 0..reader.count(1)? {
            let name: Arc<str> = reader.string()?.into();
            if index.names.number(name) as usize != number {
                return Err(CorruptIndex("a name is there twice"));
            }
        }
        for number in 0..reader.count(1)? {
            let place = read_place(&mut reader, &index)?;
            if index.places.number(place) as usize != number {
                return Err(CorruptIndex("a place is there twice"));
            }
            index.places.blocks[number] = reader.clock()?;
        }
        for _ in 0..reader.count(5)? {
            let id = reader.var()?;
            let client = read_client(&mut reader, &index.places.list)?;
            if index.clients.last_key_value().is_some_and(|(&last, _)| last >= id) {
                return Err(CorruptIndex("its clients are not in order"));
            }
            index.clients.insert(id, client);
        }
        reader.finish()?;
        index.revive();
        Ok(index)
    }
}

impl<C> minicbor::Encode<C> for Index {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(&Index::encode(self))?.ok()
    }
}

impl<'b, C> minicbor::Decode<'b, C> for Index {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        Index::decode(d.bytes()?).map_err(minicbor::decode::Error::custom)
    }
}

fn write_place(out: &mut Vec<u8>, place: Stored) {
    match place {
        Stored::Gc => out.push(0),
        Stored::Text(text) => {
            out.push(TEXT);
            write_id(out, text);
        }
        Stored::Slot { parent, key } => {
            match parent {
                Parent::Root(name) => {
                    out.push(ROOT_SLOT);
                    write_var(out, u64::from(name));
                }
                Parent::Item(id) => {
                    out.push(SLOT);
                    write_id(out, id);
                }
            }
            write_var(out, u64::from(key));
        }
        Stored::Made { kind, slot } => {
            out.push(if kind == Kind::Map { MADE_MAP } else { MADE_TEXT });
            write_var(out, u64::from(slot));
        }
    }
}

fn read_place(reader: &mut Reader<'_>, index: &Index) -> Result<Stored, CorruptIndex> {
    let names = index.names.list.len();
    Ok(match reader.byte()? {
        0 => Stored::Gc,
        TEXT => Stored::Text(reader.id()?),
        ROOT_SLOT => {
            Stored::Slot { parent: Parent::Root(number(reader, names)?), key: number(reader, names)? }
        }
        SLOT => Stored::Slot { parent: Parent::Item(reader.id()?), key: number(reader, names)? },
        tag @ (MADE_MAP | MADE_TEXT) => {
            let slot = number(reader, index.places.list.len())?;
            if !matches!(index.places.list[slot as usize], Stored::Slot { .. }) {
                return Err(CorruptIndex("a map stands nowhere"));
            }
            Stored::Made { kind: if tag == MADE_MAP { Kind::Map } else { Kind::Text }, slot }
        }
        _ => return Err(CorruptIndex("a place of an unknown kind")),
    })
}

fn write_client(out: &mut Vec<u8>, id: u64, client: &Client) {
    write_var(out, id);
    write_var(out, u64::from(client.author.0));
    write_var(out, client.runs.len() as u64);
    for (run, &(start, place)) in client.runs.iter().enumerate() {
        let end = client.runs.get(run + 1).map_or(client.next, |(start, _)| *start);
        write_var(out, u64::from(end - start));
        write_var(out, u64::from(place));
    }
    write_var(out, client.typed.len() as u64);
    for typed in &client.typed {
        write_var(out, u64::from(typed.start));
        out.push(u8::from(typed.origin.is_some()) | u8::from(typed.right_origin.is_some()) << 1);
        typed.origin.into_iter().chain(typed.right_origin).for_each(|id| write_id(out, id));
    }
    write_var(out, client.dead.len() as u64);
    let mut at = 0;
    for range in client.dead.iter() {
        write_var(out, u64::from(range.start - at));
        write_var(out, u64::from(range.end - range.start));
        at = range.end;
    }
}

fn read_client(reader: &mut Reader<'_>, places: &[Stored]) -> Result<Client, CorruptIndex> {
    let author = Author(u32::try_from(reader.var()?).map_err(|_| CorruptIndex("an author out of range"))?);
    let mut client = Client { author, ..Client::default() };
    for _ in 0..reader.count(2)? {
        let len = length(reader, client.next)?;
        let place = number(reader, places.len())?;
        let text = matches!(places[place as usize], Stored::Text(_));
        if !text && client.runs.last().is_some_and(|(_, last)| *last == place) {
            return Err(CorruptIndex("its runs are not merged"));
        }
        client.runs.push((client.next, place));
        client.next += len;
    }
    for _ in 0..reader.count(2)? {
        let start = reader.clock()?;
        if client.typed.last().is_some_and(|last| last.start >= start) || start >= client.next {
            return Err(CorruptIndex("its runs of typing are not in order"));
        }
        let flags = reader.byte()?;
        if flags > 3 {
            return Err(CorruptIndex("a run of typing of an unknown kind"));
        }
        let origin = if flags & 1 != 0 { Some(reader.id()?) } else { None };
        let right_origin = if flags & 2 != 0 { Some(reader.id()?) } else { None };
        client.typed.push(Typed { start, origin, right_origin });
    }
    let mut at = 0;
    for _ in 0..reader.count(2)? {
        let start = at + reader.clock()?;
        let len = length(reader, start)?;
        if at != 0 && start == at {
            return Err(CorruptIndex("its dead ranges are not merged"));
        }
        at = start + len;
        client.dead.insert(start..at);
    }
    if at > client.next {
        return Err(CorruptIndex("something is dead that never was"));
    }
    Ok(client)
}

fn length(reader: &mut Reader<'_>, start: u32) -> Result<u32, CorruptIndex> {
    let len = reader.clock()?;
    if len == 0 || super::MAX_CLOCK.checked_sub(len).is_none_or(|most| start >= most) {
        return Err(CorruptIndex("a clock out of range"));
    }
    Ok(len)
}

fn number(reader: &mut Reader<'_>, below: usize) -> Result<u32, CorruptIndex> {
    match u32::try_from(reader.var()?) {
        Ok(number) if (number as usize) < below => Ok(number),
        _ => Err(CorruptIndex("a number that stands for nothing")),
    }
}
