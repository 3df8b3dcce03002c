#if defined(__x86_64__)
#include <immintrin.h>

#include "convolution.h"

#define TARGET __attribute__((target("avx2,fma")))
#define UNROLL _Pragma("clang loop unroll(full)")

// Four output channels × `vectors` · 8 pixels in registers, at most 12 of them; the last vector is stored
// under `last`. source [inputs][rows][…], filters [inputs][3][3][8], destination [outputs][…].
TARGET static inline __attribute__((always_inline)) void tile(
    const float *source, long channel_stride, const long row_offsets[3], long inputs, const float *filters,
    const float *bias, int rectify, float *destination, long destination_stride, long outputs, __m256i last,
    const int vectors) {
    const float *rows[3] = {source + row_offsets[0], source + row_offsets[1], source + row_offsets[2]};
    __m256 sum[4][3];
    UNROLL for (int o = 0; o < 4; o++) {
        UNROLL for (int v = 0; v < vectors; v++) { sum[o][v] = _mm256_set1_ps(bias[o]); }
    }
    for (long i = 0; i < inputs; i++) {
        UNROLL for (int ky = 0; ky < 3; ky++) {
            UNROLL for (int kx = 0; kx < 3; kx++) {
                __m256 pixels[3];
                UNROLL for (int v = 0; v < vectors; v++) { pixels[v] = _mm256_loadu_ps(rows[ky] + kx + 8 * v); }
                UNROLL for (int o = 0; o < 4; o++) {
                    __m256 weight = _mm256_broadcast_ss(filters + (ky * 3 + kx) * 8 + o);
                    UNROLL for (int v = 0; v < vectors; v++) {
                        sum[o][v] = _mm256_fmadd_ps(pixels[v], weight, sum[o][v]);
                    }
                }
            }
            rows[ky] += channel_stride;
        }
        filters += 72;
    }
    UNROLL for (int o = 0; o < 4; o++) {
        if (o >= outputs) { break; }
        UNROLL for (int v = 0; v < vectors; v++) {
            __m256 value = rectify ? _mm256_max_ps(_mm256_setzero_ps(), sum[o][v]) : sum[o][v];
            float *to = destination + o * destination_stride + 8 * v;
            if (v == vectors - 1) {
                _mm256_maskstore_ps(to, last, value);
            } else {
                _mm256_storeu_ps(to, value);
            }
        }
    }
}

#define TILE(vectors)                                                                                        \
    tile(source + x, channel_stride, row_offsets, inputs, filters + o, bias + o, rectify,                    \
         destination + o * destination_stride + x, destination_stride, outputs - o, mask, vectors)

// source [inputs][rows][width + 2], filters [inputs][3][3][8], destination [outputs][width].
TARGET static void row(const float *source, long channel_stride, const long row_offsets[3], long inputs,
                       const float *filters, const float *bias, int rectify, float *destination,
                       long destination_stride, long outputs, long width) {
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    for (long x = 0; x < width;) {
        long left = (width - x + 7) / 8;
        // Two even tiles do better than a full one and a rest.
        long vectors = left == 4 ? 2 : left > 3 ? 3 : left;
        long kept = vectors == left ? width - x - (vectors - 1) * 8 : 8;
        __m256i mask = _mm256_cmpgt_epi32(_mm256_set1_epi32((int)kept), lanes);
        for (long o = 0; o < outputs; o += 4) {
            switch (vectors) {
            case 1: TILE(1); break;
            case 2: TILE(2); break;
            default: TILE(3); break;
            }
        }
        x += vectors * 8;
    }
}

// source [inputs][rows], filters [inputs][3][3][8], sums [8].
TARGET static void column(const float *source, long channel_stride, const long row_offsets[3], long inputs,
                          const float *filters, long column, float *sums) {
    __m256 sum[3] = {_mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps()};
    for (long i = 0; i < inputs; i++) {
        UNROLL for (long ky = 0; ky < 3; ky++) {
            __m256 weights = _mm256_loadu_ps(filters + (i * 9 + ky * 3 + column) * 8);
            __m256 pixel = _mm256_broadcast_ss(source + i * channel_stride + row_offsets[ky]);
            sum[ky] = _mm256_fmadd_ps(pixel, weights, sum[ky]);
        }
    }
    _mm256_storeu_ps(sums, _mm256_add_ps(_mm256_add_ps(sum[0], sum[1]), sum[2]));
}

void bf_convolution_avx2(bf_convolution_kernels *table) {
    table->row = row;
    table->column = column;
}
#endif
