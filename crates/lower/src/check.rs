//! What is refused when a module is loaded, beyond what the parser refuses.
//! Invariant: a body without errors here lowers.

use crate::error::{Error, ErrorKind};
use crate::inst;
use ptx::{Body, Function, Module, Space, SymbolKind};

/// Checks a body that parsed without errors.
pub(crate) fn body(module: &Module, func: &Function, body: &Body, errors: &mut Vec<Error>) {
    if let Some(cluster) = func.tuning.reqnctapercluster
        && cluster.iter().any(|n| *n > 1)
    {
        let message = "clusters of more than one block are not implemented yet";
        errors.push(Error::new(ErrorKind::Unsupported, message).at(&module.source, func.span));
    }
    for instruction in body.insts() {
        if let Some(reason) = inst::unsupported(&instruction.form, instruction.operands.len as usize) {
            let message = format!("'{}' is not supported: {reason}", instruction.form.text);
            errors.push(Error::new(ErrorKind::Unsupported, message).at(&module.source, instruction.span));
        }
    }
    for symbol in &body.symbols {
        let SymbolKind::Global(ptx::Global::Variable(id)) = symbol.kind else { continue };
        if matches!(module.variable(id).space, Space::Local | Space::Param | Space::Reg) {
            let name = module.name(symbol.name);
            let message =
                format!("'{name}': module-scope .{} variables are not supported", module.variable(id).space);
            errors.push(
                Error::new(ErrorKind::Unsupported, message).symbol(name).at(&module.source, symbol.name),
            );
        }
    }
}
