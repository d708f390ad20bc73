//! A page that is used by keyboard alone.

use crate::{browser::Page, wait};

/// How often Tab is pressed in search of something.
const TABS: usize = 160;

/// Presses Tab until the focus is on `what`.
///
/// # Panics
/// When Tab does not lead there.
pub async fn tab_to(page: &Page, what: &str) {
    page.see(what).await;
    let mut passed = Vec::new();
    for _ in 0..TABS {
        let focus = page.focus().await;
        if focus == what {
            return;
        }
        passed.push(focus);
        page.press(&["Tab"]).await;
    }
    panic!("Tab does not lead {} to {what}; it leads over {passed:?}\n{}", page.name, page.picture().await);
}

/// Goes to `what` by Tab, and presses a key there.
pub async fn press_on(page: &Page, what: &str, key: &str) {
    tab_to(page, what).await;
    page.press(&[key]).await;
}

/// Goes to a field by Tab, and types.
pub async fn write(page: &Page, into: &str, text: &str) {
    tab_to(page, into).await;
    page.press_text(text).await;
}

/// Waits until the keys go to `what`.
pub async fn in_focus(page: &Page, what: &str) {
    wait::until(&format!("the keys of {} go to {what}", page.name), async || {
        let focus = page.focus().await;
        wait::holds(focus == what, || focus.clone())
    })
    .await;
}

/// Waits until something has the focus, and it can be seen what.
pub async fn focus_is_seen(page: &Page, when: &str) {
    wait::until(&format!("{} sees where the focus is {when}", page.name), async || {
        let wrong = page.unseen_focus().await;
        wait::holds(wrong.is_empty(), || wrong.clone())
    })
    .await;
}
