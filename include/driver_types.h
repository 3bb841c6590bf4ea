// SPDX-License-Identifier: MIT OR Apache-2.0
// The types of the CUDA runtime API.
#ifndef __DRIVER_TYPES_H__
#define __DRIVER_TYPES_H__
#include "anywarp/rt_errors.h"
#include "anywarp/rt_enums.h"
#include "anywarp/rt_structs.h"
#include "anywarp/rt_graph.h"
#endif
