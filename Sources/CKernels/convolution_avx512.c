#if defined(__x86_64__)
#include <immintrin.h>

#include "convolution.h"

#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,fma")))
#define UNROLL _Pragma("clang loop unroll(full)")

// `channels` output channels × `vectors` · 16 pixels in registers, at most 24 of them; the last vector is
// stored under `last`. source [inputs][rows][…], filters [inputs][3][3][8], destination [outputs][…].
TARGET static inline __attribute__((always_inline)) void tile(
    const float *source, long channel_stride, const long row_offsets[3], long inputs, const float *filters,
    const float *bias, int rectify, float *destination, long destination_stride, long outputs, __mmask16 last,
    const int channels, const int vectors) {
    const float *rows[3] = {source + row_offsets[0], source + row_offsets[1], source + row_offsets[2]};
    __m512 sum[8][6];
    UNROLL for (int o = 0; o < channels; o++) {
        UNROLL for (int v = 0; v < vectors; v++) { sum[o][v] = _mm512_set1_ps(bias[o]); }
    }
    for (long i = 0; i < inputs; i++) {
        UNROLL for (int ky = 0; ky < 3; ky++) {
            UNROLL for (int kx = 0; kx < 3; kx++) {
                __m512 pixels[6];
                UNROLL for (int v = 0; v < vectors; v++) { pixels[v] = _mm512_loadu_ps(rows[ky] + kx + 16 * v); }
                UNROLL for (int o = 0; o < channels; o++) {
                    __m512 weight = _mm512_set1_ps(filters[(ky * 3 + kx) * 8 + o]);
                    UNROLL for (int v = 0; v < vectors; v++) {
                        sum[o][v] = _mm512_fmadd_ps(pixels[v], weight, sum[o][v]);
                    }
                }
            }
            rows[ky] += channel_stride;
        }
        filters += 72;
    }
    UNROLL for (int o = 0; o < channels; o++) {
        if (o >= outputs) { break; }
        UNROLL for (int v = 0; v < vectors; v++) {
            __m512 value = rectify ? _mm512_max_ps(_mm512_setzero_ps(), sum[o][v]) : sum[o][v];
            _mm512_mask_storeu_ps(destination + o * destination_stride + 16 * v, v == vectors - 1 ? last : 0xFFFF,
                                  value);
        }
    }
}

#define TILE(channels, vectors)                                                                              \
    tile(source + x, channel_stride, row_offsets, inputs, filters, bias, rectify, destination + x,          \
         destination_stride, outputs, mask, channels, vectors)

// source [inputs][rows][width + 2], filters [inputs][3][3][8], destination [outputs][width].
TARGET static void row(const float *source, long channel_stride, const long row_offsets[3], long inputs,
                       const float *filters, const float *bias, int rectify, float *destination,
                       long destination_stride, long outputs, long width) {
    long most = outputs <= 4 ? 6 : 3;
    for (long x = 0; x < width;) {
        long left = (width - x + 15) / 16;
        // Two even tiles do better than a full one and a rest.
        long vectors = left >= 2 * most || left == most ? most : left > most ? (left + 1) / 2 : left;
        __mmask16 mask = vectors == left ? (__mmask16)(0xFFFF >> (left * 16 - (width - x))) : 0xFFFF;
        if (outputs <= 4) {
            switch (vectors) {
            case 1: TILE(4, 1); break;
            case 2: TILE(4, 2); break;
            case 3: TILE(4, 3); break;
            case 4: TILE(4, 4); break;
            case 5: TILE(4, 5); break;
            default: TILE(4, 6); break;
            }
        } else {
            switch (vectors) {
            case 1: TILE(8, 1); break;
            case 2: TILE(8, 2); break;
            default: TILE(8, 3); break;
            }
        }
        x += vectors * 16;
    }
}

void bf_convolution_avx512(bf_convolution_kernels *table) { table->row = row; }
#endif
