//! nvcc leaves `%name` in the text of `asm` with operands as it is: `asm("mov.u32 %0, %smid;" : "=r"(x))`. clang wants
//! `%%smid` there.
//!
//! Invariant: only string literals between `asm (` and its first `:` change, and in them only a `%` before a name that
//! clang could not read as an operand (`%0`, `%[x]`, or a modifier and an operand: `%c0`).

/// The text with such registers written as clang wants them; None where there are none.
pub fn escape(text: &str) -> Option<String> {
    let mut out = String::new();
    let mut done = 0;
    for (at, _) in text.match_indices("asm") {
        if at < done {
            continue;
        }
        let Some(template) = template(text, at) else { continue };
        let escaped = escape_template(&text[template.clone()]);
        if escaped.len() != template.len() {
            out.push_str(&text[done..template.start]);
            out.push_str(&escaped);
            done = template.end;
        }
    }
    (done > 0).then(|| out + &text[done..])
}

/// Where the literals of the `asm` with operands at `at` stand: from its parenthesis to its first colon.
fn template(text: &str, at: usize) -> Option<std::ops::Range<usize>> {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let start = text[..at].trim_end_matches(word).len();
    let end = text.len() - text[at..].trim_start_matches(word).len();
    if !matches!(&text[start..end], "asm" | "__asm" | "__asm__") {
        return None;
    }
    let mut rest = &text[end..];
    loop {
        rest = rest.trim_start();
        if let Some(inside) = rest.strip_prefix('(') {
            let start = text.len() - inside.len();
            let end = outside_literals(inside).find(|&(_, c)| matches!(c, ':' | ')'))?;
            return (end.1 == ':').then_some(start..start + end.0);
        }
        let qualifier = rest.split(|c| !word(c)).next().filter(|q| !q.is_empty())?;
        if !matches!(qualifier.trim_matches('_'), "volatile" | "inline" | "goto") {
            return None;
        }
        rest = &rest[qualifier.len()..];
    }
}

/// The characters that stand in no string literal, with their places.
fn outside_literals(text: &str) -> impl Iterator<Item = (usize, char)> {
    let (mut inside, mut escaped) = (false, false);
    text.char_indices().filter(move |&(_, c)| {
        let literal = inside;
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = inside,
            '"' => inside = !inside,
            _ => {}
        }
        !literal
    })
}

fn escape_template(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 4);
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..=at]);
        rest = &rest[at + 1..];
        let mut next = rest.chars();
        match (next.next(), next.next()) {
            // `%%`: one percent sign.
            (Some('%'), _) => {
                out.push('%');
                rest = &rest[1..];
            }
            // A modifier and its operand.
            (Some(m), Some('0'..='9' | '[')) if m.is_ascii_alphabetic() => {}
            (Some(c), _) if c.is_ascii_alphabetic() || c == '_' => out.push('%'),
            _ => {}
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn only_names_of_registers_are_escaped() {
        let check = |text: &str, want: Option<&str>| assert_eq!(escape(text).as_deref(), want, "{text}");
        check(r#"asm("mov.u32 %0, %smid;" : "=r"(x));"#, Some(r#"asm("mov.u32 %0, %%smid;" : "=r"(x));"#));
        check(r#"asm volatile("mov.u64 %0, %%clock64;" : "=l"(x));"#, None);
        check(
            "__asm__ __volatile__ (\"{ mov.u32 %0,\"\n \"%tid.x; }\" : \"=r\"(x)); int y = z %w;",
            Some("__asm__ __volatile__ (\"{ mov.u32 %0,\"\n \"%%tid.x; }\" : \"=r\"(x)); int y = z %w;"),
        );
        check(r#"asm("mov.u32 r, %smid;"); f("%d" : 1);"#, None);
        check(r#"asm("mov %[a], %c1; L%=: bra L%=;" :: "r"(x)); printf("%d %s", 1, "asm");"#, None);
        check(r#"plasma("%smid" : 1); asm_("%smid" : 1); an_asm("%x" : 2)"#, None);
        check(
            r#"asm("a \"%b: \" %c" : : "r"(1)); asm("%d"::);"#,
            Some(r#"asm("a \"%%b: \" %%c" : : "r"(1)); asm("%%d"::);"#),
        );
    }
}
