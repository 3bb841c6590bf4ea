//! Read-only analyses of IR functions: dominators, loops, uniformity, affine addresses.
