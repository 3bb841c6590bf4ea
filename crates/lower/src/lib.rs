//! PTX syntax trees to IR, one function at a time.
