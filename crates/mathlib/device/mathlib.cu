//! The whole library as one translation unit: compiled for the device by build.rs, and by the accuracy test for the host.
#include "core.h"
#include "f32_exp.h"
#include "f32_log.h"
#include "f32_trig.h"
#include "f32_pow.h"
#include "approx.h"
