//! The fast engine: vectoriser, LLVM emission, object cache, math.
