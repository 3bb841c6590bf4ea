// The functions of bfloat16 and its pairs. NaNs are shown as one.
#include <cuda_bf16.h>
using T = __nv_bfloat16;
using T2 = __nv_bfloat162;
#define OF __ushort_as_bfloat16
#define BITS __bfloat16_as_ushort
#define LOW __low2bfloat16
#define HIGH __high2bfloat16
#define LOWS __lows2bfloat162
#define HIGHS __high2bfloat162
#define INF 0x7f80
#include "short_floats.h"
