// The kernels of style networks and their training in vector extensions, compiled once per instruction set: included
// after `STYLE_LEVEL` is defined as the suffix of the function that fills the table.
#include <string.h>

#include "style.h"

// Vectors are handed over within this file alone, to functions that are always inlined: there is no ABI to keep.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float v16 __attribute__((vector_size(64)));
typedef int m16 __attribute__((vector_size(64)));
typedef double d16 __attribute__((vector_size(128)));

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")

INLINE v16 load(const float *from) {
    v16 value;
    memcpy(&value, from, sizeof value);
    return value;
}

INLINE void store(float *to, v16 value) { memcpy(to, &value, sizeof value); }

// exp by 2ⁿ · a polynomial of the rest, |rest| ≤ ln 2 / 2; relative error below 2e-7 for |x| ≤ 87.
INLINE v16 exponential(v16 x) {
    const float rounder = 12582912.0f;
    v16 shifted = x * 1.44269504f + rounder;
    v16 whole = shifted - rounder;
    v16 rest = x - whole * 0.693359375f + whole * 2.12194440e-4f;
    v16 sum = rest * 1.98412698e-4f + 1.38888889e-3f;
    sum = sum * rest + 8.33333333e-3f;
    sum = sum * rest + 4.16666667e-2f;
    sum = sum * rest + 1.66666667e-1f;
    sum = sum * rest + 0.5f;
    sum = sum * rest * rest + rest + 1.0f;
    return (v16)((m16)sum + ((m16)shifted << 23));
}

INLINE v16 logistic(v16 x) {
    v16 limit = {0};
    limit += 80.0f;
    x = __builtin_elementwise_max(__builtin_elementwise_min(x, limit), -limit);
    return 1.0f / (exponential(-x) + 1.0f);
}

static void sigmoid(float *values, long count) {
    long i = 0;
    for (; i + 16 <= count; i += 16) { store(values + i, logistic(load(values + i))); }
    if (i == count) { return; }
    float rest[16] = {0};
    memcpy(rest, values + i, (size_t)(count - i) * sizeof *values);
    store(rest, logistic(load(rest)));
    memcpy(values + i, rest, (size_t)(count - i) * sizeof *values);
}

static void shuffle(const float *pixels, long width, float *const lines[6]) {
    for (long x = 0; x < width; x += 2) {
        float colours[16];
        store(colours, logistic(load(pixels + x * 8)));
        long count = x + 2 <= width ? 2 : 1;
        UNROLL for (int line = 0; line < 6; line++) {
            if (!lines[line]) { continue; }
            if (count == 2) {
                memcpy(lines[line] + x, colours + 2 * line, 2 * sizeof *colours);
            } else {
                lines[line][x] = colours[2 * line];
            }
        }
    }
}

// `count` pixels from 16 / factor lines, `factor` a constant where it is called.
INLINE void unshuffle_lines(const float *const *lines, const int factor, long count, float *restrict pixels) {
    static const float nothing[4];
    const float *from[8];
    long step[8];
    UNROLL for (int k = 0; k < 16 / factor; k++) {
        from[k] = lines[k] ? lines[k] : nothing;
        step[k] = lines[k] ? factor : 0;
    }
    for (long p = 0; p < count; p++) {
        UNROLL for (int k = 0; k < 16 / factor; k++) {
            memcpy(pixels + p * 16 + k * factor, from[k] + p * step[k], (size_t)factor * sizeof *pixels);
        }
    }
}

// lines [16 / factor][count · factor], pixels [count][16].
static void unshuffle(const float *const *lines, int factor, long count, float *pixels) {
    if (factor == 4) {
        unshuffle_lines(lines, 4, count, pixels);
    } else {
        unshuffle_lines(lines, 2, count, pixels);
    }
}

static void hold(const float *restrict mask, const float *restrict previous, float share, long count,
                 float *restrict painted) {
    for (long i = 0; i < count; i++) { painted[i] = painted[i] * (1.0f - share * mask[i]) + share * previous[i]; }
}

// The gradient of one pixel where ReLU let it through.
INLINE v16 passed(const bf_normalized *how, v16 scale, v16 offset, v16 pixel, v16 gradient) {
    if (!how->rectify) { return gradient; }
    return (v16)((m16)gradient & (scale * pixel + offset > 0));
}

// pixels, gradient [count][16], sums [2][16].
static void normalized_sums(const bf_normalized *how, const float *pixels, const float *gradient, long count,
                            float *sums) {
    v16 scale = load(how->scales), offset = load(how->offsets);
    v16 inverse = load(how->inverses), shift = load(how->shifts);
    // Four sums at a time: additions wait for each other.
    v16 sum[4] = {0}, product[4] = {0};
    long p = 0;
    for (; p + 4 <= count; p += 4) {
        UNROLL for (int k = 0; k < 4; k++) {
            v16 pixel = load(pixels + (p + k) * 16);
            v16 pull = passed(how, scale, offset, pixel, load(gradient + (p + k) * 16));
            sum[k] += pull;
            product[k] += pull * (inverse * pixel + shift);
        }
    }
    for (; p < count; p++) {
        v16 pixel = load(pixels + p * 16);
        v16 pull = passed(how, scale, offset, pixel, load(gradient + p * 16));
        sum[0] += pull;
        product[0] += pull * (inverse * pixel + shift);
    }
    store(sums, load(sums) + ((sum[0] + sum[1]) + (sum[2] + sum[3])));
    store(sums + 16, load(sums + 16) + ((product[0] + product[1]) + (product[2] + product[3])));
}

// pixels, gradient, destination [count][16], means [2][16].
static void normalized_gradient(const bf_normalized *how, const float *pixels, const float *gradient,
                                const float *means, long count, float *destination) {
    v16 scale = load(how->scales), offset = load(how->offsets);
    v16 inverse = load(how->inverses), shift = load(how->shifts);
    v16 mean = load(means), slope = load(means + 16);
    for (long p = 0; p < count; p++) {
        v16 pixel = load(pixels + p * 16);
        v16 pull = passed(how, scale, offset, pixel, load(gradient + p * 16));
        store(destination + p * 16, scale * (pull - mean - (inverse * pixel + shift) * slope));
    }
}

// A of four rows or columns.
INLINE void gradient_axis(const v16 d[4], v16 m[6]) {
    v16 even = d[0] + d[2], odd = d[1] + d[3];
    v16 evens = d[0] + d[2] * 4.0f, odds = d[1] * 2.0f + d[3] * 8.0f;
    m[0] = d[0];
    m[1] = even + odd;
    m[2] = even - odd;
    m[3] = evens + odds;
    m[4] = evens - odds;
    m[5] = d[3];
}

// pixels [height][width][16], transformed [36][tiles][16].
static void winograd_gradient(const float *pixels, long width, long height, long tiles_across, long first, long tiles,
                              float *transformed, long position_stride) {
    for (long t = 0; t < tiles; t++) {
        long top = (first + t) / tiles_across * 4, left = (first + t) % tiles_across * 4;
        v16 half[4][6];
        UNROLL for (int y = 0; y < 4; y++) {
            v16 d[4];
            UNROLL for (int x = 0; x < 4; x++) {
                int inside = top + y < height && left + x < width;
                d[x] = inside ? load(pixels + ((top + y) * width + left + x) * 16) : (v16){0};
            }
            gradient_axis(d, half[y]);
        }
        UNROLL for (int x = 0; x < 6; x++) {
            v16 d[4], m[6];
            UNROLL for (int y = 0; y < 4; y++) { d[y] = half[y][x]; }
            gradient_axis(d, m);
            UNROLL for (int y = 0; y < 6; y++) { store(transformed + (y * 6 + x) * position_stride + t * 16, m[y]); }
        }
    }
}

// Gᵀ of six rows or columns.
INLINE void tap_axis(const v16 s[6], v16 t[3]) {
    v16 even = s[1] + s[2], odd = s[2] - s[1], far = s[3] + s[4], twist = s[3] - s[4];
    t[0] = s[0] * 0.25f - even * (1.0f / 6) + far * (1.0f / 24);
    t[1] = odd * (1.0f / 6) + twist * (1.0f / 12);
    t[2] = far * (1.0f / 6) - even * (1.0f / 6) + s[5];
}

// sums [36][16], taps [9][16].
static void winograd_taps(const float *sums, long position_stride, float *taps) {
    v16 half[3][6];
    UNROLL for (int x = 0; x < 6; x++) {
        v16 s[6], t[3];
        UNROLL for (int y = 0; y < 6; y++) { s[y] = load(sums + (y * 6 + x) * position_stride); }
        tap_axis(s, t);
        UNROLL for (int y = 0; y < 3; y++) { half[y][x] = t[y]; }
    }
    UNROLL for (int y = 0; y < 3; y++) {
        v16 t[3];
        tap_axis(half[y], t);
        UNROLL for (int x = 0; x < 3; x++) { store(taps + (y * 3 + x) * 16, t[x]); }
    }
}

static const double filter_matrix[6][3] = {
    {1.0 / 4, 0, 0}, {-1.0 / 6, -1.0 / 6, -1.0 / 6}, {-1.0 / 6, 1.0 / 6, -1.0 / 6},
    {1.0 / 24, 1.0 / 12, 1.0 / 6}, {1.0 / 24, -1.0 / 12, 1.0 / 6}, {0, 0, 1},
};

static const double large_filter_matrix[8][3] = {
    {1, 0, 0}, {-2.0 / 9, -2.0 / 9, -2.0 / 9}, {-2.0 / 9, 2.0 / 9, -2.0 / 9},
    {1.0 / 90, 1.0 / 45, 2.0 / 45}, {1.0 / 90, -1.0 / 45, 2.0 / 45},
    {32.0 / 45, 16.0 / 45, 8.0 / 45}, {32.0 / 45, -16.0 / 45, 8.0 / 45}, {0, 0, 1},
};

// taps [9][16]; `extent`, positions across and down, is a constant where it is called.
INLINE void transform_filters(const float *taps, const double (*matrix)[3], const int extent, const long *places,
                              float *transformed) {
    d16 tap[9], half[8][3];
    UNROLL for (int k = 0; k < 9; k++) { tap[k] = __builtin_convertvector(load(taps + k * 16), d16); }
    UNROLL for (int i = 0; i < extent; i++) {
        UNROLL for (int x = 0; x < 3; x++) {
            half[i][x] = matrix[i][0] * tap[x] + matrix[i][1] * tap[3 + x] + matrix[i][2] * tap[6 + x];
        }
    }
    UNROLL for (int i = 0; i < extent; i++) {
        UNROLL for (int j = 0; j < extent; j++) {
            d16 value = matrix[j][0] * half[i][0] + matrix[j][1] * half[i][1] + matrix[j][2] * half[i][2];
            store(transformed + places[i * extent + j], __builtin_convertvector(value, v16));
        }
    }
}

// taps [9][16].
static void winograd_filters(const float *taps, int side, const long *places, float *transformed) {
    if (side == 6) {
        transform_filters(taps, large_filter_matrix, 8, places, transformed);
    } else {
        transform_filters(taps, filter_matrix, 6, places, transformed);
    }
}

void STYLE_LEVEL(bf_style_kernels *table) {
    table->sigmoid = sigmoid;
    table->shuffle = shuffle;
    table->unshuffle = unshuffle;
    table->hold = hold;
    table->normalized_sums = normalized_sums;
    table->normalized_gradient = normalized_gradient;
    table->winograd_gradient = winograd_gradient;
    table->winograd_taps = winograd_taps;
    table->winograd_filters = winograd_filters;
}
