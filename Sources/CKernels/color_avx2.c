#if defined(__x86_64__)

#include "color.h"

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define BF_COLOR_NAME(name) name##_avx2
#include "color_loops.h"
#pragma clang attribute pop

#endif
