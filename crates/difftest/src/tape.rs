//! Where generated things get their decisions from: a list of numbers that can be cut down.
//!
//! A tape that has ended gives zeros, and zero is everywhere the simplest choice: a shorter tape, or one with more
//! zeros, makes a smaller kernel. Shrinking a failing case is shrinking its tape.

/// splitmix64.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    #[expect(clippy::should_implement_trait, reason = "it never ends")]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// A tape being read.
pub struct Tape<'a> {
    numbers: &'a [u64],
    at: usize,
}

impl<'a> Tape<'a> {
    pub fn new(numbers: &'a [u64]) -> Tape<'a> {
        Tape { numbers, at: 0 }
    }

    pub fn ended(&self) -> bool {
        self.at >= self.numbers.len()
    }

    pub fn bits(&mut self) -> u64 {
        let number = self.numbers.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        number
    }

    /// Below `n`, which is not zero.
    pub fn below(&mut self, n: usize) -> usize {
        ((self.bits() >> 11) % n as u64) as usize
    }

    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }
}

/// A random tape.
pub fn random(seed: u64, len: usize) -> Vec<u64> {
    let mut random = Random::new(seed);
    (0..len).map(|_| random.next()).collect()
}

/// The smallest tape found that still fails, after at most `tries` trials.
pub fn shrink(tape: Vec<u64>, mut tries: usize, mut fails: impl FnMut(&[u64]) -> bool) -> Vec<u64> {
    let mut best = tape;
    let mut chunk = best.len().div_ceil(2);
    while chunk > 0 && tries > 0 {
        let mut at = 0;
        while at < best.len() && tries > 0 {
            let end = (at + chunk).min(best.len());
            let shorter: Vec<u64> = best[..at].iter().chain(&best[end..]).copied().collect();
            let mut zeroed = best.clone();
            zeroed[at..end].fill(0);
            tries = tries.saturating_sub(2);
            if fails(&shorter) {
                best = shorter;
            } else if zeroed != best && fails(&zeroed) {
                best = zeroed;
                at = end;
            } else {
                at = end;
            }
        }
        chunk /= 2;
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shrinking_keeps_what_matters() {
        let tape = random(1, 100);
        let key = tape[57];
        let small = shrink(tape, 2000, |t| t.contains(&key));
        assert_eq!(small, [key]);
    }
}
