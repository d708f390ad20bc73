//! Who is here.

use leptos::prelude::*;
use plumbline_shared::schema::COLOURS;

use crate::{effect::memo, session::Live, text::text, typed::initials};

/// How many faces are shown before the rest is a number.
const SHOWN: usize = 6;

/// A colour's name if it is one of ours: it comes from the server's roster, and is written into a style.
pub(crate) fn token(colour: &str) -> &'static str {
    COLOURS.iter().find(|token| **token == colour).unwrap_or(&COLOURS[0])
}

/// The faces of who is here, the own one first.
#[component]
pub(crate) fn Faces(
    /// The session.
    live: Live,
) -> impl IntoView {
    let board = live.board;
    // Name, colour, and whether it is oneself.
    let faces = memo(move |_| {
        let me = live.me.get().participant;
        let mut faces: Vec<(String, String, bool)> = Vec::new();
        if let Some(me) = me {
            board.roster.with(|roster| {
                if let Some(person) = roster.get(&me) {
                    faces.push((person.name.clone(), person.colour.clone(), true));
                }
            });
        }
        board.others.with(|others| {
            for other in others.iter().filter(|other| Some(other.id) != me) {
                faces.push((other.name.clone(), other.colour.clone(), false));
            }
        });
        faces
    });
    let all = move || {
        faces
            .get()
            .iter()
            .map(|(name, _, own)| if *own { (text().board.you)(name) } else { name.clone() })
            .collect::<Vec<_>>()
            .join(", ")
    };
    view! {
        <div
            class="faces"
            role="img"
            data-testid="faces"
            aria-label=move || format!("{}: {}", (text().board.here)(faces.with(Vec::len)), all())
            title=all
        >
            {move || {
                let faces = faces.get();
                let more = faces.len().saturating_sub(SHOWN);
                let shown = faces
                    .into_iter()
                    .take(SHOWN)
                    .map(|(name, colour, own)| {
                        let colour = format!("var(--{})", token(&colour));
                        view! {
                            <span class="face" class:own=own style:--hand=colour>
                                {initials(&name)}
                            </span>
                        }
                    })
                    .collect_view();
                (shown, (more > 0).then(|| view! { <span class="face more">{format!("+{more}")}</span> }))
            }}
        </div>
    }
}
