// The kernels on blocks of 16 channels in vector extensions, compiled once per instruction set: included after
// `BLOCKS_LEVEL` is defined as the suffix of the function that fills the table, `BLOCKS_VECTORS` as the blocks and
// `BLOCKS_PIXELS` as the greatest number of pixels that the micro-kernel keeps in registers, `BLOCKS_LANES` as the
// channels that the outer product does, `BLOCKS_PART` as the channels that one register holds.
#include <stddef.h>
#include <string.h>

#include "blocks.h"
#include "blocks_vectors.h"

// As many channels as a register holds, for what keeps many values at once.
typedef float vpart __attribute__((vector_size(BLOCKS_PART * sizeof(float))));

INLINE vpart load_part(const float *from) {
    vpart value;
    memcpy(&value, from, sizeof value);
    return value;
}

INLINE void store_part(float *to, vpart value) { memcpy(to, &value, sizeof value); }

INLINE vpart positive_part(vpart value) { return __builtin_elementwise_max(value, (vpart){0}); }

INLINE v16 chosen(m16 mask, v16 value) { return (v16)((m16)value & mask); }

INLINE v16 positive(v16 value) { return __builtin_elementwise_max(value, (v16){0}); }

// The micro-kernel: `vectors` blocks × `pixels` pixels in registers, both constants where it is called. Filters that
// come later are fetched into the second-level cache from `ahead` on, a line for each step of the depth.
INLINE void tile(const float *const *segments, long segment_count, long length, const long pixel_stride, long first,
                 const float *filters, long filter_stride, const float *bias, float *destination,
                 long destination_stride, const int vectors, const int pixels, const float *ahead) {
    v16 sum[BLOCKS_VECTORS][BLOCKS_PIXELS];
    UNROLL for (int v = 0; v < vectors; v++) {
        v16 start = bias == NULL ? (v16){0} : load(bias + v * 16);
        UNROLL for (int p = 0; p < pixels; p++) { sum[v][p] = start; }
    }
    for (long s = 0; s < segment_count; s++) {
        const float *source = segments[s] + first * pixel_stride;
        ROLLED for (long k = 0; k < length; k++) {
            v16 weights[BLOCKS_VECTORS];
            UNROLL for (int v = 0; v < vectors; v++) { weights[v] = load(filters + v * filter_stride); }
            UNROLL for (int p = 0; p < pixels; p++) {
                float value = source[p * pixel_stride];
                UNROLL for (int v = 0; v < vectors; v++) { sum[v][p] += weights[v] * value; }
            }
            __builtin_prefetch(ahead, 0, 2);
            ahead += 16;
            source++;
            filters += 16;
        }
    }
    UNROLL for (int v = 0; v < vectors; v++) {
        UNROLL for (int p = 0; p < pixels; p++) {
            store(destination + v * destination_stride + (first + p) * 16, sum[v][p]);
        }
    }
}

#define TILE(v, p)                                                                                          \
    case p:                                                                                                  \
        tile(segments, segment_count, length, pixel_stride, first, filters, filter_stride, bias, destination, \
             destination_stride, v, p, ahead);                                                              \
        break;

#if BLOCKS_PIXELS == 14
#define TILES(v)                                                                                             \
    switch (count) {                                                                                         \
        TILE(v, 1) TILE(v, 2) TILE(v, 3) TILE(v, 4) TILE(v, 5) TILE(v, 6) TILE(v, 7) TILE(v, 8) TILE(v, 9)    \
        TILE(v, 10) TILE(v, 11) TILE(v, 12) TILE(v, 13) TILE(v, 14)                                           \
    }
#else
#define TILES(v)                                                                                             \
    switch (count) { TILE(v, 1) TILE(v, 2) TILE(v, 3) TILE(v, 4) TILE(v, 5) TILE(v, 6) }
#endif

// All pixels of all blocks for one constant pixel stride.
INLINE void strided(const float *const *segments, long segment_count, long length, const long pixel_stride,
                    const float *filters, long filter_stride, const float *bias, float *destination,
                    long destination_stride, long blocks, long pixels) {
    long parts = (pixels + BLOCKS_PIXELS - 1) / BLOCKS_PIXELS;
    long vectors = BLOCKS_VECTORS;
    for (long block = 0; block < blocks; block += vectors) {
        if (blocks - block < vectors) { vectors = blocks - block; }
        for (long part = 0; part < parts; part++) {
            long first = pixels * part / parts, count = pixels * (part + 1) / parts - first;
            // The next blocks' filters follow these; they take as many parts as there are vectors.
            const float *ahead = filters + (vectors + (part < vectors ? part : 0)) * filter_stride;
            if (vectors == 1) {
                TILES(1)
            } else {
                TILES(BLOCKS_VECTORS)
            }
        }
        filters += vectors * filter_stride;
        destination += vectors * destination_stride;
        if (bias != NULL) { bias += vectors * 16; }
    }
}

#define STRIDED(stride)                                                                                      \
    strided(segments, segment_count, length, stride, filters, filter_stride, bias, destination,              \
            destination_stride, blocks, pixels)

// segments [segment_count][pixels × pixel_stride + length], filters [blocks][segment_count · length][16],
// destination [blocks][pixels][16].
static void product(const float *const *segments, long segment_count, long length, long pixel_stride,
                    const float *filters, long filter_stride, const float *bias, float *destination,
                    long destination_stride, long blocks, long pixels) {
    switch (pixel_stride) {
    case 3: STRIDED(3); break;
    case 7: STRIDED(7); break;
    case 16: STRIDED(16); break;
    case 32: STRIDED(32); break;
    default: STRIDED(pixel_stride); break;
    }
}

// Positions of the outer product whose pixels stay in the first-level cache.
#define OUTER_CHUNK 128

// `vectors` blocks × BLOCKS_LANES channels of an outer product, added to what is there unless `fresh`.
INLINE void outer_tile(const float *left, long left_stride, const float *right, long right_stride, long count,
                       int fresh, float *sums, const int vectors) {
    v16 sum[BLOCKS_VECTORS][BLOCKS_LANES];
    UNROLL for (int v = 0; v < vectors; v++) {
        UNROLL for (int i = 0; i < BLOCKS_LANES; i++) {
            sum[v][i] = fresh ? (v16){0} : load(sums + v * 256 + i * 16);
        }
    }
    ROLLED for (long p = 0; p < count; p++) {
        v16 pixel[BLOCKS_VECTORS];
        UNROLL for (int v = 0; v < vectors; v++) { pixel[v] = load(right + v * right_stride + p * 16); }
        UNROLL for (int i = 0; i < BLOCKS_LANES; i++) {
            float value = left[p * left_stride + i];
            UNROLL for (int v = 0; v < vectors; v++) { sum[v][i] += pixel[v] * value; }
        }
    }
    UNROLL for (int v = 0; v < vectors; v++) {
        UNROLL for (int i = 0; i < BLOCKS_LANES; i++) { store(sums + v * 256 + i * 16, sum[v][i]); }
    }
}

// left [count][left_stride], right [blocks][count][16], sums [blocks][16][16].
static void outer(const float *left, long left_stride, const float *right, long right_stride, long blocks, long count,
                  int fresh, float *sums) {
    for (long first = 0; first < count; first += OUTER_CHUNK) {
        long some = count - first < OUTER_CHUNK ? count - first : OUTER_CHUNK;
        for (long block = 0; block < blocks; block += BLOCKS_VECTORS) {
            for (int lane = 0; lane < 16; lane += BLOCKS_LANES) {
                const float *from = left + first * left_stride + lane, *to = right + block * right_stride + first * 16;
                float *at = sums + block * 256 + lane * 16;
                int start = fresh && first == 0;
                if (blocks - block < BLOCKS_VECTORS) {
                    outer_tile(from, left_stride, to, right_stride, some, start, at, 1);
                } else {
                    outer_tile(from, left_stride, to, right_stride, some, start, at, BLOCKS_VECTORS);
                }
            }
        }
    }
}

#include "blocks_winograd_loops.h"

// pixels [count][16].
static void moments(const float *pixels, long count, bf_moments *moments) {
    v16 shift = load(moments->shift), sum = load(moments->sum), square = load(moments->square);
    for (long p = 0; p < count; p++) {
        v16 deviation = load(pixels + p * 16) - shift;
        sum += deviation;
        square += deviation * deviation;
    }
    store(moments->sum, sum);
    store(moments->square, square);
}

// pixels, addend, destination [count][16].
static void normalize(const float *pixels, const float *scales, const float *offsets, int rectify,
                      const float *addend, float *destination, long count) {
    v16 scale = load(scales), offset = load(offsets);
    for (long p = 0; p < count; p++) {
        v16 value = scale * load(pixels + p * 16) + offset;
        if (addend != NULL) { value += load(addend + p * 16); }
        if (rectify) { value = positive(value); }
        store(destination + p * 16, value);
    }
}

// Transposes 16×16 floats in four steps of interleaving row i with row i + 8.
INLINE void transpose(v16 rows[16]) {
    UNROLL for (int step = 0; step < 4; step++) {
        v16 next[16];
        UNROLL for (int i = 0; i < 8; i++) {
            next[2 * i] = __builtin_shufflevector(rows[i], rows[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6,
                                                  22, 7, 23);
            next[2 * i + 1] = __builtin_shufflevector(rows[i], rows[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28,
                                                      13, 29, 14, 30, 15, 31);
        }
        UNROLL for (int i = 0; i < 16; i++) { rows[i] = next[i]; }
    }
}

// planes [channels][count], pixels [count][16].
static void gather(const float *planes, long plane_stride, long channels, float *pixels, long count) {
    long p = 0;
    for (; p + 16 <= count; p += 16) {
        v16 rows[16];
        UNROLL for (int c = 0; c < 16; c++) {
            rows[c] = c < channels ? load(planes + c * plane_stride + p) : (v16){0};
        }
        transpose(rows);
        UNROLL for (int i = 0; i < 16; i++) { store(pixels + (p + i) * 16, rows[i]); }
    }
    for (; p < count; p++) {
        for (long c = 0; c < 16; c++) { pixels[p * 16 + c] = c < channels ? planes[c * plane_stride + p] : 0; }
    }
}

// pixels [count][16], planes [channels][count].
static void scatter(const float *pixels, float *planes, long plane_stride, long channels, long count) {
    long p = 0;
    for (; p + 16 <= count; p += 16) {
        v16 rows[16];
        UNROLL for (int i = 0; i < 16; i++) { rows[i] = load(pixels + (p + i) * 16); }
        transpose(rows);
        UNROLL for (int c = 0; c < 16; c++) {
            if (c < channels) { store(planes + c * plane_stride + p, rows[c]); }
        }
    }
    for (; p < count; p++) {
        for (long c = 0; c < channels; c++) { planes[c * plane_stride + p] = pixels[p * 16 + c]; }
    }
}

typedef float v4 __attribute__((vector_size(16)));

// products [blocks][count + taps − 1][16], planes [outputs][count]; lanes beyond `outputs` are read and left.
INLINE void fold_row(const float *products, long block_stride, const long taps, const long outputs,
                     const float *bias, float *planes, long plane_stride, long count) {
    const long each = 16 / outputs;
    for (long x = 0; x < count; x++) {
        v4 sum = {0};
        for (long o = 0; o < outputs; o++) { sum[o] = bias[o]; }
        for (long t = 0; t < taps; t++) {
            v4 value;
            memcpy(&value, products + t / each * block_stride + (x + t) * 16 + t % each * outputs, sizeof value);
            sum += value;
        }
        for (long o = 0; o < outputs; o++) { planes[o * plane_stride + x] = sum[o]; }
    }
}

// products [blocks][count + taps − 1][16], planes [outputs][count].
static void fold(const float *products, long block_stride, long taps, long outputs, const float *bias, float *planes,
                 long plane_stride, long count) {
    if (taps == 9 && outputs == 3) {
        fold_row(products, block_stride, 9, 3, bias, planes, plane_stride, count);
    } else {
        fold_row(products, block_stride, taps, outputs, bias, planes, plane_stride, count);
    }
}

// top, bottom [2 count][16], destination [count][16].
static void pool(const float *top, const float *bottom, int greatest, float *destination, long count) {
    for (long p = 0; p < count; p++) {
        v16 a = load(top + p * 32), b = load(top + p * 32 + 16);
        v16 c = load(bottom + p * 32), d = load(bottom + p * 32 + 16);
        v16 most = __builtin_elementwise_max(__builtin_elementwise_max(a, b), __builtin_elementwise_max(c, d));
        store(destination + p * 16, greatest ? most : 0.25f * ((a + b) + (c + d)));
    }
}

// gradient [count][16], all others [2 count][16].
static void pool_gradient(const float *gradient, const float *top, const float *bottom, int greatest, int rectified,
                          float *top_gradient, float *bottom_gradient, long count) {
    for (long p = 0; p < count; p++) {
        v16 given = load(gradient + p * 16);
        v16 first = 0.25f * given, second = first, third = first, fourth = first;
        v16 a = load(top + p * 32), b = load(top + p * 32 + 16);
        v16 c = load(bottom + p * 32), d = load(bottom + p * 32 + 16);
        if (greatest) {
            v16 most = __builtin_elementwise_max(__builtin_elementwise_max(a, b), __builtin_elementwise_max(c, d));
            m16 here = a == most, open = ~here;
            first = chosen(here, given);
            here = open & (b == most), open &= ~here;
            second = chosen(here, given);
            here = open & (c == most), open &= ~here;
            third = chosen(here, given);
            fourth = chosen(open, given);
        }
        if (rectified) {
            first = chosen(a > 0, first);
            second = chosen(b > 0, second);
            third = chosen(c > 0, third);
            fourth = chosen(d > 0, fourth);
        }
        store(top_gradient + p * 32, first);
        store(top_gradient + p * 32 + 16, second);
        store(bottom_gradient + p * 32, third);
        store(bottom_gradient + p * 32 + 16, fourth);
    }
}

void BLOCKS_LEVEL(bf_blocks_kernels *table) {
    table->product = product;
    table->outer = outer;
    table->winograd_input = winograd_input;
    table->winograd_output = winograd_output;
    table->moments = moments;
    table->normalize = normalize;
    table->gather = gather;
    table->scatter = scatter;
    table->fold = fold;
    table->pool = pool;
    table->pool_gradient = pool_gradient;
}
