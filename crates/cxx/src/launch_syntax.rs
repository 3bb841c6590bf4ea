//! nvcc takes `<< <` and `>> >` for the launch brackets; clang wants them closed up. A source that has them, or names of
//! registers that clang does not take in `asm`, is compiled from a copy, which keeps the original's name and line numbers
//! in diagnostics.

use std::path::{Path, PathBuf};

use crate::asm_registers;
use crate::error::Error;

/// The file to compile for `source`: itself, or a copy in `dir` with closed launch brackets and escaped registers.
pub fn prepare(source: &str, dir: &Path) -> Result<PathBuf, Error> {
    let path = PathBuf::from(source);
    // What cannot be read or is no UTF-8 is for clang to judge.
    let Ok(text) = std::fs::read_to_string(&path) else { return Ok(path) };
    let Some(closed) = rewrite(&text) else { return Ok(path) };
    let name = source.replace('\\', "\\\\").replace('"', "\\\"");
    let copy = dir.join(format!("closed_{}", path.file_name().unwrap_or_default().to_string_lossy()));
    std::fs::write(&copy, format!("#line 1 \"{name}\"\n{closed}"))
        .map_err(Error::io(format!("cannot write '{}'", copy.display())))?;
    Ok(copy)
}

/// The text as clang takes it; None where it needs no change.
pub fn rewrite(text: &str) -> Option<String> {
    let closed = close(text);
    asm_registers::escape(closed.as_deref().unwrap_or(text)).or(closed)
}

/// The text with `<< <` as `<<<` and `>> >` before a parenthesis as `>>>`; None where there is no `<< <`, which nothing
/// else in C++ looks like. The white space moves behind the brackets, so lines stay lines.
fn close(text: &str) -> Option<String> {
    let mut changed = false;
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '>']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let opening = rest.starts_with("<<");
        let bracket = if opening { "<" } else { ">" };
        let after = rest.strip_prefix(if opening { "<<" } else { ">>" });
        let spaced = after.and_then(|after| {
            let tail = after.trim_start();
            let blank = &after[..after.len() - tail.len()];
            let tail = tail.strip_prefix(bracket)?;
            let is_launch = opening || tail.trim_start().starts_with('(');
            (!blank.is_empty() && is_launch).then_some((blank, tail))
        });
        match spaced {
            Some((blank, tail)) => {
                changed |= opening;
                out.push_str(&bracket.repeat(3));
                out.push_str(blank);
                rest = tail;
            }
            None => {
                out.push_str(&rest[..1]);
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    changed.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::close;

    #[test]
    fn only_spaced_brackets_are_closed() {
        let check = |text: &str, want: Option<&str>| assert_eq!(close(text).as_deref(), want, "{text}");
        check("k<<<1, 2>>>(p);", None);
        check("k<< <1, 2>> >(p);", Some("k<<< 1, 2>>> (p);"));
        check("k<< <1,\n 2>>\n >\n(p);", Some("k<<< 1,\n 2>>>\n \n(p);"));
        check("std::cout << a; A<B<C<int>> > x;", None);
        check("k<< <1, 2>> >(p); A<B<C<int>> > x;", Some("k<<< 1, 2>>> (p); A<B<C<int>> > x;"));
    }
}
