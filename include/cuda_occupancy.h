// SPDX-License-Identifier: MIT OR Apache-2.0
// Libraries include this header and ask the runtime all the same: cudaOccupancyMaxActiveBlocksPerMultiprocessor and its
// relatives are in cuda_runtime.h. The calculator for devices that are not there (cudaOcc*) is not provided.
#pragma once
#include "cuda_runtime_api.h"
