// SPDX-License-Identifier: MIT OR Apache-2.0
// Tools extension, version 3: see anywarp/nvtx.h.
#ifndef NVTOOLSEXT_H_
#define NVTOOLSEXT_H_
#include "../anywarp/nvtx.h"
#endif
