// SPDX-License-Identifier: MIT OR Apache-2.0
// Cooperative groups (Programming Guide, "Cooperative Groups"): groups of a block, a grid or a warp, and what their threads
// do together.
#ifndef _COOPERATIVE_GROUPS_H_
#define _COOPERATIVE_GROUPS_H_
#include "cuda_runtime.h"
#if defined(__cplusplus) && defined(__CUDA__) && defined(__clang__)
#include "anywarp/cg/warp.h"
#include "anywarp/cg/block.h"
#include "anywarp/cg/warps.h"
#include "anywarp/cg/grid.h"
#include "anywarp/cg/partition.h"
#endif
#endif
