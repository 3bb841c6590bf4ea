// SPDX-License-Identifier: MIT OR Apache-2.0
// Register lists of asm statements by their number: their names in the text, and the operands bound to an array.
// undefine.h takes the macros back.
#define __ANYWARP_TEXT1(N) "{%[" N "0]}"
#define __ANYWARP_TEXT2(N) "{%[" N "0],%[" N "1]}"
#define __ANYWARP_TEXT4(N) "{%[" N "0],%[" N "1],%[" N "2],%[" N "3]}"
#define __ANYWARP_TEXT8(N) \
  "{%[" N "0],%[" N "1],%[" N "2],%[" N "3],%[" N "4],%[" N "5],%[" N "6],%[" N "7]}"
#define __ANYWARP_BIND1(N, C, V) [N##0] C(V[0])
#define __ANYWARP_BIND2(N, C, V) __ANYWARP_BIND1(N, C, V), [N##1] C(V[1])
#define __ANYWARP_BIND4(N, C, V) __ANYWARP_BIND2(N, C, V), [N##2] C(V[2]), [N##3] C(V[3])
#define __ANYWARP_BIND8(N, C, V) \
  __ANYWARP_BIND4(N, C, V), [N##4] C(V[4]), [N##5] C(V[5]), [N##6] C(V[6]), [N##7] C(V[7])
// The constraint letter's C type.
#define __ANYWARP_TYPE_r unsigned int
#define __ANYWARP_TYPE_f float
#define __ANYWARP_TYPE_d double
#define __ANYWARP_LETTER_r "r"
#define __ANYWARP_LETTER_f "f"
#define __ANYWARP_LETTER_d "d"
