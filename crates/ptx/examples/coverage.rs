//! Prints the coverage page: every form of the instruction table, by chapter, with what it needs and whether it runs.
//! `cargo run -p anywarp-ptx --example coverage > coverage.md`

use ptx::isa::{SPECIAL, Status, table};

fn main() {
    let rows = &table().rows;
    let supported = rows.iter().filter(|row| row.status == Status::Supported).count();
    println!("# PTX instructions\n\n{supported} of {} forms are supported.", rows.len());
    let mut chapter = "";
    for row in rows {
        if row.chapter != chapter {
            chapter = row.chapter;
            println!("\n## {chapter}\n\n| form | PTX | target | |\n|---|---|---|---|");
        }
        let status = match row.status {
            Status::Supported => "yes",
            Status::Unsupported(reason) => reason,
        };
        let text = row.text.replace('|', "\\|");
        let specific = if row.arch_specific { "a" } else { "" };
        println!("| `{text}` | {}.{} | sm_{}{specific} | {status} |", row.ptx.0, row.ptx.1, row.sm);
    }
    println!("\n# Special registers\n\n| register | type | PTX | target | |\n|---|---|---|---|---|");
    for row in SPECIAL {
        let vector = if row.vector { ".v4 " } else { "" };
        let status = row.unsupported.unwrap_or("yes");
        println!(
            "| `{}` | `{vector}.{}` | {}.{} | sm_{} | {status} |",
            row.name, row.ty, row.ptx.0, row.ptx.1, row.sm
        );
    }
}
