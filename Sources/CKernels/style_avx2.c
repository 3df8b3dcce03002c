#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define STYLE_LEVEL bf_style_avx2
#include "style_loops.h"
#pragma clang attribute pop
#endif
