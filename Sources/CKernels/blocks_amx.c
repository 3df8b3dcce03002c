// The matrix unit of Intel's servers (AMX), which multiplies bfloat16 into float32 sums. `split` numbers keep a float's
// precision there: see blocks.h.
#if defined(__x86_64__) && defined(__linux__)
#pragma clang attribute push(                                                                                \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,fma,amx-tile,amx-bf16"))), apply_to = function)
#include <immintrin.h>

#include <string.h>

#include "blocks.h"
#include "blocks_vectors.h"

// The odd halves of the lanes: the upper 16 bits of `first`, then of `second`.
INLINE v16 upper(v16 first, v16 second) {
    static const short odd[32] = {1,  3,  5,  7,  9,  11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31,
                                  33, 35, 37, 39, 41, 43, 45, 47, 49, 51, 53, 55, 57, 59, 61, 63};
    return (v16)_mm512_permutex2var_epi16((__m512i)first, _mm512_loadu_si512(odd), (__m512i)second);
}

// What is left after the upper 16 bits: exact.
INLINE v16 rest(v16 value) { return value - (v16)((m16)value & (int)0xffff0000); }

// The three parts of 32 numbers, `part_bytes` apart.
INLINE void split(v16 first, v16 second, char *parts, long part_bytes) {
    for (int part = 0; part < 3; part++) {
        v16 packed = upper(first, second);
        memcpy(parts + part * part_bytes, &packed, sizeof packed);
        first = rest(first);
        second = rest(second);
    }
}

#define TILE_BYTES 1024
#define PANEL_BYTES (2 * TILE_BYTES)

typedef struct {
    unsigned char palette, start_row, reserved[14];
    unsigned short row_bytes[16];
    unsigned char rows[16];
} tile_configuration;

// All tiles are 16 rows of 64 bytes.
static const tile_configuration whole_tiles = {
    .palette = 1,
    .row_bytes = {64, 64, 64, 64, 64, 64, 64, 64},
    .rows = {16, 16, 16, 16, 16, 16, 16, 16},
};

// Fetches one part of the pixels' numbers (tiles 4 and 5) or of the filters' (6 and 7).
#define PIXELS(part)                                                     \
    _tile_loadd(4, source + (part) * PANEL_BYTES, 64);                    \
    if (halves == 2) { _tile_loadd(5, source + (part) * PANEL_BYTES + TILE_BYTES, 64); }
#define FILTERS(part)                                                    \
    _tile_loadd(6, filters + (part) * TILE_BYTES, 64);                   \
    if (vectors == 2) { _tile_loadd(7, filters + filter_bytes + (part) * TILE_BYTES, 64); }
#define MULTIPLY                                                         \
    _tile_dpbf16ps(0, 4, 6);                                             \
    if (vectors == 2) { _tile_dpbf16ps(1, 4, 7); }                       \
    if (halves == 2) { _tile_dpbf16ps(2, 5, 6); }                        \
    if (vectors == 2 && halves == 2) { _tile_dpbf16ps(3, 5, 7); }

// Writes the sums (tiles 0 to 3) of `vectors` blocks × `halves` 16 pixels, `step` floats from pixel to pixel.
INLINE void store_sums(float *destination, long step, long destination_stride, const int vectors, const int halves) {
    float *second = destination + 16 * step;
    _tile_stored(0, destination, step * 4);
    if (vectors == 2) { _tile_stored(1, destination + destination_stride, step * 4); }
    if (halves == 2) { _tile_stored(2, second, step * 4); }
    if (vectors == 2 && halves == 2) { _tile_stored(3, second + destination_stride, step * 4); }
}

// `vectors` blocks × `halves` 16 pixels, both constants where it is called.
INLINE void split_tile(const char *source, const char *filters, long filter_bytes, long steps,
                       float *destination, long destination_stride, const int vectors, const int halves) {
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
    for (long step = 0; step < steps; step++) {
        // The six greatest of the nine products, the lesser ones first, with one fetch from each to the next.
        PIXELS(2) FILTERS(0) MULTIPLY
        PIXELS(1) MULTIPLY
        FILTERS(1) MULTIPLY
        PIXELS(0) MULTIPLY
        FILTERS(2) MULTIPLY
        FILTERS(0) MULTIPLY
        source += 3 * PANEL_BYTES;
        filters += 3 * TILE_BYTES;
    }
    store_sums(destination, 16, destination_stride, vectors, halves);
}

#define SPLIT_TILE(vectors, halves) \
    split_tile(panel, with, filter_bytes, steps, to, product->destination_stride, vectors, halves)

// Pixels of a panel, whose parts stay in the second-level cache for all blocks.
#define PANEL 32

static void split_product(const bf_split_product *product) {
    // [depth / 32][3][PANEL][32]; the last panel's rows beyond the last pixel multiply what lies there.
    char *panel = (char *)product->scratch;
    long steps = product->depth / 32, filter_bytes = steps * 3 * TILE_BYTES;
    _tile_loadconfig(&whole_tiles);
    for (long position = 0; position < product->positions; position++) {
        const float *source = product->source + position * product->source_stride;
        const char *filters = (const char *)(product->filters + position * product->filter_stride);
        float *destination = product->destination + position * product->position_stride;
        for (long first = 0; first < product->pixels; first += PANEL) {
            long count = product->pixels - first < PANEL ? product->pixels - first : PANEL;
            for (long step = 0; step < steps; step++) {
                const float *from = source + (step * 2 * product->pixels + first) * 16;
                char *to = panel + step * 3 * PANEL_BYTES;
                for (long p = 0; p < count; p++) {
                    split(load(from + p * 16), load(from + (product->pixels + p) * 16), to + p * 64, PANEL_BYTES);
                }
            }
            for (long block = 0; block < product->blocks; block += 2) {
                const char *with = filters + block * filter_bytes;
                float *to = destination + block * product->destination_stride + first * 16;
                switch ((block + 1 < product->blocks) * 2 + (count > 16)) {
                case 0: SPLIT_TILE(1, 1); break;
                case 1: SPLIT_TILE(1, 2); break;
                case 2: SPLIT_TILE(2, 1); break;
                case 3: SPLIT_TILE(2, 2); break;
                }
            }
        }
    }
    _tile_release();
}

INLINE void store_pair(unsigned short *target, const v16 value[2]) {
    __m512bh pair = _mm512_cvtne2ps_pbh((__m512)value[1], (__m512)value[0]);
    memcpy(target, &pair, sizeof pair);
}

// `reads` and `rectify` constants where it is called.
INLINE void round_line(const bf_rounded_pixels *job, const int reads, const int rectify) {
    v16 scale[2], offset[2];
    for (int half = 0; half < 2; half++) {
        scale[half] = reads ? load(job->scales[half]) : (v16){0};
        offset[half] = reads ? load(job->offsets[half]) : (v16){0};
    }
    for (long i = 0; i < job->count; i++) {
        v16 value[2] = {{0}, {0}};
        UNROLL for (int half = 0; half < 2; half++) {
            long column = job->columns[half][i];
            if (column < 0) { continue; }
            value[half] = load(job->pixels[half] + column * 16);
            if (reads) { value[half] = scale[half] * value[half] + offset[half]; }
            if (rectify) { value[half] = __builtin_elementwise_max(value[half], (v16){0}); }
        }
        store_pair(job->target + i * 32, value);
    }
}

static void round_pixels(const bf_rounded_pixels *job) {
    if (job->scales[0] == NULL) {
        round_line(job, 0, 0);
    } else if (job->rectify) {
        round_line(job, 1, 1);
    } else {
        round_line(job, 1, 0);
    }
}

// `factor` a constant where it is called.
INLINE void round_columns(const bf_rounded_lines *job, const int factor) {
    static const float zeros[4] = {0};
    const float *lines[16];
    long steps[16];
    for (int line = 0; line < 32 / factor; line++) {
        lines[line] = job->lines[line] == NULL ? zeros : job->lines[line];
        steps[line] = job->lines[line] == NULL ? 0 : factor;
    }
    for (long i = 0; i < job->count; i++) {
        v16 value[2] = {{0}, {0}};
        UNROLL for (int half = 0; half < 2; half++) {
            long column = job->columns[half][i];
            if (column < 0) { continue; }
            float block[16];
            UNROLL for (int line = 0; line < 16 / factor; line++) {
                int from = half * 16 / factor + line;
                memcpy(block + line * factor, lines[from] + column * steps[from], sizeof(float) * factor);
            }
            value[half] = load(block);
        }
        store_pair(job->target + i * 32, value);
    }
}

static void round_lines(const bf_rounded_lines *job) {
    if (job->factor == 4) {
        round_columns(job, 4);
    } else {
        round_columns(job, 2);
    }
}

// `vectors` blocks × `halves` 16 pixels from `first` on, both constants where it is called.
INLINE void rounded_tile(const bf_rounded_product *product, long block, long first, float *destination, long step,
                         long destination_stride, const int vectors, const int halves) {
    long filter_bytes = product->segment_count * TILE_BYTES;
    const char *filters = (const char *)product->filters + block * filter_bytes;
    const float *bias = product->bias + block * 16;
    // Rows that are no bytes apart are one row 16 times.
    _tile_loadd(0, bias, 0);
    if (vectors == 2) { _tile_loadd(1, bias + 16, 0); }
    if (halves == 2) { _tile_loadd(2, bias, 0); }
    if (vectors == 2 && halves == 2) { _tile_loadd(3, bias + 16, 0); }
    for (long s = 0; s < product->segment_count; s++) {
        const char *source = (const char *)(product->segments[s] + first * 32);
        FILTERS(0) PIXELS(0) MULTIPLY
        filters += TILE_BYTES;
    }
    store_sums(destination, step, destination_stride, vectors, halves);
}

static void rounded_product(const bf_rounded_product *product) {
    // Where fewer pixels are left than tiles write.
    float rest[2][PANEL * 16];
    long stride = product->destination_stride, step = product->pixel_step;
    _tile_loadconfig(&whole_tiles);
    for (long block = 0; block < product->blocks; block += 2) {
        int pair = block + 1 < product->blocks;
        for (long first = 0; first < product->pixels; first += PANEL) {
            long count = product->pixels - first < PANEL ? product->pixels - first : PANEL;
            float *to = product->destination + block * stride + first * step;
            int whole = count % 16 == 0;
            float *written = whole ? to : rest[0];
            long apart = whole ? stride : PANEL * 16, between = whole ? step : 16;
            switch (pair * 2 + (count > 16)) {
            case 0: rounded_tile(product, block, first, written, between, apart, 1, 1); break;
            case 1: rounded_tile(product, block, first, written, between, apart, 1, 2); break;
            case 2: rounded_tile(product, block, first, written, between, apart, 2, 1); break;
            case 3: rounded_tile(product, block, first, written, between, apart, 2, 2); break;
            }
            if (whole) { continue; }
            for (int vector = 0; vector <= pair; vector++) {
                for (long p = 0; p < count; p++) {
                    memcpy(to + vector * stride + p * step, rest[vector] + p * 16, 64);
                }
            }
        }
    }
    _tile_release();
}

void bf_blocks_amx(bf_blocks_kernels *table) {
    table->splits = 1;
    table->split_product = split_product;
    table->round_pixels = round_pixels;
    table->round_lines = round_lines;
    table->rounded_product = rounded_product;
}
#pragma clang attribute pop
#endif
