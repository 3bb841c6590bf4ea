// SPDX-License-Identifier: MIT OR Apache-2.0
// Kept for programs that include it: cuda_runtime.h declares all of it.
#pragma once
#include "cuda_runtime.h"
