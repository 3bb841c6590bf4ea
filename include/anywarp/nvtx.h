// SPDX-License-Identifier: MIT OR Apache-2.0
// The tools extension library's everyday functions: marks and ranges that a profiler would show. Nobody listens, which the
// library's documentation provides for: each does nothing and returns NVTX_NO_PUSH_POP_TRACKING, 0 or a null handle.
#ifndef NVTX_ANYWARP_TOOLS_H
#define NVTX_ANYWARP_TOOLS_H
#pragma GCC system_header
#ifndef NVTX_VERSION
#define NVTX_VERSION 3
#endif
#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

#define NVTX_NO_PUSH_POP_TRACKING ((int)-2)
#define NVTX_SUCCESS 0
#define NVTX_FAIL 1
#define NVTX_INLINE_STATIC static inline __attribute__((unused))
typedef uint64_t nvtxRangeId_t;
typedef struct nvtxDomainRegistration_st *nvtxDomainHandle_t;
typedef struct nvtxStringRegistration_st *nvtxStringHandle_t;
typedef struct nvtxResourceHandle *nvtxResourceHandle_t;
typedef enum nvtxColorType_t { NVTX_COLOR_UNKNOWN = 0, NVTX_COLOR_ARGB = 1 } nvtxColorType_t;
typedef enum nvtxMessageType_t {
  NVTX_MESSAGE_UNKNOWN = 0,
  NVTX_MESSAGE_TYPE_ASCII = 1,
  NVTX_MESSAGE_TYPE_UNICODE = 2,
  NVTX_MESSAGE_TYPE_REGISTERED = 3
} nvtxMessageType_t;
typedef union nvtxMessageValue_t {
  const char *ascii;
  const wchar_t *unicode;
  nvtxStringHandle_t registered;
} nvtxMessageValue_t;
typedef enum nvtxPayloadType_t {
  NVTX_PAYLOAD_UNKNOWN = 0,
  NVTX_PAYLOAD_TYPE_UNSIGNED_INT64 = 1,
  NVTX_PAYLOAD_TYPE_INT64 = 2,
  NVTX_PAYLOAD_TYPE_DOUBLE = 3,
  NVTX_PAYLOAD_TYPE_UNSIGNED_INT32 = 4,
  NVTX_PAYLOAD_TYPE_INT32 = 5,
  NVTX_PAYLOAD_TYPE_FLOAT = 6
} nvtxPayloadType_t;
typedef struct nvtxEventAttributes_v2 {
  uint16_t version;
  uint16_t size;
  uint32_t category;
  int32_t colorType;
  uint32_t color;
  int32_t payloadType;
  int32_t reserved0;
  union payload_t {
    uint64_t ullValue;
    int64_t llValue;
    double dValue;
    uint32_t uiValue;
    int32_t iValue;
    float fValue;
  } payload;
  int32_t messageType;
  nvtxMessageValue_t message;
} nvtxEventAttributes_v2;
typedef struct nvtxEventAttributes_v2 nvtxEventAttributes_t;
#define NVTX_EVENT_ATTRIB_STRUCT_SIZE ((uint16_t)sizeof(nvtxEventAttributes_t))

#define __ANYWARP_NVTX(RESULT, NAME, PARAMETERS, VALUE) \
  NVTX_INLINE_STATIC RESULT NAME PARAMETERS { return VALUE; }
__ANYWARP_NVTX(void, nvtxInitialize, (const void *a), )
__ANYWARP_NVTX(void, nvtxMarkA, (const char *a), )
__ANYWARP_NVTX(void, nvtxMarkW, (const wchar_t *a), )
__ANYWARP_NVTX(void, nvtxMarkEx, (const nvtxEventAttributes_t *a), )
__ANYWARP_NVTX(nvtxRangeId_t, nvtxRangeStartA, (const char *a), 0)
__ANYWARP_NVTX(nvtxRangeId_t, nvtxRangeStartW, (const wchar_t *a), 0)
__ANYWARP_NVTX(nvtxRangeId_t, nvtxRangeStartEx, (const nvtxEventAttributes_t *a), 0)
__ANYWARP_NVTX(void, nvtxRangeEnd, (nvtxRangeId_t a), )
__ANYWARP_NVTX(int, nvtxRangePushA, (const char *a), NVTX_NO_PUSH_POP_TRACKING)
__ANYWARP_NVTX(int, nvtxRangePushW, (const wchar_t *a), NVTX_NO_PUSH_POP_TRACKING)
__ANYWARP_NVTX(int, nvtxRangePushEx, (const nvtxEventAttributes_t *a), NVTX_NO_PUSH_POP_TRACKING)
__ANYWARP_NVTX(int, nvtxRangePop, (void), NVTX_NO_PUSH_POP_TRACKING)
__ANYWARP_NVTX(void, nvtxNameCategoryA, (uint32_t a, const char *b), )
__ANYWARP_NVTX(void, nvtxNameCategoryW, (uint32_t a, const wchar_t *b), )
__ANYWARP_NVTX(void, nvtxNameOsThreadA, (uint32_t a, const char *b), )
__ANYWARP_NVTX(void, nvtxNameOsThreadW, (uint32_t a, const wchar_t *b), )
__ANYWARP_NVTX(nvtxDomainHandle_t, nvtxDomainCreateA, (const char *a), 0)
__ANYWARP_NVTX(nvtxDomainHandle_t, nvtxDomainCreateW, (const wchar_t *a), 0)
__ANYWARP_NVTX(void, nvtxDomainDestroy, (nvtxDomainHandle_t a), )
__ANYWARP_NVTX(nvtxStringHandle_t, nvtxDomainRegisterStringA, (nvtxDomainHandle_t a, const char *b), 0)
__ANYWARP_NVTX(nvtxStringHandle_t, nvtxDomainRegisterStringW, (nvtxDomainHandle_t a, const wchar_t *b), 0)
__ANYWARP_NVTX(void, nvtxDomainMarkEx, (nvtxDomainHandle_t a, const nvtxEventAttributes_t *b), )
__ANYWARP_NVTX(nvtxRangeId_t, nvtxDomainRangeStartEx, (nvtxDomainHandle_t a, const nvtxEventAttributes_t *b), 0)
__ANYWARP_NVTX(void, nvtxDomainRangeEnd, (nvtxDomainHandle_t a, nvtxRangeId_t b), )
__ANYWARP_NVTX(int, nvtxDomainRangePushEx, (nvtxDomainHandle_t a, const nvtxEventAttributes_t *b), NVTX_NO_PUSH_POP_TRACKING)
__ANYWARP_NVTX(int, nvtxDomainRangePop, (nvtxDomainHandle_t a), NVTX_NO_PUSH_POP_TRACKING)
__ANYWARP_NVTX(void, nvtxDomainNameCategoryA, (nvtxDomainHandle_t a, uint32_t b, const char *c), )
__ANYWARP_NVTX(void, nvtxDomainNameCategoryW, (nvtxDomainHandle_t a, uint32_t b, const wchar_t *c), )
#undef __ANYWARP_NVTX

#if defined(UNICODE)
#define nvtxMark nvtxMarkW
#define nvtxRangeStart nvtxRangeStartW
#define nvtxRangePush nvtxRangePushW
#define nvtxNameCategory nvtxNameCategoryW
#define nvtxNameOsThread nvtxNameOsThreadW
#define nvtxDomainCreate nvtxDomainCreateW
#define nvtxDomainRegisterString nvtxDomainRegisterStringW
#define nvtxDomainNameCategory nvtxDomainNameCategoryW
#else
#define nvtxMark nvtxMarkA
#define nvtxRangeStart nvtxRangeStartA
#define nvtxRangePush nvtxRangePushA
#define nvtxNameCategory nvtxNameCategoryA
#define nvtxNameOsThread nvtxNameOsThreadA
#define nvtxDomainCreate nvtxDomainCreateA
#define nvtxDomainRegisterString nvtxDomainRegisterStringA
#define nvtxDomainNameCategory nvtxDomainNameCategoryA
#endif
#endif
