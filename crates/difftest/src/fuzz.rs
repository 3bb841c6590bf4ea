//! Runs a generated kernel on every engine configuration and compares the memory that it leaves.

use crate::generate::{self, COUNTERS, INPUTS, SLOTS};
use crate::reduce::reduce;
use crate::tape::{Random, random, shrink};
use crate::tiles;
use engine::Access;
use engine::program::InMemory;
use testkit::launch::{Ran, Shape, run};
use testkit::{Config, TestHost};

/// Blocks that kernels run with; a case takes one.
const BLOCKS: [[u32; 3]; 10] = [
    [32, 1, 1],
    [1, 1, 1],
    [33, 1, 1],
    [64, 3, 1],
    [31, 1, 1],
    [256, 1, 1],
    [16, 16, 1],
    [7, 5, 3],
    [8, 8, 2],
    [96, 1, 1],
];
const GRID: u32 = 3;
const TAPE: usize = 600;
/// Runs while a failing case is made smaller.
const SHRINK_TRIES: usize = 400;

/// What became of a case.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Outcome {
    /// Launches compared with the reference.
    pub compared: u32,
    /// Launches that a forced gang width did not take.
    pub misfits: u32,
    /// Launches that an engine did not take although it could choose: these run on its fallback.
    pub declined: u32,
}

/// What kernels are made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Family {
    /// Any control flow: [`generate`].
    Flow,
    /// Shared tiles of blocks whose shape is known: [`tiles`].
    Tiles,
}

impl Family {
    fn generate(self, tape: &[u64], block: [u32; 3]) -> InMemory {
        match self {
            Family::Flow => generate::generate(tape),
            Family::Tiles => tiles::generate(tape, block),
        }
    }

    fn blocks(self) -> &'static [[u32; 3]] {
        match self {
            Family::Flow => &BLOCKS,
            Family::Tiles => &tiles::BLOCKS,
        }
    }
}

/// Checks the case of a seed. Errors: the difference, and the smallest kernel found that shows it.
pub fn check(family: Family, seed: u64, configs: &[Config]) -> Result<Outcome, String> {
    let tape = random(seed, TAPE);
    let blocks = family.blocks();
    let block = blocks[(seed % blocks.len() as u64) as usize];
    let program = family.generate(&tape, block);
    let mut outcome = Outcome::default();
    for config in &configs[1..] {
        match difference(&program, block, &configs[0], config) {
            Ok(Compared::Same) => outcome.compared += 1,
            Ok(Compared::Declined) if config.may_decline() => outcome.misfits += 1,
            Ok(Compared::Declined) => outcome.declined += 1,
            Ok(Compared::Differ(why)) | Err(why) => {
                return Err(report((family, seed), tape, block, [&configs[0], config], &why));
            }
        }
    }
    Ok(outcome)
}

/// `first`: what was found of the whole kernel.
fn report(
    (family, seed): (Family, u64),
    tape: Vec<u64>,
    block: [u32; 3],
    [reference, config]: [&Config; 2],
    first: &str,
) -> String {
    let wrong =
        |program: &InMemory| matches!(difference(program, block, reference, config), Ok(Compared::Differ(_)));
    let made = |tape: &[u64]| family.generate(tape, block);
    let small = shrink(tape.clone(), SHRINK_TRIES, |tape| wrong(&made(tape)));
    let small = reduce(made(&small), SHRINK_TRIES, wrong);
    let why = match difference(&small, block, reference, config) {
        Ok(Compared::Differ(why)) => why,
        _ => match difference(&made(&tape), block, reference, config) {
            Err(why) => format!("the reference fails: {why}"),
            other => format!("not the same twice: {first}, then {other:?}"),
        },
    };
    let bodies: Vec<String> =
        small.module.funcs.iter().filter_map(|f| Some(f.body.as_ref()?.to_string())).collect();
    format!("seed {seed}, block {block:?}, {}: {why}\n{}", config.name, bodies.join("\n"))
}

/// What comparing two engines gave.
#[derive(Debug)]
enum Compared {
    Same,
    Declined,
    Differ(String),
}

/// Compares an engine with the reference. Errors: the reference itself fails.
fn difference(
    program: &InMemory,
    block: [u32; 3],
    reference: &Config,
    config: &Config,
) -> Result<Compared, String> {
    let (ran, expect) = memory_after(program, block, reference)?;
    if let Ran::Declined(why) = ran {
        return Err(why);
    }
    let (ran, got) = match memory_after(program, block, config) {
        Ok(after) => after,
        Err(why) => return Ok(Compared::Differ(why)),
    };
    if ran != Ran::Done {
        return Ok(Compared::Declined);
    }
    for (what, expect, got) in [("output", &expect.0, &got.0), ("counter", &expect.1, &got.1)] {
        for (i, (a, b)) in expect.chunks(8).zip(got.chunks(8)).enumerate() {
            if a != b {
                let place = match what {
                    "output" => format!("slot {} of thread {}", i % SLOTS, i / SLOTS),
                    _ => format!("counter {i}, {:?}", COUNTERS[i]),
                };
                return Ok(Compared::Differ(format!("{place} is {b:02x?}, should be {a:02x?}")));
            }
        }
    }
    Ok(Compared::Same)
}

/// What a kernel leaves: outputs and counters.
type Memory = (Vec<u8>, Vec<u8>);

/// The memory after a run.
fn memory_after(program: &InMemory, block: [u32; 3], config: &Config) -> Result<(Ran, Memory), String> {
    let mut host = TestHost::default();
    let threads = block.iter().product::<u32>() * GRID;
    let mut bits = Random::new(99);
    let mut fill = |host: &mut TestHost, count: usize, access| {
        let address = host.add(8 * count, access);
        let bytes: Vec<u8> = (0..count).flat_map(|_| input(&mut bits).to_le_bytes()).collect();
        host.buffer(address).write(&bytes);
        address
    };
    // Vectors of loads may reach one element past the last index.
    let inputs = fill(&mut host, INPUTS + 1, Access::Read);
    let counters = fill(&mut host, COUNTERS.len(), Access::Write);
    let out = host.add(8 * SLOTS * threads as usize, Access::Write);
    let ran = run(config, program, &Shape::new(GRID, block), &[inputs, out, counters], &host)
        .map_err(|fault| format!("{:?}: {fault}", fault.kind))?;
    Ok((ran, (host.buffer(out).bytes(), host.buffer(counters).bytes())))
}

/// Bits that are small integers, floats of both widths, or anything.
fn input(bits: &mut Random) -> u64 {
    let r = bits.next();
    match r % 4 {
        0 => (r >> 8) % 100,
        1 => u64::from(((r >> 16) as i16 as f32 / 64.0).to_bits()),
        2 => ((r >> 16) as i16 as f64 / 64.0).to_bits(),
        _ => r,
    }
}
