//! The picture of the portfolio's shift: where its columns and ribbons lie, out of whole counts.

/// How wide a column is, in units of the picture.
pub(crate) const COLUMN: f64 = 16.0;
/// From one column to the next.
pub(crate) const STEP: f64 = 300.0;
/// How high the fullest column is, without its gaps.
pub(crate) const HEIGHT: f64 = 240.0;
/// Between two parts of a column.
const GAP: f64 = 8.0;
/// The least height of a part that is not empty: it has to be seen, and to be told by its number.
const LEAST: f64 = 3.0;

/// A part of a column: what stands on one pile after one session.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Part {
    /// The column, from 0.
    pub(crate) column: usize,
    /// The pile, by its place in the order of piles.
    pub(crate) pile: usize,
    /// What stands there.
    pub(crate) amount: f64,
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) height: f64,
}

/// What went from a pile of one session to a pile of the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Way {
    /// The earlier column.
    pub(crate) column: usize,
    /// The piles, by their places.
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// What it weighed then, and what it weighs now.
    pub(crate) before: f64,
    pub(crate) after: f64,
}

/// A way as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Ribbon {
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// The path of an SVG.
    pub(crate) path: String,
}

/// The whole picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Picture {
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) parts: Vec<Part>,
    pub(crate) ribbons: Vec<Ribbon>,
}

/// Lays the picture out: `columns` are amounts by column and pile, `ways` what went where. Piles stand in their order, from
/// the top; empty ones take no room. A ribbon is as wide at each of its ends as what it carries weighs there.
pub(crate) fn picture(columns: &[Vec<f64>], ways: &[Way]) -> Picture {
    let totals = columns.iter().map(|piles| piles.iter().sum::<f64>());
    let most = totals.fold(0.0, f64::max);
    if most <= 0.0 {
        return Picture::default();
    }
    let scale = HEIGHT / most;
    let mut parts: Vec<Part> = Vec::new();
    let mut height: f64 = 0.0;
    for (column, piles) in columns.iter().enumerate() {
        let mut y = 0.0;
        for (pile, amount) in piles.iter().enumerate().filter(|(_, amount)| **amount > 0.0) {
            let tall = (amount * scale).max(LEAST);
            #[allow(clippy::cast_precision_loss, reason = "a few sessions")]
            let x = column as f64 * STEP;
            parts.push(Part { column, pile, amount: *amount, x, y, height: tall });
            y += tall + GAP;
        }
        height = height.max(y - GAP);
    }
    #[allow(clippy::cast_precision_loss, reason = "a few sessions")]
    let width = columns.len().saturating_sub(1) as f64 * STEP + COLUMN;
    let ribbons = ribbons(&parts, ways, scale);
    Picture { width, height, parts, ribbons }
}

fn ribbons(parts: &[Part], ways: &[Way], scale: f64) -> Vec<Ribbon> {
    let find =
        |column: usize, pile: usize| parts.iter().position(|part| part.column == column && part.pile == pile);
    // How far each part is taken, on its right and on its left side.
    let mut taken = vec![(0.0, 0.0); parts.len()];
    let mut ways: Vec<&Way> = ways.iter().collect();
    // In the order of the piles on both sides, so that ribbons of one part do not cross each other.
    ways.sort_by_key(|way| (way.column, way.from, way.to));
    let mut starts: Vec<(f64, f64)> = Vec::with_capacity(ways.len());
    for way in &ways {
        let tall = way.before * scale;
        let start = find(way.column, way.from).map(|at| {
            let y = parts[at].y + taken[at].0;
            taken[at].0 += tall;
            (y, y + tall)
        });
        starts.push(start.unwrap_or_default());
    }
    let mut order: Vec<usize> = (0..ways.len()).collect();
    order.sort_by_key(|at| (ways[*at].column, ways[*at].to, ways[*at].from));
    let mut drawn: Vec<Ribbon> = Vec::with_capacity(ways.len());
    for at in order {
        let way = ways[at];
        let (Some(left), Some(right)) = (find(way.column, way.from), find(way.column + 1, way.to)) else {
            continue;
        };
        let tall = way.after * scale;
        let top = parts[right].y + taken[right].1;
        taken[right].1 += tall;
        let (x0, x1) = (parts[left].x + COLUMN, parts[right].x);
        let middle = f64::midpoint(x0, x1);
        let (a, b) = starts[at];
        let (c, d) = (top, top + tall);
        let path = format!(
            "M{x0:.1} {a:.1}C{middle:.1} {a:.1} {middle:.1} {c:.1} {x1:.1} {c:.1}V{d:.1}C{middle:.1} {d:.1} {middle:.1} {b:.1} {x0:.1} {b:.1}Z"
        );
        drawn.push(Ribbon { from: way.from, to: way.to, path });
    }
    drawn
}

/// Where the points of a line lie that shows shares between 0 and 1, one for each place that has one.
pub(crate) fn points(shares: &[Option<f64>], width: f64, height: f64) -> Vec<(f64, f64)> {
    let last = shares.len().saturating_sub(1).max(1);
    let place = |(at, share): (usize, &Option<f64>)| {
        #[allow(clippy::cast_precision_loss, reason = "a few sessions")]
        let x = at as f64 / last as f64 * width;
        share.map(|share| (x, height * (1.0 - share.clamp(0.0, 1.0))))
    };
    shares.iter().enumerate().filter_map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fullest_column_is_as_high_as_may_be_and_the_others_in_proportion() {
        let picture = picture(&[vec![6.0, 0.0, 4.0], vec![2.0, 2.0, 1.0]], &[]);
        let of = |column: usize| -> f64 {
            picture.parts.iter().filter(|part| part.column == column).map(|part| part.height).sum()
        };
        assert!((of(0) - HEIGHT).abs() < 1e-9 && (of(1) - HEIGHT / 2.0).abs() < 1e-9);
        assert_eq!(picture.parts.len(), 5, "an empty pile takes no room");
        assert!((picture.width - STEP - COLUMN).abs() < 1e-9);
        for pair in picture.parts.windows(2).filter(|pair| pair[0].column == pair[1].column) {
            assert!(pair[0].y + pair[0].height < pair[1].y, "they do not overlap");
        }
    }

    #[test]
    fn ribbons_begin_and_end_within_their_parts() {
        let ways = [
            Way { column: 0, from: 0, to: 1, before: 2.0, after: 2.0 },
            Way { column: 0, from: 0, to: 0, before: 4.0, after: 2.0 },
            Way { column: 0, from: 1, to: 0, before: 1.0, after: 1.0 },
            // To where nothing stands: not drawn.
            Way { column: 0, from: 1, to: 2, before: 1.0, after: 0.0 },
        ];
        let picture = picture(&[vec![6.0, 2.0], vec![3.0, 2.0]], &ways);
        assert_eq!(picture.ribbons.len(), 3);
        let stays = picture.ribbons.iter().find(|ribbon| (ribbon.from, ribbon.to) == (0, 0));
        let scale = HEIGHT / 8.0;
        let expected = format!("M{COLUMN:.1} 0.0C");
        let stays = stays.map(|ribbon| ribbon.path.as_str()).unwrap_or_default();
        assert!(stays.starts_with(&expected), "{stays}");
        assert!(stays.contains(&format!("V{:.1}C", 2.0 * scale)), "{stays}");
    }

    #[test]
    fn nothing_is_no_picture_and_little_is_still_seen() {
        assert_eq!(picture(&[], &[]), Picture::default());
        assert_eq!(picture(&[vec![0.0, 0.0]], &[]), Picture::default());
        let parts = picture(&[vec![1.0, 9_999.0]], &[]).parts;
        assert!(parts[0].height >= LEAST);
    }

    #[test]
    fn points_stand_under_their_sessions() {
        assert_eq!(points(&[Some(1.0), None, Some(0.5)], 100.0, 20.0), [(0.0, 0.0), (100.0, 10.0)]);
        assert_eq!(points(&[Some(0.0)], 100.0, 20.0), [(0.0, 20.0)]);
    }
}
