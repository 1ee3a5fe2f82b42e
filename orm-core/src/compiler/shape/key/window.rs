//! The words of windows.

use super::{Key, Tag, Walked};
use crate::query::{Exclusion, Frame, FrameUnit, Over, Window, WindowCall};

impl<'q> Key<'q> {
    /// In the order of [`Window::each_part`].
    pub(super) fn window(&mut self, window: &'q Window) -> Walked {
        let Window {
            of,
            partition,
            order,
            frame,
        } = window;
        let function = match of {
            Over::Aggregate(_) => 0,
            Over::Function(call) => 1 + call.function as u64,
        };
        self.tag(Tag::Window, function | u64::from(frame.is_some()) << 8);
        match of {
            Over::Aggregate(expr) => self.expr(expr)?,
            Over::Function(call) => {
                let WindowCall {
                    function: _,
                    of,
                    number,
                    default,
                } = call;
                let there = u64::from(of.is_some()) | u64::from(default.is_some()) << 1;
                self.words.push(there | u64::from(number.is_some()) << 2);
                if let Some(number) = number {
                    self.number(*number);
                }
                of.iter().chain(default).try_for_each(|part| self.expr(part))?;
            }
        }
        self.words.push(partition.len() as u64);
        partition.iter().try_for_each(|expr| self.expr(expr))?;
        self.words.push(order.len() as u64);
        order.iter().try_for_each(|term| self.term(term))?;
        if let Some(frame) = frame {
            self.frame(*frame);
        }
        Ok(())
    }

    fn frame(&mut self, frame: Frame) {
        let Frame {
            unit,
            start,
            end,
            exclusion,
        } = frame;
        let unit = match unit {
            FrameUnit::Rows => 0,
            FrameUnit::Range => 1,
        };
        let exclusion = match exclusion {
            None => 0,
            Some(Exclusion::CurrentRow) => 1,
            Some(Exclusion::Group) => 2,
            Some(Exclusion::Ties) => 3,
        };
        let bounds = u64::from(start.is_some()) | u64::from(end.is_some()) << 1;
        self.words.push(unit | bounds << 1 | exclusion << 3);
        for bound in [start, end].into_iter().flatten() {
            self.number(bound);
        }
    }
}
