//! What does not fit on the wall at once comes in pages.

/// On how many pages so many rows stand, `per` on each; one where there are none.
pub(crate) fn pages(rows: usize, per: usize) -> usize {
    rows.div_ceil(per.max(1)).max(1)
}

/// The rows of that page, pages counted from 0; of the last one if it lies behind it.
pub(crate) fn page<T: Clone>(rows: &[T], per: usize, at: usize) -> Vec<T> {
    let at = at.min(pages(rows.len(), per) - 1);
    rows.iter().skip(at * per).take(per).cloned().collect()
}

/// How texts of these lengths, in characters, are laid onto pages of `lines` lines of `width` characters, with a line
/// between two: the first text of each page. A text that is longer than a page has one of its own.
pub(crate) fn packed(lengths: &[usize], width: usize, lines: usize) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut used = lines;
    for (at, length) in lengths.iter().enumerate() {
        let needs = length.div_ceil(width.max(1)).max(1) + 1;
        if used + needs > lines {
            starts.push(at);
            used = 0;
        }
        used += needs;
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_in_pages_and_the_last_one_is_what_is_left() {
        let rows: Vec<u32> = (0..20).collect();
        assert_eq!((pages(20, 8), pages(16, 8), pages(0, 8)), (3, 2, 1));
        assert_eq!(page(&rows, 8, 0), (0..8).collect::<Vec<_>>());
        assert_eq!(page(&rows, 8, 2), [16, 17, 18, 19]);
        assert_eq!(page(&rows, 8, 9), [16, 17, 18, 19]);
        assert_eq!(page::<u32>(&[], 8, 0), Vec::<u32>::new());
    }

    #[test]
    fn texts_are_laid_onto_pages_by_what_they_need() {
        // Of ten characters a line and six lines: 2 and 2, then 4, then one that is too long for any page, then 2.
        assert_eq!(packed(&[5, 9, 25, 300, 1], 10, 6), [0, 2, 3, 4]);
        assert_eq!(packed(&[5, 5, 5], 10, 6), [0]);
        assert_eq!(packed(&[], 10, 6), Vec::<usize>::new());
    }
}
