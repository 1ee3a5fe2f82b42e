//! For the derive: setters that can be chained in a `static`.
//!
//! A chain of calls is much less work for the compiler than a struct literal with `..`, which
//! copies every field by itself.

macro_rules! setters {
    ($type:ty: $($name:ident = $value:expr, ($($argument:ident: $of:ty)?);)*) => {
        #[doc(hidden)]
        #[allow(missing_docs)]
        impl $type {
            $(
                #[must_use]
                pub const fn $name(mut self $(, $argument: $of)?) -> Self {
                    self.$name = $value;
                    self
                }
            )*
        }
    };
}

pub(super) use setters;
