//! The mark and the icons: drawn here, so that none is fetched.

use leptos::prelude::*;

/// Plumbline's mark: the plumb bob on its line.
#[component]
pub(crate) fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 18 26" aria-hidden="true">
            <path d="M9 1v12" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
            <path d="M3.5 12.5h11L9 25z" fill="currentColor" />
        </svg>
    }
}

/// A drawing of sixteen by sixteen, in lines of the text's colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Icon {
    Undo,
    Redo,
    Lock,
    Unlock,
    Share,
    Menu,
    Close,
    Search,
    Filter,
    Add,
    Check,
    Enlarge,
    Shrink,
    Compact,
    Import,
    Warning,
    Flag,
    Up,
    Down,
    Top,
    End,
    Figures,
    Phone,
    Bin,
    Back,
    Again,
    Spot,
    On,
    Next,
    Camps,
    Hobby,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Self::Undo => "M6 3 2.5 6.5 6 10M3 6.5h6.5a4 4 0 0 1 0 8H7",
            Self::Redo => "m10 3 3.5 3.5L10 10m3-3.5H6.500a4 4 0 0 0 0 8H9",
            Self::Lock => "M4 7.500h8v6H4zM5.500 7.500V5a2.500 2.500 0 0 1 5 0v2.500",
            Self::Unlock => "M4 7.500h8v6H4zM5.500 7.500V4.500a2.500 2.500 0 0 1 4.700-1.200",
            Self::Share => "M8 10V2M5 4.500 8 1.500l3 3M3.500 8v5.500h9V8",
            Self::Menu => "M2.500 4.500h11M2.500 8h11M2.500 11.500h11",
            Self::Close => "m4 4 8 8m0-8-8 8",
            Self::Search => "M7 11.500a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9zm3.300-1.200 3.200 3.200",
            Self::Filter => "M2 4h12M4.500 8h7M6.500 12h3",
            Self::Add => "M8 3v10M3 8h10",
            Self::Check => "m3 8.500 3.200 3.200L13 4.800",
            Self::Enlarge => "m4 10 4-4 4 4M3 2.500h10",
            Self::Shrink => "m4 6 4 4 4-4M3 13.500h10",
            Self::Compact => "M2.500 4h11M2.500 6.700h11M2.500 9.300h11M2.500 12h11",
            Self::Import => "M8 2v8M5 7.500 8 10.500l3-3M3 13.500h10",
            Self::Flag => "M4 14V2.500h8l-2 3 2 3H4",
            Self::Bin => "M2.500 4h11M6 4V2.500h4V4M4 4l.700 9.500h6.600L12 4M6.700 7v4M9.300 7v4",
            Self::Phone => "M5 1.500h6v13H5zM7.500 12.300h1",
            Self::On => "M3 8h10M9 4l4 4-4 4",
            Self::Up => "m4 9.500 4-4 4 4",
            Self::Down => "m4 6.500 4 4 4-4",
            Self::Top => "m4 10.500 4-4 4 4M3.500 3.500h9",
            Self::End => "m4 5.500 4 4 4-4M3.500 12.500h9",
            Self::Figures => "M2.500 3.500h11v9.500h-11zM2.500 6.700h11M6.200 3.500V13",
            Self::Back => "M9.500 4 5.500 8l4 4",
            Self::Again => "M13 8a5 5 0 1 1-1.500-3.500M13 2v3h-3",
            Self::Spot => {
                "M8 3v-1M8 14v-1M3 8h-1M14 8h-1M8 10.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z"
            }
            Self::Next => "m6.500 4 4 4-4 4",
            Self::Camps => "M7 3a5 5 0 0 0 0 10zM9.500 3a5 5 0 0 1 0 10z",
            Self::Hobby => {
                "M8 1.500V10M8 2.500c3 1.500 4.500 3.500 5 7.500H3c.300-3 1.500-5 5-7.500M2 12h12l-2 2.500H4z"
            }
            Self::Warning => "M8 2 14.500 13.500h-13zM8 6.500v3.500M8 11.800v.2",
        }
    }
}

impl IntoRender for Icon {
    type Output = AnyView;

    fn into_render(self) -> Self::Output {
        view! {
            <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                <path
                    d=self.path()
                    fill="none"
                    stroke="currentColor"
                    stroke-width="1.5"
                    stroke-linecap="round"
                    stroke-linejoin="round"
                />
            </svg>
        }
        .into_any()
    }
}
