// SPDX-License-Identifier: MIT OR Apache-2.0
// __managed__ variables: clang 19 has no such attribute in CUDA, so host_defines.h places their host shadows in a section
// of their own, and each object tells the runtime where its section lies before clang's registration code runs.
// The runtime then binds the device symbol of a shadow within the range to the shadow itself.
#ifndef ANYWARP_MANAGED_H
#define ANYWARP_MANAGED_H
#if defined(__CUDA__) && !defined(__CUDA_ARCH__)
extern "C" {
extern char __start_anywarp_managed[] __attribute__((weak, visibility("hidden")));
extern char __stop_anywarp_managed[] __attribute__((weak, visibility("hidden")));
void __anywarpRegisterManagedRange(void *begin, void *end) __attribute__((weak));
__attribute__((constructor(101), used)) static void __anywarp_managed_range(void) {
  if (__start_anywarp_managed != __stop_anywarp_managed && __anywarpRegisterManagedRange)
    __anywarpRegisterManagedRange(__start_anywarp_managed, __stop_anywarp_managed);
}
}
#endif
#endif
