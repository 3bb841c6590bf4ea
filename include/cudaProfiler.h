// SPDX-License-Identifier: MIT OR Apache-2.0
#ifndef CUDAPROFILER_H
#define CUDAPROFILER_H
#include "cuda.h"
#endif
