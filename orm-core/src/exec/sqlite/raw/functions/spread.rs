//! Aggregates that tell how far numbers are spread. NULL does not count.

use super::{Aggregate, Outcome};
use std::ffi::CStr;

/// `orm_var_pop(number)`
pub(super) struct Variance;
/// `orm_var_samp(number)`
pub(super) struct VarianceSample;
/// `orm_stddev_pop(number)`
pub(super) struct Deviation;
/// `orm_stddev_samp(number)`
pub(super) struct DeviationSample;

type Result = std::result::Result<Outcome, String>;

/// What is known of the numbers so far, by Welford's way: squares of large numbers are not subtracted
/// from each other.
#[derive(Clone, Copy)]
#[repr(C)]
pub(super) struct Numbers {
    count: f64,
    mean: f64,
    /// the sum of the squares of what the numbers differ from the mean by
    squares: f64,
}

impl Numbers {
    pub(super) fn add(&mut self, number: f64) {
        self.count += 1.0;
        let apart = number - self.mean;
        self.mean += apart / self.count;
        self.squares += apart * (number - self.mean);
    }

    fn variance(self) -> Option<f64> {
        (self.count > 0.0).then_some(self.squares / self.count)
    }

    fn variance_of_sample(self) -> std::result::Result<f64, String> {
        if self.count < 2.0 {
            return Err("a sample must have two values at least, to tell how far they are spread".to_owned());
        }
        Ok(self.squares / (self.count - 1.0))
    }
}

impl Aggregate for Variance {
    const NAME: &'static CStr = c"orm_var_pop";

    fn outcome(numbers: Numbers) -> Result {
        Ok(numbers.variance().map_or(Outcome::Null, Outcome::Float))
    }
}

impl Aggregate for VarianceSample {
    const NAME: &'static CStr = c"orm_var_samp";

    fn outcome(numbers: Numbers) -> Result {
        numbers.variance_of_sample().map(Outcome::Float)
    }
}

impl Aggregate for Deviation {
    const NAME: &'static CStr = c"orm_stddev_pop";

    fn outcome(numbers: Numbers) -> Result {
        Ok(numbers
            .variance()
            .map_or(Outcome::Null, |variance| Outcome::Float(variance.sqrt())))
    }
}

impl Aggregate for DeviationSample {
    const NAME: &'static CStr = c"orm_stddev_samp";

    fn outcome(numbers: Numbers) -> Result {
        numbers
            .variance_of_sample()
            .map(|variance| Outcome::Float(variance.sqrt()))
    }
}
