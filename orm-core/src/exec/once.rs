//! `once!`: awaits a future that is compiled once a crate.

use std::pin::Pin;
use std::task::{Context, Poll};

/// Awaits a future.
///
/// The body of an `async fn` is compiled anew in each codegen unit where it is awaited, with all that it
/// awaits itself; a plain function only once. This is for what stands at the root of much: unlike a box
/// it costs nothing, but in each crate that awaits it, it is compiled again.
macro_rules! once {
    ($future:expr) => {{
        let mut future = std::pin::pin!($future);
        std::future::poll_fn(|context| $crate::exec::once::poll(future.as_mut(), context)).await
    }};
}
pub(crate) use once;

#[inline(never)]
pub(crate) fn poll<F: Future>(future: Pin<&mut F>, context: &mut Context<'_>) -> Poll<F::Output> {
    future.poll(context)
}
