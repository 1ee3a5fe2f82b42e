//! `Dice`: numbers that look random and are the same every time.

/// By xorshift.
pub struct Dice(pub u64);

impl Dice {
    /// A number below that.
    pub fn throw(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides.max(1) as u64).unwrap()
    }
}
