#include "ckernels.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#if defined(__x86_64__)
#include <cpuid.h>
#endif
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

static bf_kernels tables[4];
static const bf_kernels *current;
static bf_cpu_level highest;
static pthread_once_t once = PTHREAD_ONCE_INIT;

#if defined(__x86_64__)
// Whether there is AMX with bfloat16, which vectors are rounded to as well, and the kernel lets this process's threads use its registers: it says no where an
// alternate signal stack is too small for them.
static bool has_matrix_unit(void) {
#if defined(__linux__)
    enum { REQUEST_PERMISSION = 0x1023, TILE_DATA = 18, BFLOAT16 = 1 << 22, TILES = 1 << 24, ROUNDING = 1 << 5 };
    unsigned a, b, c, d;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || (d & (BFLOAT16 | TILES)) != (BFLOAT16 | TILES)) { return false; }
    if (!__get_cpuid_count(7, 1, &a, &b, &c, &d) || !(a & ROUNDING)) { return false; }
    return syscall(SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) == 0;
#else
    return false;
#endif
}
#endif

static bf_cpu_level detect(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")) {
        return has_matrix_unit() ? BF_CPU_AMX : BF_CPU_AVX512;
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) { return BF_CPU_AVX2; }
#endif
    return BF_CPU_REFERENCE;
}

static bf_cpu_level asked(bf_cpu_level most) {
    const char *word = getenv("BRUSHFLOW_CPU");
    bf_cpu_level level = most;
    if (word == NULL) { return most; }
    if (strcmp(word, "reference") == 0) { level = BF_CPU_REFERENCE; }
    if (strcmp(word, "avx2") == 0) { level = BF_CPU_AVX2; }
    if (strcmp(word, "avx512") == 0) { level = BF_CPU_AVX512; }
    return level < most ? level : most;
}

// Fills in what the table's own level adds to the level below.
static void fill(bf_kernels *table) {
    switch (table->level) {
    case BF_CPU_REFERENCE:
        bf_blocks_reference(&table->blocks);
        bf_color_reference(&table->color);
        bf_flow_reference(&table->flow);
        bf_layers_reference(&table->layers);
        bf_poisson_reference(&table->poisson);
        bf_style_reference(&table->style);
        bf_words_reference(&table->words);
        break;
#if defined(__x86_64__)
    case BF_CPU_AVX2:
        bf_blocks_avx2(&table->blocks);
        bf_color_avx2(&table->color);
        bf_flow_avx2(&table->flow);
        bf_layers_avx2(&table->layers);
        bf_poisson_avx2(&table->poisson);
        bf_style_avx2(&table->style);
        bf_words_avx2(&table->words);
        break;
    case BF_CPU_AVX512:
        bf_blocks_avx512(&table->blocks);
        bf_color_avx512(&table->color);
        bf_flow_avx512(&table->flow);
        bf_layers_avx512(&table->layers);
        bf_poisson_avx512(&table->poisson);
        bf_style_avx512(&table->style);
        // Floats are twice as many there.
        table->words.fast = 0;
        break;
    case BF_CPU_AMX:
#if defined(__linux__)
        bf_blocks_amx(&table->blocks);
#endif
        break;
#else
    default: break;
#endif
    }
}

static void build(void) {
    highest = detect();
    for (int level = BF_CPU_REFERENCE; level <= (int)highest; level++) {
        if (level > BF_CPU_REFERENCE) { tables[level] = tables[level - 1]; }
        tables[level].level = (bf_cpu_level)level;
        fill(&tables[level]);
    }
    current = &tables[asked(highest)];
}

const bf_kernels *bf_kernels_current(void) {
    pthread_once(&once, build);
    return current;
}

const bf_kernels *bf_kernels_at(bf_cpu_level level) {
    pthread_once(&once, build);
    return level <= highest ? &tables[level] : NULL;
}
