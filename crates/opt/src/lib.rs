//! Optimisation passes over IR, one file a pass.
