#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#include <immintrin.h>

#include <string.h>

#include "blocks_vectors.h"
#include "words.h"

// 16 words, in the order of their values.
INLINE __m256i words_of(const float *values, __m256 scale) {
    __m256i low = _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_loadu_ps(values), scale));
    __m256i high = _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_loadu_ps(values + 8), scale));
    return _mm256_permute4x64_epi64(_mm256_packs_epi32(low, high), 0xd8);
}

// values [positions][count], steps [positions].
static void round_values(float *values, long position_stride, long positions, long count, float *steps) {
    const __m256 magnitude = _mm256_castsi256_ps(_mm256_set1_epi32(0x7fffffff));
    for (long i = 0; i < positions; i++) {
        float *from = values + i * position_stride;
        __m256 low = _mm256_setzero_ps(), high = low;
        for (long n = 0; n < count; n += 16) {
            low = _mm256_max_ps(low, _mm256_and_ps(magnitude, _mm256_loadu_ps(from + n)));
            high = _mm256_max_ps(high, _mm256_and_ps(magnitude, _mm256_loadu_ps(from + n + 8)));
        }
        float lanes[8], most = 0;
        _mm256_storeu_ps(lanes, _mm256_max_ps(low, high));
        for (int lane = 0; lane < 8; lane++) { most = lanes[lane] > most ? lanes[lane] : most; }
        __m256 scale = _mm256_set1_ps(most > 0 ? BF_GREATEST_WORD / most : 0);
        // Words lie where values were read before them.
        char *to = (char *)from;
        for (long n = 0; n < count; n += 16) {
            _mm256_storeu_si256((__m256i *)(to + n * 2), words_of(from + n, scale));
        }
        steps[i] = most / BF_GREATEST_WORD;
    }
}

// `pixels` pixels of one block, a constant where it is called. Filters that come later are fetched from `ahead` on. The loop is
// not unrolled further: that took 3 to 15 % more time on a Zen 3.
INLINE void tile(const bf_word_product *product, const short *source, const short *filters, float source_step,
                 float *destination, const int pixels, const short *ahead) {
    __m256i sum[6][2];
    UNROLL for (int p = 0; p < pixels; p++) { sum[p][0] = sum[p][1] = _mm256_setzero_si256(); }
    for (long block = 0; block < product->depth / 16; block++) {
        ROLLED for (int k = 0; k < 16; k += 2) {
            __m256i low = _mm256_loadu_si256((const __m256i *)filters);
            __m256i high = _mm256_loadu_si256((const __m256i *)(filters + 16));
            UNROLL for (int p = 0; p < pixels; p++) {
                int pair;
                memcpy(&pair, source + p * 16 + k, sizeof pair);
                __m256i values = _mm256_set1_epi32(pair);
                sum[p][0] = _mm256_add_epi32(sum[p][0], _mm256_madd_epi16(low, values));
                sum[p][1] = _mm256_add_epi32(sum[p][1], _mm256_madd_epi16(high, values));
            }
            __builtin_prefetch(ahead, 0, 2);
            ahead += 32;
            filters += 32;
        }
        source += product->pixels * 16;
    }
    const float *steps = (const float *)(const void *)filters;
    __m256 scale = _mm256_set1_ps(source_step);
    __m256 low = _mm256_mul_ps(_mm256_loadu_ps(steps), scale), high = _mm256_mul_ps(_mm256_loadu_ps(steps + 8), scale);
    UNROLL for (int p = 0; p < pixels; p++) {
        _mm256_storeu_ps(destination + p * 16, _mm256_mul_ps(_mm256_cvtepi32_ps(sum[p][0]), low));
        _mm256_storeu_ps(destination + p * 16 + 8, _mm256_mul_ps(_mm256_cvtepi32_ps(sum[p][1]), high));
    }
}

#define TILE(p)                                                                                              \
    case p: tile(product, from, filters, product->source_steps[i], to, p, filters + product->filter_stride); break;

// destination [positions][blocks][pixels][16].
static void product(const bf_word_product *product) {
    const short *filters = product->filters;
    for (long i = 0; i < product->positions; i++) {
        const short *source = product->source + i * product->source_stride;
        for (long block = 0; block < product->blocks; block++) {
            float *destination = product->destination + i * product->position_stride + block * product->destination_stride;
            if (product->zeros >> i & 1) {
                memset(destination, 0, (size_t)product->pixels * 16 * sizeof *destination);
                filters += product->filter_stride;
                continue;
            }
            long parts = (product->pixels + 5) / 6;
            for (long part = 0; part < parts; part++) {
                long first = product->pixels * part / parts, count = product->pixels * (part + 1) / parts - first;
                const short *from = source + first * 16;
                float *to = destination + first * 16;
                switch (count) { TILE(1) TILE(2) TILE(3) TILE(4) TILE(5) TILE(6) }
            }
            filters += product->filter_stride;
        }
    }
}

void bf_words_avx2(bf_words_kernels *table) {
    table->fast = 1;
    table->round = round_values;
    table->product = product;
}
#pragma clang attribute pop
#endif
