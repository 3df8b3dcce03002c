#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define BLOCKS_LEVEL bf_blocks_avx2
#define BLOCKS_VECTORS 1
#define BLOCKS_PIXELS 6
#define BLOCKS_LANES 4
#define BLOCKS_PART 8
#include "blocks_loops.h"
#pragma clang attribute pop
#endif
