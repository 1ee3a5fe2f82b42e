//! `Key`: the shape of a query, exactly, as a row of words.
//!
//! Two queries with the same key have the same SQL, whatever their values. Every node of the tree
//! writes what it is and how much follows, so that different trees never give the same words;
//! descriptions (models, fields, lookups …) are `'static`, and their addresses stand for them.

mod condition;
mod expr;
mod more;
mod window;

use crate::compiler::draft::Given;
use crate::compiler::list::Lists;
use crate::compiler::statement::Ask;
use crate::exec::Backend;
use crate::query::{Clause, Expr, Order, OrderTerm, Path, Query, Select, Step};
use smallvec::SmallVec;

/// A shape as words; those of ordinary queries need no allocation.
pub(super) type Words = SmallVec<[u64; 64]>;

/// The shape of a query, and its values in the order of its slots.
pub(super) struct Key<'q> {
    pub(super) words: Words,
    pub(super) given: SmallVec<[Given<'q>; 16]>,
    lists: Lists,
    /// the text has numbers or names in it that a program may take from its input
    pub(super) loose: bool,
}

/// The SQL is not to be kept: its text depends on more than the shape.
pub(super) struct TooMuch;

type Walked = Result<(), TooMuch>;

/// Rows that are skipped in whole pages, up to this one, have texts that are kept.
const LAST_PAGE: u64 = 32;

/// Numbers in a text up to this one are few enough to be kept beside what programs say themselves.
const MOST_USUAL: u64 = 32;

/// A key of a document, or another name, that is longer than this is not kept; in bytes.
const LONGEST_TEXT: usize = 256;

/// So many clauses or terms of an order a key has room for.
const MOST: usize = 60_000;

/// The lowest byte of a word: what it speaks of.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(super) enum Tag {
    Far,
    Query,
    Rows,
    Path,
    Step,
    Column,
    Value,
    Null,
    Call,
    Aggregate,
    Arithmetic,
    Subquery,
    Case,
    Cast,
    Bool,
    Outside,
    Constant,
    Lookup,
    And,
    Or,
    Xor,
    Not,
    Each,
    All,
    Nothing,
    Pair,
    Flag,
    Annotate,
    Related,
    Anchor,
    Name,
    Select,
    Count,
    Exists,
    Keys,
    Update,
    Delete,
    Insert,
    UpdateRow,
    DeleteIn,
    InsertLink,
    DeleteLinks,
    Ref,
    Window,
    More,
    Combined,
    Outer,
    Typed,
    Walked,
    Key,
    Text,
    Filtered,
    Walk,
    Merged,
}

/// Which texts a database shares with others of its kind.
fn family(backend: Backend) -> u64 {
    match backend {
        Backend::Sqlite => 0,
        Backend::Postgres => 1,
        Backend::MySql { mariadb: false, .. } => 2,
        Backend::MySql { mariadb: true, .. } => 3,
    }
}

impl<'q> Key<'q> {
    /// An empty key.
    #[inline]
    pub(super) fn new(backend: Backend) -> Self {
        Key {
            words: SmallVec::new(),
            given: SmallVec::new(),
            lists: Lists::new(backend),
            loose: false,
        }
    }

    /// Which statement, on which database: a key begins with it.
    pub(super) fn statement(&mut self, statement: Tag, backend: Backend) {
        self.tag(statement, family(backend));
    }

    /// What is asked of a query.
    pub(super) fn ask(&mut self, ask: Ask<'q>, query: &'q Query, backend: Backend) -> Walked {
        let statement = match ask {
            Ask::Select => Tag::Select,
            Ask::Count => Tag::Count,
            Ask::Exists => Tag::Exists,
            Ask::Keys(_) => Tag::Keys,
            Ask::Update(_) => Tag::Update,
            Ask::Delete => Tag::Delete,
        };
        self.statement(statement, backend);
        self.query(query)?;
        match ask {
            Ask::Select | Ask::Count | Ask::Exists | Ask::Delete => {}
            Ask::Keys(columns) => self.all(columns)?,
            Ask::Update(set) => {
                self.words.push(set.len() as u64);
                for (field, expr) in set {
                    self.address(Tag::Column, *field);
                    self.outside_filters(|key| key.expr(expr))?;
                }
            }
        }
        Ok(())
    }

    /// What follows, and a number that tells more of it.
    fn tag(&mut self, tag: Tag, number: u64) {
        self.words.push(tag as u64 | number << 8);
    }

    /// A description, and what it is there for.
    pub(super) fn address<T>(&mut self, tag: Tag, description: &'static T) {
        let address = std::ptr::from_ref(description) as u64;
        if address >> 56 == 0 {
            self.tag(tag, address);
        } else {
            self.tag(Tag::Far, tag as u64);
            self.words.push(address);
        }
    }

    /// A name out of a description.
    pub(super) fn name(&mut self, name: &'static str) {
        self.tag(Tag::Name, name.len() as u64);
        self.words.push(name.as_ptr() as u64);
    }

    /// A number that is part of the text.
    fn number(&mut self, number: i64) {
        self.loose |= number.unsigned_abs() > MOST_USUAL;
        self.words.push(number.cast_unsigned());
    }

    /// A name that is part of the text, or of its arguments.
    #[cold]
    #[inline(never)]
    fn text(&mut self, text: &str) -> Walked {
        if text.len() > LONGEST_TEXT {
            return Err(TooMuch);
        }
        self.loose = true;
        self.tag(Tag::Text, text.len() as u64);
        for bytes in text.as_bytes().chunks(8) {
            let mut word = [0; 8];
            word[..bytes.len()].copy_from_slice(bytes);
            self.words.push(u64::from_le_bytes(word));
        }
        Ok(())
    }

    /// Which of some columns are there.
    pub(super) fn mask(&mut self, columns: impl Iterator<Item = bool>) {
        let (mut word, mut bits) = (0, 0);
        for there in columns {
            word |= u64::from(there) << bits;
            bits += 1;
            if bits == 64 {
                self.words.push(word);
                (word, bits) = (0, 0);
            }
        }
        self.words.push(word);
    }

    fn query(&mut self, query: &'q Query) -> Walked {
        let Query {
            model,
            clauses,
            combined,
            select,
            group,
            order,
            reversed,
            distinct,
            offset,
            limit,
            none,
            outer,
            more,
            invalid,
        } = query;
        if invalid.is_some() {
            return Err(TooMuch);
        }
        let (select_tag, order_terms) = match (select, order) {
            (Select::Model, Order::Default) => (0, 0),
            (Select::Columns(_), Order::Default) => (1, 0),
            (Select::Aggregate(_), Order::Default) => (2, 0),
            (Select::Model, Order::By(terms)) => (0, 1 + terms.len()),
            (Select::Columns(_), Order::By(terms)) => (1, 1 + terms.len()),
            (Select::Aggregate(_), Order::By(terms)) => (2, 1 + terms.len()),
        };
        if clauses.len() > MOST || order_terms > MOST {
            return Err(TooMuch);
        }
        let flags = u64::from(*reversed)
            | u64::from(*distinct) << 1
            | u64::from(*none) << 2
            | u64::from(limit.is_some()) << 3
            | u64::from(*offset > 0) << 4
            | select_tag << 5
            | u64::from(group.is_some()) << 7;
        let also = u64::from(more.is_some()) | u64::from(combined.is_some()) << 1 | u64::from(!outer.is_empty()) << 2;
        self.address(Tag::Query, *model);
        self.tag(
            Tag::Rows,
            flags | (clauses.len() as u64) << 8 | (order_terms as u64) << 24 | also << 40,
        );
        if let Some(limit) = limit {
            self.words.push(*limit);
        }
        if *offset > 0 {
            // Else whoever leafs through a table fills the memory with texts.
            match limit {
                Some(limit) if *limit > 0 && offset % limit == 0 && offset / limit <= LAST_PAGE => {}
                _ => return Err(TooMuch),
            }
            self.words.push(*offset);
        }
        for clause in clauses {
            match clause {
                Clause::Filter(condition) => self.condition(condition)?,
                Clause::Annotate(expr) => {
                    self.tag(Tag::Annotate, 0);
                    self.outside_filters(|key| key.expr(expr))?;
                }
                Clause::Alias(expr) => {
                    self.tag(Tag::Annotate, 1);
                    self.outside_filters(|key| key.expr(expr))?;
                }
                Clause::Filtered(relation) => self.filtered(relation)?,
                Clause::Related(path) => {
                    self.tag(Tag::Related, path.steps().len() as u64);
                    self.path(path);
                }
                Clause::Anchor(expr) => {
                    self.tag(Tag::Anchor, 0);
                    self.outside_filters(|key| key.expr(expr))?;
                }
            }
        }
        match select {
            Select::Model => {}
            Select::Columns(columns) | Select::Aggregate(columns) => self.all(columns)?,
        }
        if let Some(by) = group {
            self.all(by)?;
        }
        if let Order::By(terms) = order {
            self.outside_filters(|key| terms.iter().try_for_each(|term| key.term(term)))?;
        }
        if let Some(more) = more {
            self.more(more)?;
        }
        if let Some(combined) = combined {
            self.combined(combined)?;
        }
        if !outer.is_empty() {
            self.all(outer)?;
        }
        Ok(())
    }

    fn term(&mut self, term: &'q OrderTerm) -> Walked {
        let OrderTerm {
            expr,
            descending,
            nulls_first,
        } = term;
        let nulls = nulls_first.map_or(0, |first| 1 + u64::from(first));
        self.words.push(u64::from(*descending) | nulls << 1);
        self.expr(expr)
    }

    /// What is selected, ordered or grouped by may be written more than once.
    fn outside_filters(&mut self, walk: impl FnOnce(&mut Self) -> Walked) -> Walked {
        let before = std::mem::replace(&mut self.lists.once, false);
        let walked = walk(self);
        self.lists.once = before;
        walked
    }

    fn all(&mut self, expressions: &'q [Expr]) -> Walked {
        self.words.push(expressions.len() as u64);
        self.outside_filters(|key| expressions.iter().try_for_each(|expr| key.expr(expr)))
    }

    fn path(&mut self, path: &Path) {
        path.steps().iter().for_each(|step| self.step(step));
    }

    fn step(&mut self, step: &Step) {
        let Step {
            relation,
            reverse,
            filtered,
        } = step;
        self.address(Tag::Step, *relation);
        let filtered = filtered.map_or(0, |number| 1 + u64::from(number));
        self.words.push(u64::from(*reverse) | filtered << 1);
    }
}
