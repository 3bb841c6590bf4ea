//! Truth tables of three inputs as networks of and, or, xor and not.
//! Invariant: a network computes exactly its table; its size is the least over expression trees.

use std::sync::LazyLock;

/// How a table is computed from smaller ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Gate {
    /// The `n`th input.
    Input(u8),
    /// All zeros.
    Zero,
    /// All ones.
    Ones,
    Not(u8),
    And(u8, u8),
    Or(u8, u8),
    Xor(u8, u8),
}

/// Tables of the inputs a, b, c (PTX ISA 9.7.8 lop3).
const INPUTS: [u8; 3] = [0xf0, 0xcc, 0xaa];

static GATES: LazyLock<[Gate; 256]> = LazyLock::new(|| {
    let mut gates = [Gate::Zero; 256];
    let mut cost = [u32::MAX; 256];
    let mut known: Vec<u8> = Vec::with_capacity(256);
    for (i, table) in (0u8..).zip(INPUTS) {
        gates[table as usize] = Gate::Input(i);
        cost[table as usize] = 0;
        known.push(table);
    }
    for (table, gate) in [(0x00, Gate::Zero), (0xff, Gate::Ones)] {
        gates[table as usize] = gate;
        cost[table as usize] = 0;
        known.push(table);
    }
    // Tables in order of cost: a table of cost n combines two whose costs sum to n - 1.
    for target in 1u32.. {
        if known.len() == 256 {
            break;
        }
        let mut fresh = Vec::new();
        let mut offer = |table: u8, gate: Gate, cost: &mut [u32; 256]| {
            if cost[table as usize] == u32::MAX {
                cost[table as usize] = target;
                gates[table as usize] = gate;
                fresh.push(table);
            }
        };
        for &a in &known {
            let rest = target - 1;
            if cost[a as usize] == rest {
                offer(!a, Gate::Not(a), &mut cost);
            }
            for &b in known.iter().filter(|b| **b <= a) {
                if cost[a as usize].saturating_add(cost[b as usize]) == rest {
                    offer(a & b, Gate::And(a, b), &mut cost);
                    offer(a | b, Gate::Or(a, b), &mut cost);
                    offer(a ^ b, Gate::Xor(a, b), &mut cost);
                }
            }
        }
        known.extend(fresh);
    }
    gates
});

/// The last gate of the network for `table`.
pub(super) fn gate(table: u8) -> Gate {
    GATES[table as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evaluate(table: u8) -> u8 {
        match gate(table) {
            Gate::Input(i) => INPUTS[i as usize],
            Gate::Zero => 0,
            Gate::Ones => 0xff,
            Gate::Not(a) => !evaluate(a),
            Gate::And(a, b) => evaluate(a) & evaluate(b),
            Gate::Or(a, b) => evaluate(a) | evaluate(b),
            Gate::Xor(a, b) => evaluate(a) ^ evaluate(b),
        }
    }

    #[test]
    fn every_table_is_computed() {
        for table in 0..=255 {
            assert_eq!(evaluate(table), table, "{:?}", gate(table));
        }
    }
}
