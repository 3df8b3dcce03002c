#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,fma"))), apply_to = function)
#define STYLE_LEVEL bf_style_avx512
#include "style_loops.h"
#pragma clang attribute pop
#endif
