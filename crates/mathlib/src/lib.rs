//! The device math library (libdevice names), compiled to PTX when the crate is built.
