//! One test per program of random control flow. `ANYWARP_FLOWS` says how many (12), `ANYWARP_FUZZ_FIRST` from which seed
//! (0). `ANYWARP_FUZZ_CONFIGS=one` runs each on one configuration of the cpu engine only, in turn: for long runs.

use difftest::flow::{Program, eval, generate, shrink, text};
use difftest::tape::random;
use filetest::{parse, run};
use libtest_mimic::{Arguments, Failed, Trial};
use std::sync::Arc;
use testkit::{Config, engines};

const TAPE: usize = 900;
const SHRINK_TRIES: usize = 1500;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Code that is not optimised keeps all its vectors on the stack, in every call.
const STACK: usize = 64 << 20;

/// Runs a program on a thread with room. Programs that take too long are right.
fn check(program: &Program, config: &Config) -> Result<(), String> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK);
        let run = thread.spawn_scoped(scope, || check_here(program, config)).map_err(|e| e.to_string())?;
        run.join().unwrap_or_else(|_| Err("a panic".into()))
    })
}

fn check_here(program: &Program, config: &Config) -> Result<(), String> {
    let Some(results) = eval(program) else { return Ok(()) };
    let text = text(program, &results);
    let file = parse::file(&text)?;
    run::run(&file, &file.runs[0], &text, "flow.ptx", config)
}

fn main() {
    let args = Arguments::from_args();
    let configs = Arc::new(engines::all());
    let one = std::env::var("ANYWARP_FUZZ_CONFIGS").is_ok_and(|v| v == "one");
    let first = number("ANYWARP_FUZZ_FIRST", 0);
    let trial = |seed: u64| {
        let configs = configs.clone();
        Trial::test(format!("flow-{seed:06}"), move || {
            let program = generate(&random(seed, TAPE));
            let chosen = 2 + (seed as usize / 2) % (configs.len() - 2);
            let turn = |i: usize| !one || i == chosen;
            for (_, config) in configs.iter().enumerate().filter(|(i, _)| turn(*i)) {
                if check(&program, config).is_ok() {
                    continue;
                }
                let small = shrink(program.clone(), SHRINK_TRIES, |p| check(p, config).is_err());
                let why = check(&small, config).err().unwrap_or_else(|| "not the same twice".into());
                let shown = eval(&small).map(|r| text(&small, &r)).unwrap_or_default();
                return Err(Failed::from(format!("seed {seed}, {}: {why}\n{shown}", config.name)));
            }
            Ok(())
        })
    };
    let trials = (first..first + number("ANYWARP_FLOWS", 12)).map(trial).collect();
    libtest_mimic::run(&args, trials).exit();
}
