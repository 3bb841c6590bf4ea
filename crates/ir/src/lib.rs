//! The SIMT intermediate representation: SSA with block arguments, its op table and the scalar meaning of each pure op.
