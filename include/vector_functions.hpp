// SPDX-License-Identifier: MIT OR Apache-2.0
#include "vector_functions.h"
