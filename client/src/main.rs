//! Pages.

#[cfg(target_arch = "wasm32")]
fn main() {
    use leptos::prelude::*;
    leptos::mount::mount_to_body(|| view! { <h1>"Plumbline"</h1> });
}

/// The pages exist in browsers only; this keeps `cargo test --workspace` in one piece.
#[cfg(not(target_arch = "wasm32"))]
fn main() {}
