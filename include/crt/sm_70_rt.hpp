// SPDX-License-Identifier: MIT OR Apache-2.0
// clang includes this name for the warp match functions; they are in anywarp/warp.h.
