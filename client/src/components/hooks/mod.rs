//! What the page of the webhooks is made of.

mod card;
mod deliveries;
mod delivery;
mod form;
mod secret;

pub(crate) use card::HookCard;
pub(crate) use form::HookDialog;
