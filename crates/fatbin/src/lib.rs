//! The fat binary container that CUDA programs embed: reader and writer.
