#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define LAYER_LEVEL bf_layers_avx2
#include "layer_loops.h"
#pragma clang attribute pop
#endif
