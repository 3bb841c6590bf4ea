//! Broken text gives diagnostics, never a panic: truncations and deterministic garblings of good modules.

const SEEDS: &[&str] = &[
    include_str!("../data/clang/basic_O3.ptx"),
    include_str!("../data/clang/basic_debug.ptx"),
    include_str!("../data/forms/directives.ptx"),
    include_str!("../data/forms/others.ptx"),
    include_str!("../data/forms/tinygrad.ptx"),
];

/// Parses, checks, renders, and prints what was parsed.
fn survive(bytes: &[u8]) {
    let (module, mut diagnostics) = ptx::parse(bytes, "mutant.ptx");
    let mut bodies = Vec::new();
    for index in 0..module.functions.len() {
        let (body, mut found) = ptx::parse_body(&module, ptx::FuncId(index as u32));
        bodies.push(body);
        diagnostics.append(&mut found);
    }
    for diagnostic in &diagnostics {
        assert!(!diagnostic.render(&module.source).is_empty());
    }
    let printed = ptx::print::module(&module, &|id| bodies.get(id.0 as usize).cloned());
    assert!(!printed.is_empty());
}

/// xorshift64*: the same garblings on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % n
    }
}

#[test]
fn truncated() {
    for seed in SEEDS {
        let mut end = 0;
        while end < seed.len() {
            survive(&seed.as_bytes()[..end]);
            end += 97;
        }
    }
}

#[test]
fn garbled() {
    const SPARE: &[u8] = b"{}()[];,.:%$_@!|+-*/\"'0x9fUd \n\t#<>=?~\xff\xc3\xa9\0abre";
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for round in 0..400 {
        let seed = SEEDS[round % SEEDS.len()].as_bytes();
        let start = random.below(seed.len());
        let end = (start + 3000).min(seed.len());
        let mut bytes = [&seed[..seed.len().min(200)], &seed[start..end]].concat();
        for _ in 0..1 + random.below(12) {
            let at = random.below(bytes.len());
            match random.below(3) {
                0 => bytes[at] = SPARE[random.below(SPARE.len())],
                1 => {
                    bytes.remove(at);
                }
                _ => bytes.insert(at, SPARE[random.below(SPARE.len())]),
            }
        }
        survive(&bytes);
    }
}

#[test]
fn deep_nesting() {
    let head = ".version 8.0\n.target sm_80\n.address_size 64\n";
    survive([head, ".entry k () ", &"{".repeat(100_000)].concat().as_bytes());
    survive([head, ".entry k () ", &"{".repeat(100_000), &"}".repeat(100_000)].concat().as_bytes());
    survive([head, ".global .u32 x = ", &"(".repeat(100_000)].concat().as_bytes());
    survive([head, ".global .u32 x = ", &"-".repeat(100_000), "1;"].concat().as_bytes());
    survive([head, ".global .u32 x = ", &"{".repeat(100_000)].concat().as_bytes());
    survive([head, ".global .u32 x = ", &"1?".repeat(100_000)].concat().as_bytes());
    survive([head, ".global .u32 x = ", &"1+".repeat(100_000)].concat().as_bytes());
    survive([head, ".global .u32 x = 1", &"|1&1*1".repeat(50_000)].concat().as_bytes());
}

/// Nothing is quadratic in what a machine may write a lot of: 30,000 labels used before they stand, register ranges, and
/// blocks. (A quadratic search would take minutes here.)
#[test]
fn many_names() {
    let mut text = String::from(".version 8.0\n.target sm_80\n.address_size 64\n.entry k () {\n");
    for i in 0..30_000 {
        text.push_str(&format!(
            ".reg .b32 r{i}_<2>; bra L{i}; {{ .reg .b32 t<3>; mov.b32 t1, r{i}_1; bra L{i}; }}\n"
        ));
    }
    for i in 0..30_000 {
        text.push_str(&format!("L{i}:\n"));
    }
    text.push('}');
    crate::common::parse_ok(&text, "many names");
}
