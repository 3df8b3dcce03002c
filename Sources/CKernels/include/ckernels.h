#ifndef BRUSHFLOW_CKERNELS_H
#define BRUSHFLOW_CKERNELS_H

#include "blocks.h"
#include "color.h"
#include "flow.h"
#include "layers.h"
#include "poisson.h"
#include "style.h"
#include "words.h"

/// The instruction sets that kernels exist for; a higher one overrides kernels of the lower ones.
typedef enum {
    BF_CPU_REFERENCE = 0,
    BF_CPU_AVX2 = 1,
    BF_CPU_AVX512 = 2,
    BF_CPU_AMX = 3,
} bf_cpu_level;

/// Every kernel that Brushflow has, one table per subject.
typedef struct {
    bf_cpu_level level;
    bf_blocks_kernels blocks;
    bf_color_kernels color;
    bf_flow_kernels flow;
    bf_layers_kernels layers;
    bf_poisson_kernels poisson;
    bf_style_kernels style;
    bf_words_kernels words;
} bf_kernels;

/// The table for this processor. `BRUSHFLOW_CPU=reference|avx2|avx512|amx` in the environment lowers the level;
/// a level that the processor lacks, or a word that is none, is ignored. Chosen once, at the first call.
const bf_kernels *bf_kernels_current(void);

/// The table of one level, for tests; NULL where the processor lacks it.
const bf_kernels *bf_kernels_at(bf_cpu_level level);

#endif
