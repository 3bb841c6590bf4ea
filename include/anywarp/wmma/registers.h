// SPDX-License-Identifier: MIT OR Apache-2.0
// Register lists of asm statements by their number: their names in the text, and the operands bound to an array.
// undefine.h takes the macros back.
#define __ANYWARP_TEXT1(__N) "{%[" __N "0]}"
#define __ANYWARP_TEXT2(__N) "{%[" __N "0],%[" __N "1]}"
#define __ANYWARP_TEXT4(__N) "{%[" __N "0],%[" __N "1],%[" __N "2],%[" __N "3]}"
#define __ANYWARP_TEXT8(__N) \
  "{%[" __N "0],%[" __N "1],%[" __N "2],%[" __N "3],%[" __N "4],%[" __N "5],%[" __N "6],%[" __N "7]}"
#define __ANYWARP_BIND1(__N, __C, __V) [__N##0] __C(__V[0])
#define __ANYWARP_BIND2(__N, __C, __V) __ANYWARP_BIND1(__N, __C, __V), [__N##1] __C(__V[1])
#define __ANYWARP_BIND4(__N, __C, __V) __ANYWARP_BIND2(__N, __C, __V), [__N##2] __C(__V[2]), [__N##3] __C(__V[3])
#define __ANYWARP_BIND8(__N, __C, __V) \
  __ANYWARP_BIND4(__N, __C, __V), [__N##4] __C(__V[4]), [__N##5] __C(__V[5]), [__N##6] __C(__V[6]), [__N##7] __C(__V[7])
// The constraint letter's C type.
#define __ANYWARP_TYPE_r unsigned int
#define __ANYWARP_TYPE_f float
#define __ANYWARP_TYPE_d double
#define __ANYWARP_LETTER_r "r"
#define __ANYWARP_LETTER_f "f"
#define __ANYWARP_LETTER_d "d"
