//! CUDA's public C types: result codes, enumerators and structures.
