// The functions of half and half2. NaNs are shown as one.
#include <cuda_fp16.h>
using T = __half;
using T2 = __half2;
#define OF __ushort_as_half
#define BITS __half_as_ushort
#define LOW __low2half
#define HIGH __high2half
#define LOWS __lows2half2
#define HIGHS __high2half2
#define INF 0x7c00
#include "short_floats.h"
