//! libcuda.so.1: the CUDA driver API as a thin shell over the driver crate.
