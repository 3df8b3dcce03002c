#if defined(__x86_64__)

#include "color.h"

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,fma"))), apply_to = function)
#define BF_COLOR_NAME(name) name##_avx512
#include "color_loops.h"
#pragma clang attribute pop

#endif
