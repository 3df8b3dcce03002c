#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define POISSON_LEVEL bf_poisson_avx2
#include "poisson_loops.h"
#pragma clang attribute pop
#endif
