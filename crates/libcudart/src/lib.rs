//! libcudart.so.12: the CUDA runtime API over the driver API.
