//! The copy of a card that follows the pointer, and the line where it would fall.

use leptos::prelude::document;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::target::Target;

/// Copy and line. They are taken off the page when this is dropped.
pub(super) struct Ghost {
    copy: HtmlElement,
    line: HtmlElement,
    /// From the pointer to the copy's corner.
    grip: (f64, f64),
}

impl Ghost {
    /// Makes the copy of `card`, which was taken `at` a point of the screen; `count` cards go with
    /// it. Under a finger it is see-through, for the sake of what it is held over.
    pub(super) fn lift(card: &HtmlElement, at: (f64, f64), count: usize, touch: bool) -> Option<Self> {
        let rect = card.get_bounding_client_rect();
        let copy: HtmlElement = card.clone_node_with_deep(true).ok()?.dyn_into().ok()?;
        for attribute in ["data-project", "data-testid"] {
            copy.remove_attribute(attribute).ok();
        }
        copy.set_class_name(if touch { "card ghost touched" } else { "card ghost" });
        copy.set_attribute("aria-hidden", "true").ok();
        if count > 1 {
            copy.set_attribute("data-count", &count.to_string()).ok();
        }
        let style = copy.style();
        style.set_property("width", &format!("{}px", rect.width())).ok();
        style.set_property("height", &format!("{}px", rect.height())).ok();
        let line: HtmlElement = document().create_element("div").ok()?.dyn_into().ok()?;
        line.set_class_name("drop-line");
        let body = document().body()?;
        body.append_child(&line).ok()?;
        body.append_child(&copy).ok()?;
        let ghost = Self { copy, line, grip: (at.0 - rect.left(), at.1 - rect.top()) };
        ghost.follow(at, None);
        Some(ghost)
    }

    /// Brings the copy to the pointer, and the line to the target.
    pub(super) fn follow(&self, at: (f64, f64), target: Option<&Target>) {
        let (x, y) = (at.0 - self.grip.0, at.1 - self.grip.1);
        self.copy
            .style()
            .set_property("transform", &format!("translate3d({x}px,{y}px,0) rotate(-1.5deg)"))
            .ok();
        let line = self.line.style();
        match target.and_then(|target| target.line) {
            Some((x, y, width)) => {
                // One pixel wide and scaled, so that its length is no layout either.
                line.set_property("transform", &format!("translate3d({x}px,{y}px,0) scaleX({width})")).ok();
                line.set_property("opacity", "1").ok();
            }
            None => {
                line.set_property("opacity", "0").ok();
            }
        }
    }
}

impl Drop for Ghost {
    fn drop(&mut self) {
        self.copy.remove();
        self.line.remove();
    }
}
