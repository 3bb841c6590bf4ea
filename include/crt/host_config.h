// SPDX-License-Identifier: MIT OR Apache-2.0
// Kept for programs that include it: the host compiler is always one that these headers were written for.
#ifndef __HOST_CONFIG_H__
#define __HOST_CONFIG_H__
#include "crt/host_defines.h"
#endif
