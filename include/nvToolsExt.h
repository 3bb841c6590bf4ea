// SPDX-License-Identifier: MIT OR Apache-2.0
// Tools extension, version 2, which has the same names.
#ifndef NVTOOLSEXT_H_
#define NVTOOLSEXT_H_
#define NVTX_VERSION 2
#include "anywarp/nvtx.h"
#endif
