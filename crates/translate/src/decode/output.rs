//! The unified text while it is written: values one behind the other, as the vendor's document goes, and the
//! members of an object brought into the order of the shape when it ends.

use grammar::json::write_string;

use super::counts::Counts;
use super::required::Required;
use crate::mismatch::Mismatch;
use crate::shape::{Field, MemberName, Object};

/// Why a value is not what the shape says. What is written of it is in vain, and the document is read on for
/// its syntax.
pub(super) type Wrong = Box<Mismatch>;

/// The same, seen from the parent of the place `token`.
pub(super) fn inside(mut wrong: Wrong, token: &str) -> Wrong {
    wrong.step_out(token);
    wrong
}

/// What is written of all that is open. The tables serve all objects, so that one costs no allocation.
#[derive(Default)]
pub(super) struct Output {
    pub(super) text: String,
    pub(super) counts: Counts,
    /// A required field that another source may give is missing somewhere.
    pub(super) lacks: bool,
    members: Vec<Member>,
    seen: Vec<bool>,
    scratch: String,
}

/// A member that was written, or a run of items of an array whose items stand apart.
#[derive(Clone, Copy)]
struct Member {
    field: usize,
    start: usize,
    end: usize,
}

/// An object that is being written.
pub(super) struct OpenObject<'s> {
    pub(super) object: &'s Object,
    required: Required,
    start: usize,
    members: usize,
    seen: usize,
    in_order: bool,
    /// Of the first field in the order of the shape that is wrong so far.
    wrong: Option<(usize, Wrong)>,
    /// The field that the next one is likely to be.
    next: usize,
    /// How many items there are of arrays whose items stand apart, by the field.
    items: Vec<(usize, usize)>,
}

impl<'s> OpenObject<'s> {
    /// The number of the field that `is_it` says yes to: mostly the one behind the last, or the last again.
    pub(super) fn find(&mut self, is_it: impl Fn(&Field) -> bool) -> Option<usize> {
        let fields = &self.object.fields;
        let likely = [Some(self.next), self.next.checked_sub(1)];
        let likely = likely.into_iter().flatten();
        let mut likely = likely.filter(|index| fields.get(*index).is_some_and(&is_it));
        let found = match likely.next() {
            Some(found) => found,
            None => fields.iter().position(is_it)?,
        };
        self.next = found + 1;
        Some(found)
    }

    /// Counts an item of a field; says how many came before it.
    pub(super) fn count_item(&mut self, field: usize) -> usize {
        let known = self.items.iter_mut().find(|(known, _)| *known == field);
        match known {
            Some((_, count)) => {
                *count += 1;
                *count - 1
            }
            None => {
                self.items.push((field, 1));
                0
            }
        }
    }

    pub(super) fn field(&self, field: usize) -> Option<&'s Field> {
        self.object.fields.get(field)
    }

    /// Takes note of what is wrong with a field. The first in the order of the shape is told; of one field the
    /// last word counts.
    pub(super) fn is_wrong(&mut self, field: usize, wrong: Wrong) {
        if self.wrong.as_ref().is_none_or(|(first, _)| field <= *first) {
            self.wrong = Some((field, wrong));
        }
    }

    /// Whether a field, or one before it, is wrong already.
    pub(super) fn is_wrong_already(&self, field: usize) -> bool {
        self.wrong
            .as_ref()
            .is_some_and(|(first, _)| *first <= field)
    }

    pub(super) const fn requires(&self) -> Required {
        self.required
    }
}

impl Output {
    /// For what is taken out of an answer of so many bytes: seldom more than that, and then not much. Growing by
    /// doubling a list of megabytes would hold it three times for a moment.
    pub(super) fn for_answer(bytes: usize) -> Self {
        Self {
            text: String::with_capacity(bytes + bytes / 8 + 64),
            ..Self::default()
        }
    }

    pub(super) fn string(&mut self, text: &str) {
        write_string(&mut self.text, text);
    }

    /// A text that is spelt as JSON spells it.
    pub(super) fn literal(&mut self, text: &str) {
        self.text.push('"');
        self.text.push_str(text);
        self.text.push('"');
    }

    pub(super) fn open<'s>(&mut self, object: &'s Object, required: Required) -> OpenObject<'s> {
        let open = OpenObject {
            object,
            required,
            start: self.text.len(),
            members: self.members.len(),
            seen: self.seen.len(),
            in_order: true,
            wrong: None,
            next: 0,
            items: Vec::new(),
        };
        self.seen.resize(open.seen + object.fields.len(), false);
        self.text.push('{');
        open
    }

    /// Takes note that a field is there. Says whether it was already.
    pub(super) fn see(&mut self, open: &OpenObject<'_>, field: usize) -> bool {
        match self.seen.get_mut(open.seen + field) {
            Some(seen) => std::mem::replace(seen, true),
            None => false,
        }
    }

    /// Begins a member: what is written from here on is its value. Returns where it begins, for
    /// `end_member` or `drop_member`.
    pub(super) fn begin_member(&mut self, open: &OpenObject<'_>, name: &MemberName) -> usize {
        let start = self.text.len();
        if start > open.start + 1 {
            self.text.push(',');
        }
        self.text.push_str(name.key());
        start
    }

    pub(super) fn drop_member(&mut self, start: usize) {
        self.text.truncate(start);
    }

    pub(super) fn end_member(&mut self, open: &mut OpenObject<'_>, field: usize, start: usize) {
        let comma = usize::from(start > open.start + 1);
        let last = self.members.get(open.members..).and_then(<[_]>::last);
        open.in_order &= last.is_none_or(|last| last.field < field);
        self.members.push(Member {
            field,
            start: start + comma,
            end: self.text.len(),
        });
    }

    /// Begins an item of an array whose items may stand apart in the document: behind the last one where that
    /// was of the same array, or else as a run of its own. `number` items came before it.
    pub(super) fn begin_item(
        &mut self,
        open: &mut OpenObject<'_>,
        (field, number): (usize, usize),
        name: &MemberName,
    ) {
        let end = self.text.len();
        let last = self.members.get(open.members..).and_then(<[_]>::last);
        if last.is_some_and(|run| run.field == field && run.end == end) {
            self.text.pop();
            self.text.push(',');
            return;
        }
        let start = match number {
            0 => self.begin_member(open, name),
            _ => {
                self.text.push(',');
                end
            }
        };
        self.text.push('[');
        self.end_member(open, field, start);
    }

    /// Ends an item, and with it the array until another one comes.
    pub(super) fn end_item(&mut self) {
        self.text.push(']');
        let end = self.text.len();
        if let Some(run) = self.members.last_mut() {
            run.end = end;
        }
    }

    /// Ends an object: fields that must be there and are not become null or are wrong. `absent` writes what
    /// stands for a field of which there is nothing. What is written is the object, also where it is wrong.
    pub(super) fn close(
        &mut self,
        mut open: OpenObject<'_>,
        absent: impl Fn(&Field) -> Option<&'static str>,
    ) -> Option<Wrong> {
        for (index, field) in open.object.fields.iter().enumerate() {
            if self
                .seen
                .get(open.seen + index)
                .copied()
                .unwrap_or_default()
            {
                continue;
            }
            if let Some(stand_in) = absent(field).or_else(|| null(field)) {
                let start = self.begin_member(&open, &field.name);
                self.text.push_str(stand_in);
                self.end_member(&mut open, index, start);
            } else if field.required && open.required == Required::Now {
                let wrong = Mismatch::new(field.shape.kind.words(), "nothing").inside(&field.wire);
                open.is_wrong(index, Box::new(wrong));
                // No later field is told.
                break;
            } else {
                self.lacks |= field.required;
            }
        }
        if !open.in_order {
            self.reorder(&open);
        }
        self.text.push('}');
        self.members.truncate(open.members);
        self.seen.truncate(open.seen);
        open.wrong.map(|(_, wrong)| wrong)
    }

    /// Brings members into the order of the shape, and runs of one array together.
    fn reorder(&mut self, open: &OpenObject<'_>) {
        let members = self.members.get_mut(open.members..).unwrap_or_default();
        members.sort_by_key(|member| member.field);
        self.scratch.clear();
        self.scratch.push('{');
        let mut last = None;
        for member in &*members {
            let text = self.text.get(member.start..member.end).unwrap_or_default();
            if last == Some(member.field) {
                self.scratch.pop();
                self.scratch.push(',');
                self.scratch.push_str(text.get(1..).unwrap_or_default());
            } else {
                if last.is_some() {
                    self.scratch.push(',');
                }
                self.scratch.push_str(text);
            }
            last = Some(member.field);
        }
        self.text.truncate(open.start);
        self.text.push_str(&self.scratch);
    }
}

/// Absence and null mean the same; where a field must be there and may be null, the shape allows one
/// spelling only.
pub(super) fn null(field: &Field) -> Option<&'static str> {
    (field.required && field.shape.nullable).then_some("null")
}
