//! The tag tree: what is drawn, as those read it who do not see it.

use super::sheet::Element;
use krilla::geom::Rect;
use krilla::tagging::{BBox, Identifier, ListNumbering, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};
use std::num::NonZeroU16;

/// The tag tree while its pages are drawn: elements that are open, outermost first.
pub(super) struct Reading {
    page_index: usize,
    root: Vec<TagGroup>,
    open: Vec<TagGroup>,
}

impl Reading {
    pub(super) fn new() -> Self {
        Reading { page_index: 0, root: Vec::new(), open: Vec::new() }
    }

    /// Says which page is being drawn.
    pub(super) fn page(&mut self, page_index: usize) {
        self.page_index = page_index;
    }

    pub(super) fn open(&mut self, element: &Element) {
        self.open.push(TagGroup::new(tag(element, self.page_index)));
    }

    pub(super) fn content(&mut self, content: Identifier) {
        self.open.last_mut().expect("every text is placed in an element").push(content);
    }

    pub(super) fn close(&mut self) {
        let closed = self.open.pop().expect("every element that is closed was opened");
        match self.open.last_mut() {
            Some(parent) => parent.push(closed),
            None => self.root.push(closed),
        }
    }

    pub(super) fn into_tree(self) -> TagTree {
        assert!(self.open.is_empty(), "every element that was opened is closed");
        let mut tree = TagTree::new();
        self.root.into_iter().for_each(|group| tree.push(group));
        tree
    }
}

fn tag(element: &Element, page_index: usize) -> TagKind {
    match element {
        Element::Section => Tag::Section.into(),
        Element::Heading { level, title } => Tag::Hn(NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN), Some(title.clone())).into(),
        Element::Paragraph => Tag::P.into(),
        Element::List => Tag::L(ListNumbering::None).into(),
        Element::Item => Tag::LI.into(),
        Element::ItemLabel => Tag::Lbl.into(),
        Element::ItemBody => Tag::LBody.into(),
        Element::Table { summary } => Tag::Table.with_summary(Some(summary.clone())).into(),
        Element::TableHead => Tag::THead.into(),
        Element::TableBody => Tag::TBody.into(),
        Element::Figure { alternative, area } => {
            let place = Rect::from_xywh(area.x, area.y, area.width, area.height).map(|rect| BBox::new(page_index, rect));
            Tag::Figure(Some(alternative.clone())).with_bbox(place).into()
        }
        Element::Row => Tag::TR.into(),
        Element::ColumnHead => Tag::TH(TableHeaderScope::Column).into(),
        Element::RowHead => Tag::TH(TableHeaderScope::Row).into(),
        Element::Cell => Tag::TD.into(),
    }
}
