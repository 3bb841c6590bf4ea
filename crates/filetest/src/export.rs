//! Filetests as flat jobs, for a runner that knows nothing of this workspace: `tests/gpu/ptx_jobs.py` runs them on the
//! CUDA driver of a machine with a GPU.
//!
//! A job says everything in bytes. An address that is only known at run time stands in them as [`TAG`], the number of
//! its target in the bits above 24, and an offset below.

use crate::parse::{File, Input, Place, Run};
use crate::values::{Elem, Values, to_bytes};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The upper bits of a 64-bit word that stands for an address.
pub const TAG: u64 = 0x5aad_0000_0000_0000;

/// The jobs of a file as lines of words. Errors: a value that cannot be computed.
pub fn jobs(file: &File) -> Result<String, String> {
    let mut text = String::new();
    for error in &file.errors {
        writeln!(text, "error {} {} {}", error.code, error.line, error.column).expect("a string takes it");
    }
    for run in &file.runs {
        job(run, &mut text)?;
    }
    Ok(text)
}

fn job(run: &Run, text: &mut String) -> Result<(), String> {
    let targets = targets(run);
    let expand = |values: &Values, elem: Elem, first: usize, count: usize, line: usize| {
        let address = |name: &str| targets.get(name).map(|n| TAG | (n << 24));
        let values =
            values.expand(elem, first, count, &address).map_err(|why| format!("line {line}: {why}"))?;
        Ok::<String, String>(hex(&to_bytes(elem, &values)))
    };
    let bytes = |input: &Input| match input.values.is_empty() {
        true => Ok("0".repeat(2 * input.count * input.elem.bytes())),
        false => expand(&input.values, input.elem, 0, input.count, input.line),
    };
    let [grid, block] = [run.grid, run.block].map(|d| d.map(|n| n.to_string()).join(" "));
    let mut line = |words: std::fmt::Arguments| writeln!(text, "{words}").expect("a string takes it");
    line(format_args!("run {} {grid} {block} {} {}", run.kernel, run.shared, run.stack));
    for (name, number) in &targets {
        line(format_args!("target {number} {name}"));
    }
    for input in &run.inputs {
        let word = match input.place {
            Place::Pointer => "pointer",
            Place::Value => "value",
            Place::Buffer => "buffer",
            Place::Variable => "variable",
        };
        line(format_args!("{word} {} {}", input.name, bytes(input)?));
    }
    for out in &run.outs {
        let declared = run.inputs.iter().find(|i| i.name == out.name).map(|i| (i.elem, i.count));
        let (elem, count) = out
            .ty
            .or(declared)
            .ok_or_else(|| format!("line {}: a module variable needs its type here", out.line))?;
        let (from, to) = out.range.unwrap_or((0, count));
        let want = expand(&out.values, elem, from, to - from, out.line)?;
        let ulp = if elem.ty.is_float() { run.ulp } else { 0 };
        line(format_args!(
            "out {} {} {} {} {ulp} {} {want}",
            out.name,
            elem.ty,
            elem.bytes(),
            from,
            out.line
        ));
    }
    if let Some(printed) = &run.printed {
        line(format_args!("printed {}", hex(printed.as_bytes())));
    }
    if let Some(fault) = &run.fault {
        line(format_args!("fault {:?}", fault.kind));
    }
    line(format_args!("end"));
    Ok(())
}

/// Numbers of everything whose address values may name: buffers, then variables with a leading `@`.
fn targets(run: &Run) -> BTreeMap<String, u64> {
    let buffers = run.inputs.iter().filter(|i| matches!(i.place, Place::Pointer | Place::Buffer));
    let names = buffers.map(|i| i.name.clone());
    let variables = run.inputs.iter().flat_map(|i| i.values.names()).filter(|n| n.starts_with('@'));
    let outs = run.outs.iter().flat_map(|o| o.values.names()).filter(|n| n.starts_with('@'));
    let mut targets = BTreeMap::new();
    for name in names.chain(variables.map(str::to_owned)).chain(outs.map(str::to_owned)) {
        let next = targets.len() as u64;
        targets.entry(name).or_insert(next);
    }
    targets
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string takes it");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_bytes() {
        let file = crate::parse::file(
            "//@ run: kernel=k grid=2 block=32\n//@ in a: u32[2] = 1 2\n//@ in n: u16 = 7\n\
             //@ buf b: b64[1] = &a+4\n//@ out a: 3 4\n//@ fault: trap\n",
        );
        let text = jobs(&file.unwrap()).unwrap();
        assert_eq!(
            text,
            "run k 2 1 1 32 1 1 0 16384\ntarget 0 a\ntarget 1 b\npointer a 0100000002000000\nvalue n 0700\n\
             buffer b 040000000000ad5a\nout a i32 4 0 0 5 0300000004000000\nfault Trap\nend\n"
        );
    }
}
