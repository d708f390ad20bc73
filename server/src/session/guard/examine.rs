//! The admission of one update.

mod admission;
mod context;
mod finish;
mod judge;
mod touched;

use admission::Admission;
use context::Context;
use touched::Touched;

use super::layer::Delta;
use super::lib0::Malformed;
use super::scan::{Scan, scan};
use super::view::View;
use super::{
    Ahead, Author, Change, Index, Judgement, Limits, MAX_CLIENTS_PER_AUTHOR, Path, Refusal, SERVER_CLIENT,
};

/// What becomes of an update.
#[derive(Debug)]
pub enum Examined<R> {
    /// It brings nothing new. Nothing is appended, and nobody needs a permission for it.
    Nothing,
    /// It may be appended, in the form given.
    Pass(Box<Admitted<R>>),
    /// It follows on something that is not known here. No offence: drop it and send sync step 1; refuse only
    /// if the answering step 2 still has the gap.
    Gap,
    /// Nothing of it is accepted.
    Refused(Refusal<R>),
}

/// What may be appended.
#[derive(Debug)]
pub struct Admitted<R> {
    /// What is new in the update, as v1: nothing else may be appended or reach yrs.
    pub update: Vec<u8>,
    /// Plain values to restore to what stood there before (or to remove, where nothing did), under the
    /// server's id and in the transaction that applies the update; each with the judge's reason, once.
    pub compensate: Vec<(Path, R)>,
    /// For [`Ahead::push`] or [`Index::absorb`].
    pub delta: Delta,
}

/// Examines an update of `author`'s: what of it is new, whether it may be, and how it reads when written
/// anew.
///
/// `judge` is asked once for each thing done to each path, in the order of the update but for [`Limits::made_first`], and not at all
/// about what is known, what hangs on something dead, and what is deleted together with the map it stands in.
///
/// `steps` grows by what the update costs, whatever becomes of it: by the blocks that are walked over to find where
/// the new ones land. For limits: a step takes up to 0.1 µs, and an update that passes costs at most
/// [`MAX_STEPS`](super::MAX_STEPS).
pub fn examine<R>(
    index: &Index,
    ahead: &Ahead,
    author: Author,
    bytes: &[u8],
    limits: &Limits,
    steps: &mut u32,
    judge: &mut dyn FnMut(&Change<'_>) -> Judgement<R>,
) -> Examined<R> {
    match admit(View { index, ahead }, author, bytes, limits, steps, judge) {
        Ok(Some(admitted)) => Examined::Pass(Box::new(admitted)),
        Ok(None) => Examined::Nothing,
        Err(Stop::Gap) => Examined::Gap,
        Err(Stop::Refused(refusal)) => Examined::Refused(refusal),
    }
}

/// Why an admission ends early.
enum Stop<R> {
    Gap,
    Refused(Refusal<R>),
}

impl<R> From<Refusal<R>> for Stop<R> {
    fn from(refusal: Refusal<R>) -> Self {
        Stop::Refused(refusal)
    }
}

impl<R> From<Malformed> for Stop<R> {
    fn from(malformed: Malformed) -> Self {
        Stop::Refused(malformed.into())
    }
}

fn admit<R>(
    view: View<'_>,
    author: Author,
    bytes: &[u8],
    limits: &Limits,
    steps: &mut u32,
    judge: &mut dyn FnMut(&Change<'_>) -> Judgement<R>,
) -> Result<Option<Admitted<R>>, Stop<R>> {
    if bytes.len() > limits.frame {
        return Err(Refusal::FrameTooLarge { size: bytes.len(), limit: limits.frame }.into());
    }
    let scan = scan(bytes, |client| view.next(client), |client, range| view.dead_covers(client, range))?;
    claim(view, author, &scan)?;
    if scan.gap {
        return Err(Stop::Gap);
    }
    let context = Context::new(view, author, scan);
    if context.is_empty() {
        return Ok(None);
    }
    let mut admission = Admission { context, touched: Touched::default(), size: 0, limits, steps };
    for section in 0..admission.context.sections.len() {
        admission.take_in(section)?;
    }
    let deleting = admission.touched.delete_known(&admission.context);
    admission.walk(deleting)?;
    let compensate = judge::judge(&admission.context, &admission.touched, limits.made_first, judge)?;
    let delta = admission.delta();
    let update = admission.encode();
    if update.len() > limits.content {
        return Err(Refusal::TooMuchNew { limit: limits.content }.into());
    }
    Ok(Some(Admitted { update, compensate, delta }))
}

/// Whether every client id with new blocks is the author's, or nobody's and free to become so.
fn claim<R>(view: View<'_>, author: Author, scan: &Scan<'_>) -> Result<(), Refusal<R>> {
    if scan.too_many {
        return Err(Refusal::TooManyClients);
    }
    let mut unbound = 0;
    for fresh in &scan.fresh {
        match view.author(fresh.client) {
            _ if fresh.client == SERVER_CLIENT && author != Author::SERVER => return Err(Refusal::NotYours),
            Some(owner) if owner != author => return Err(Refusal::NotYours),
            Some(_) => {}
            None => unbound += 1,
        }
    }
    if unbound > 0
        && author != Author::SERVER
        && view.index.clients_of(author) + view.ahead.clients_of(author) + unbound > MAX_CLIENTS_PER_AUTHOR
    {
        return Err(Refusal::TooManyReloads);
    }
    Ok(())
}
