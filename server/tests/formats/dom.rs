//! As much of a page's tree as a test needs.

use html5ever::{ParseOpts, parse_document, tendril::TendrilSink};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

use crate::material::words;

/// A page that a browser reads without finding anything wrong.
pub(crate) fn parsed(bytes: &[u8]) -> Handle {
    let dom =
        parse_document(RcDom::default(), ParseOpts::default()).from_utf8().read_from(&mut &*bytes).unwrap();
    assert!(dom.errors.borrow().is_empty(), "{:?}", dom.errors.borrow());
    // Nothing in a text became markup, and nothing is fetched from elsewhere.
    for node in everything(&dom.document) {
        let NodeData::Element { name, attrs, .. } = &node.data else { continue };
        let tag = &*name.local;
        assert!(!["script", "b", "img", "a", "link", "iframe", "object", "form"].contains(&tag), "{tag}");
        for attribute in attrs.borrow().iter() {
            let name = &*attribute.name.local;
            assert!(!name.starts_with("on") && !["src", "href", "style"].contains(&name), "{tag} {name}");
        }
    }
    assert!(!text(&all(&dom.document, "style")[0]).contains("url("));
    dom.document
}

fn everything(node: &Handle) -> Vec<Handle> {
    let mut nodes = vec![node.clone()];
    for child in node.children.borrow().iter() {
        nodes.extend(everything(child));
    }
    nodes
}

fn is(node: &Handle, tag: &str) -> bool {
    matches!(&node.data, NodeData::Element { name, .. } if &*name.local == tag)
}

/// All elements of that name, in the order of the page.
pub(crate) fn all(node: &Handle, tag: &str) -> Vec<Handle> {
    everything(node).into_iter().filter(|node| is(node, tag)).collect()
}

/// What stands in an element, without blanks.
pub(crate) fn text(node: &Handle) -> String {
    let texts = everything(node).into_iter().filter_map(|node| match &node.data {
        NodeData::Text { contents } => Some(contents.borrow().to_string()),
        _ => None,
    });
    words(&texts.collect::<String>())
}

/// The cells of the table that follows a heading, without its own headings.
pub(crate) fn table(page: &Handle, heading: &str) -> Vec<Vec<String>> {
    let mut after =
        everything(page).into_iter().skip_while(|node| !(is(node, "h2") && text(node) == words(heading)));
    let heading = after.next().expect("the heading");
    let table =
        after.find(|node| is(node, "table") || (is(node, "h2") && text(node) != text(&heading))).unwrap();
    assert!(is(&table, "table"), "there is a table");
    let body = all(&table, "tbody").remove(0);
    let cells = |row: &Handle| -> Vec<String> { all(row, "td").iter().map(text).collect() };
    all(&body, "tr").iter().map(cells).collect()
}
