//! The pages' addresses.

use plumbline_shared::ids::{PillarId, SessionId};

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// The sessions of the workspace.
    Workspace,
    /// Making a session.
    NewSession,
    /// Joining, with the code where the address has one.
    Join(Option<String>),
    /// A session's board.
    Board(SessionId),
    /// A session on the projector.
    Wall(SessionId),
    /// What is printed for a session.
    Print(SessionId),
    /// A session that is only shown: console, phone and wall beside each other.
    Watch(SessionId),
    /// The decision log, and what of it is looked for: what stands behind the question mark, without it.
    Log(String),
    /// Asking for new work.
    Request,
    /// What has become of a request.
    RequestStatus,
    /// The requests, for who looks after them.
    Requests,
    /// The pillars over the sessions.
    Pillars,
    /// One of them, by its id in any session.
    Pillar(PillarId),
    /// Who outside is told what happens.
    Webhooks,
    /// A decision of the log, by its number.
    Decision(u64),
    /// The API keys of the workspace.
    ApiKeys,
    /// No page of ours.
    Unknown,
}

impl Route {
    /// The page at `path`, which may have something behind a question mark.
    pub(crate) fn parse(path: &str) -> Self {
        let (path, asked) = path.split_once('?').unwrap_or((path, ""));
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        match parts.as_slice() {
            [] => Self::Workspace,
            ["new"] => Self::NewSession,
            ["join"] => Self::Join(None),
            ["join", code] => Self::Join(Some(crate::code::normalise(code))),
            ["s", id] => id.parse().map_or(Self::Unknown, Self::Board),
            ["s", id, "print"] => id.parse().map_or(Self::Unknown, Self::Print),
            ["watch", id] => id.parse().map_or(Self::Unknown, Self::Watch),
            ["wall", id] => id.parse().map_or(Self::Unknown, Self::Wall),
            ["request"] => Self::Request,
            ["request", "status"] => Self::RequestStatus,
            ["requests"] => Self::Requests,
            ["pillars"] => Self::Pillars,
            ["pillars", id] => id.parse().map_or(Self::Unknown, Self::Pillar),
            ["keys"] => Self::ApiKeys,
            ["log"] => Self::Log(asked.to_owned()),
            ["webhooks"] => Self::Webhooks,
            ["log", number] => number.parse().map_or(Self::Unknown, Self::Decision),
            _ => Self::Unknown,
        }
    }

    /// The page's path.
    pub(crate) fn path(&self) -> String {
        match self {
            Self::Workspace | Self::Unknown => "/".to_owned(),
            Self::NewSession => "/new".to_owned(),
            Self::Webhooks => "/webhooks".to_owned(),
            Self::Join(None) => "/join".to_owned(),
            Self::Join(Some(code)) => format!("/join/{code}"),
            Self::Board(id) => format!("/s/{id}"),
            Self::Wall(id) => format!("/wall/{id}"),
            Self::Print(id) => format!("/s/{id}/print"),
            Self::Watch(id) => format!("/watch/{id}"),
            Self::Request => "/request".to_owned(),
            Self::RequestStatus => "/request/status".to_owned(),
            Self::Requests => "/requests".to_owned(),
            Self::Pillars => "/pillars".to_owned(),
            Self::Pillar(id) => format!("/pillars/{id}"),
            Self::ApiKeys => "/keys".to_owned(),
            Self::Log(asked) if asked.is_empty() => "/log".to_owned(),
            Self::Log(asked) => format!("/log?{asked}"),
            Self::Decision(number) => format!("/log/{number}"),
        }
    }
}

/// What a link carries in its fragment, which browsers do not send anywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Secret {
    /// The workspace key: `#key=pw_…`.
    Key(String),
    /// A token of a session: `#t=…`.
    Token(String),
    /// A link of a session that is good once: `#t=pl_…`.
    Once(String),
    /// A token by which this page is that person and nobody else, and of which it keeps nothing: `#only=…`.
    Only(String),
    /// A test with a phone, by its id: `#test=…`.
    Test(String),
}

impl Secret {
    /// The secret in a fragment, with or without its `#`.
    pub(crate) fn parse(fragment: &str) -> Option<Self> {
        let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
        // Tokens and keys are of the URL's own alphabet; anything else was added on the way (a full stop, a bracket).
        let clean = |value: &str| -> String {
            value.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect()
        };
        let secret = match fragment.split_once('=')? {
            ("key", value) => Self::Key(clean(value)),
            ("t", value) if value.starts_with("pl_") => Self::Once(clean(value)),
            ("t", value) => Self::Token(clean(value)),
            ("only", value) => Self::Only(clean(value)),
            ("test", value) => Self::Test(clean(value)),
            _ => return None,
        };
        let (Self::Key(value)
        | Self::Token(value)
        | Self::Once(value)
        | Self::Only(value)
        | Self::Test(value)) = &secret;
        (!value.is_empty()).then_some(secret)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn every_page_is_found_at_its_own_path() {
        let id: SessionId = "0192f0c4-7b1e-7cc3-98c4-dc0c0c07398f".parse().unwrap();
        for route in [
            Route::Workspace,
            Route::NewSession,
            Route::Webhooks,
            Route::Join(None),
            Route::Join(Some("K7Q4M2XD".to_owned())),
            Route::Board(id),
            Route::Wall(id),
            Route::Print(id),
            Route::Watch(id),
            Route::Request,
            Route::RequestStatus,
            Route::Requests,
            Route::Pillars,
            Route::Pillar(PillarId(id.0)),
            Route::Log(String::new()),
            Route::ApiKeys,
            Route::Log("q=tram&verdict=stop".to_owned()),
            Route::Decision(41),
        ] {
            assert_eq!(Route::parse(&route.path()), route);
        }
        assert_eq!(Route::parse("/join/K7Q4M2XD?from=mail"), Route::Join(Some("K7Q4M2XD".to_owned())));
        assert_eq!(Route::parse("/s/no-id"), Route::Unknown);
        assert_eq!(Route::parse("/log/first"), Route::Unknown);
        assert_eq!(Route::parse("/elsewhere"), Route::Unknown);
    }

    #[test]
    fn a_secret_loses_what_a_mail_program_hung_on_it() {
        assert_eq!(Secret::parse("#key=pw_aB-9."), Some(Secret::Key("pw_aB-9".to_owned())));
        assert_eq!(Secret::parse("t=x)"), Some(Secret::Token("x".to_owned())));
        assert_eq!(Secret::parse("#t=pl_x."), Some(Secret::Once("pl_x".to_owned())));
        assert_eq!(Secret::parse("#only=pp_x,"), Some(Secret::Only("pp_x".to_owned())));
        assert_eq!(Secret::parse("#test=0192-7c,"), Some(Secret::Test("0192-7c".to_owned())));
        assert_eq!(Secret::parse("#t="), None);
        assert_eq!(Secret::parse("#section"), None);
    }
}
