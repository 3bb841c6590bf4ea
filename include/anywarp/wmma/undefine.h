// SPDX-License-Identifier: MIT OR Apache-2.0
// Takes back the macros of the wmma headers.
#undef __ANYWARP_W
#undef __ANYWARP_COMMA
#undef __ANYWARP_TEXT1
#undef __ANYWARP_TEXT2
#undef __ANYWARP_TEXT4
#undef __ANYWARP_TEXT8
#undef __ANYWARP_BIND1
#undef __ANYWARP_BIND2
#undef __ANYWARP_BIND4
#undef __ANYWARP_BIND8
#undef __ANYWARP_TYPE_r
#undef __ANYWARP_TYPE_f
#undef __ANYWARP_TYPE_d
#undef __ANYWARP_LETTER_r
#undef __ANYWARP_LETTER_f
#undef __ANYWARP_LETTER_d
#undef __ANYWARP_LOAD1
#undef __ANYWARP_C_LOAD
#undef __ANYWARP_C_STORE
#undef __ANYWARP_C
#undef __ANYWARP_MMA_ASM
#undef __ANYWARP_MMA_IN
#undef __ANYWARP_MMA_LAYOUT
#undef __ANYWARP_MMA
