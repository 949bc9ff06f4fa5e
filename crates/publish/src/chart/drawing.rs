//! A drawing as shapes in its own coordinates, from the upper left; paper and page draw the same shapes.

/// How large a drawing is, and how large its text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Size {
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) text: f32,
}

/// Shapes, the first one lowest.
pub(crate) struct Drawing {
    pub(crate) size: Size,
    pub(crate) shapes: Vec<Shape>,
}

/// Something drawn.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    Bar {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        tone: Tone,
    },
    Line {
        from: (f32, f32),
        to: (f32, f32),
        stroke: Stroke,
    },
    /// A line through points.
    Course {
        points: Vec<(f32, f32)>,
        stroke: Stroke,
    },
    Dot {
        x: f32,
        y: f32,
        radius: f32,
        tone: Tone,
    },
    /// A text by its baseline.
    Label {
        x: f32,
        y: f32,
        anchor: Anchor,
        text: String,
    },
}

/// What a filled shape stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// People above the cut.
    Above,
    /// Everybody else.
    Others,
    /// Black, as a code to be scanned is, and an item.
    Ink,
}

/// What a line stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stroke {
    Axis,
    Grid,
    Threshold,
    Cut,
    /// The one person a page is about.
    Marked,
    /// Items answered, over time.
    Answered,
    /// People who have ended, over time; told from the other by its dashes.
    Ended,
}

/// Which end of a text stands at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Anchor {
    Start,
    Middle,
    End,
}

impl Drawing {
    pub(super) fn new(size: Size) -> Self {
        Drawing { size, shapes: Vec::new() }
    }

    /// An empty drawing without text.
    pub(crate) fn square(edge: f32) -> Self {
        Drawing::new(Size { width: edge, height: edge, text: 0.0 })
    }

    /// A black bar.
    pub(crate) fn ink(&mut self, x: f32, y: f32, width: f32, height: f32) {
        self.bar(x, y, width, height, Tone::Ink);
    }

    pub(super) fn bar(&mut self, x: f32, y: f32, width: f32, height: f32, tone: Tone) {
        self.shapes.push(Shape::Bar { x, y, width, height, tone });
    }

    pub(super) fn line(&mut self, from: (f32, f32), to: (f32, f32), stroke: Stroke) {
        self.shapes.push(Shape::Line { from, to, stroke });
    }

    pub(super) fn course(&mut self, points: Vec<(f32, f32)>, stroke: Stroke) {
        self.shapes.push(Shape::Course { points, stroke });
    }

    pub(super) fn dot(&mut self, x: f32, y: f32, radius: f32, tone: Tone) {
        self.shapes.push(Shape::Dot { x, y, radius, tone });
    }

    pub(super) fn label(&mut self, x: f32, y: f32, anchor: Anchor, text: impl Into<String>) {
        self.shapes.push(Shape::Label { x, y, anchor, text: text.into() });
    }
}
