//! Whatever a module says, it is refused or it lowers: nothing panics and no body fails its verifier.
use engine::Program as _;
use lower::Program;

/// A small generator, so that runs repeat.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }
}

fn corpus() -> Vec<String> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/ptx");
    let mut texts = Vec::new();
    let mut dirs = vec![root];
    while let Some(dir) = dirs.pop() {
        for entry in std::fs::read_dir(dir).expect("the tests").flatten() {
            let path = entry.path();
            if path.is_dir() {
                dirs.push(path);
            } else if path.extension().is_some_and(|e| e == "ptx") {
                texts.push((path.clone(), std::fs::read_to_string(path).expect("text")));
            }
        }
    }
    texts.sort();
    // Without the header comments: only the program matters.
    let program = |(_, text): (_, String)| {
        text.lines().filter(|l| !l.starts_with("//")).map(|l| format!("{l}\n")).collect()
    };
    texts.into_iter().map(program).filter(|text: &String| text.len() < 20_000).collect()
}

/// Changes one to three tokens: swaps, copies, drops, or replaces them by others of the corpus.
fn mutate(text: &str, words: &[String], random: &mut Random) -> String {
    let mut tokens: Vec<String> = text.split_inclusive([' ', ',', ';', '\n']).map(str::to_string).collect();
    for _ in 0..1 + random.below(3) {
        let at = random.below(tokens.len());
        let other = random.below(tokens.len());
        match random.below(5) {
            0 => tokens.swap(at, other),
            1 => tokens[at] = tokens[other].clone(),
            2 => {
                tokens.remove(at);
            }
            3 => tokens[at] = words[random.below(words.len())].clone(),
            _ => {
                let line = tokens[other].clone();
                tokens.insert(at, line);
            }
        }
    }
    tokens.concat()
}

#[test]
fn mutants_are_refused_or_lower() {
    let corpus = corpus();
    let mut words: Vec<String> =
        corpus.iter().flat_map(|t| t.split_inclusive([' ', ',', ';', '\n']).map(str::to_string)).collect();
    words.sort();
    words.dedup();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut accepted = 0;
    let mut faults = Vec::new();
    // More of them: ANYWARP_MUTANTS=100000.
    let rounds = std::env::var("ANYWARP_MUTANTS").map_or(3_000, |n| n.parse().expect("a number"));
    for round in 0..rounds {
        let text = mutate(&corpus[round % corpus.len()], &words, &mut random);
        let Ok(program) = Program::from_text(text.as_bytes(), "mutant.ptx") else { continue };
        accepted += 1;
        for id in program.module().func_ids() {
            if let Err(error) = program.body(id) {
                faults.push(format!("{error}\n{text}"));
            }
        }
    }
    assert!(
        faults.is_empty(),
        "{} faults, the first of them:\n{}",
        faults.len(),
        faults[..faults.len().min(5)].join("\n")
    );
    assert!(accepted > 300, "only {accepted} mutants were programs");
}
