#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,fma"))), apply_to = function)
#define BLOCKS_LEVEL bf_blocks_avx512
#define BLOCKS_VECTORS 2
#define BLOCKS_PIXELS 14
#define BLOCKS_LANES 8
#define BLOCKS_PART 16
#include "blocks_loops.h"
#pragma clang attribute pop
#endif
