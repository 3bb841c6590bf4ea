//! The reference engine: one thread at a time, every rule of the PTX manual.
