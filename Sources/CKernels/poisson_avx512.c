#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,fma,prefer-256-bit"))), apply_to = function)
#define POISSON_LEVEL bf_poisson_avx512
#include "poisson_loops.h"
#pragma clang attribute pop
#endif
