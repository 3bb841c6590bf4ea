// SPDX-License-Identifier: MIT OR Apache-2.0
// CUuuid, which both APIs have.
#ifndef ANYWARP_UUID_H
#define ANYWARP_UUID_H
typedef struct CUuuid_st {
  char bytes[16];
} CUuuid;
#endif
