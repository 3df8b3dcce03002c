#if defined(__x86_64__)

#include <immintrin.h>

#include "include/flow.h"

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,fma"))), apply_to = function)

#include "flow_loops.h"
#include "flow_refine_loops.h"
#include "flow_warp_vectors.h"

typedef float row __attribute__((ext_vector_type(8), aligned(4)));
typedef float pair __attribute__((ext_vector_type(16)));

// The patch sought: its grey levels and gradients, two rows of 8 pixels each, the sums of the gradients, and the
// inverse of the damped, mean-free structure tensor.
typedef struct {
    pair grey[4], gx[4], gy[4];
    float sum_x, sum_y, i11, i12, i22;
} template;

static inline pair load(const float *p, ptrdiff_t stride) {
    row a = *(const row *)p, b = *(const row *)(p + stride);
    return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

static inline float sum(pair x) {
    typedef float half __attribute__((ext_vector_type(4)));
    row r = x.lo + x.hi;
    half h = r.lo + r.hi;
    h.lo += h.hi;
    return h.x + h.y;
}

// from: [8, 8] in a padded plane
static inline void load_patch(template *t, const float *from, ptrdiff_t stride) {
    pair sx = 0, sy = 0, xx = 0, xy = 0, yy = 0;
    for (int i = 0; i < 4; i++) {
        const float *p = from + 2 * i * stride;
        pair gx = 0.5f * (load(p + 1, stride) - load(p - 1, stride));
        pair gy = 0.5f * (load(p + stride, stride) - load(p - stride, stride));
        t->grey[i] = load(p, stride);
        t->gx[i] = gx;
        t->gy[i] = gy;
        sx += gx;
        sy += gy;
        xx += gx * gx;
        xy += gx * gy;
        yy += gy * gy;
    }
    t->sum_x = sum(sx);
    t->sum_y = sum(sy);
    invert_tensor(t->sum_x, t->sum_y, sum(xx), sum(xy), sum(yy), &t->i11, &t->i12, &t->i22);
}

// into: [10, 9] in a padded plane, of which the last row is read but not used
static inline void compare_patch(const template *t, const float *into, ptrdiff_t stride, float fx, float fy,
                                 float sums[4]) {
    pair s = 0, ss = 0, sx = 0, sy = 0;
    pair above = load(into, stride), shifted = load(into + 1, stride);
    above += fx * (shifted - above);
    for (int i = 0; i < 4; i++) {
        const float *p = into + 2 * (i + 1) * stride;
        pair next = load(p, stride);
        next += fx * (load(p + 1, stride) - next);
        pair below = __builtin_shufflevector(above, next, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23);
        pair d = above + fy * (below - above) - t->grey[i];
        s += d;
        ss += d * d;
        sx += d * t->gx[i];
        sy += d * t->gy[i];
        above = next;
    }
    sums[0] = sum(s);
    sums[1] = sum(ss);
    sums[2] = sum(sx);
    sums[3] = sum(sy);
}

#include "flow_search_loops.h"

// The rows that 16 columns may read together.
#define WINDOW_ROWS 8

// The weight of every row from the one above the topmost `py` on; `down` are those of the four rows from the one above `py` on.
static inline void spread_taps(const places *py, int top, int rows, const sixteen down[4],
                               sixteen weights[WINDOW_ROWS]) {
    for (int row = 0; row < rows; row++) {
        sixteen weight = 0;
        for (int tap = 0; tap < 4; tap++) {
            weight += (sixteen)((places)down[tap] & (*py - 1 + tap == top + row));
        }
        weights[row] = weight;
    }
}

// 16 columns that read within 32 columns of a few rows take their pixels from two vectors; nothing is gathered then.
static void warp_bicubic_windows(int channels, int height, int width, const float *image, const float *u, const float *v,
                                 int y, float *restrict out) {
    if (width < 32) { return warp_bicubic(channels, height, width, image, u, v, y, out); }
    for (int column = 0; column < width; column += 16) {
        // The last 16 begin among those before.
        int x = column + 16 <= width ? column : width - 16;
        readings at = find_readings(u, v, x, y, width, height);
        int left = clamp_index(__builtin_reduce_min(at.px) - 1, width - 31);
        int right = clamp_index(__builtin_reduce_max(at.px) + 2, width);
        int top = __builtin_reduce_min(at.py) - 1, rows = __builtin_reduce_max(at.py) + 3 - top;
        if (right - left > 31 || rows > WINDOW_ROWS) {
            warp_bicubic_columns(channels, height, width, image, u, v, y, x, x + 16, out);
            continue;
        }
        places from[4];
        for (int tap = 0; tap < 4; tap++) {
            places column = __builtin_elementwise_max(at.px - 1 + tap, (places)0);
            from[tap] = __builtin_elementwise_min(column, (places)(width - 1)) - left;
        }
        sixteen across[4], down[4], weights[WINDOW_ROWS];
        cubic(&at.dx, across);
        cubic(&at.dy, down);
        spread_taps(&at.py, top, rows, down, weights);
        for (int c = 0; c < channels; c++) {
            const float *plane = image + (ptrdiff_t)c * height * width;
            sixteen sum = 0;
            for (int row = 0; row < rows; row++) {
                const float *line = plane + (ptrdiff_t)clamp_index(top + row, height) * width + left;
                __m512 low = _mm512_loadu_ps(line), high = _mm512_loadu_ps(line + 16);
                sixteen value = 0;
                for (int tap = 0; tap < 4; tap++) {
                    value += across[tap] * (sixteen)_mm512_permutex2var_ps(low, (__m512i)from[tap], high);
                }
                sum += weights[row] * value;
            }
            *(sixteen *)(out + (ptrdiff_t)c * height * width + (ptrdiff_t)y * width + x) = sum;
        }
    }
}

void bf_flow_avx512(bf_flow_kernels *kernels) {
    fill_table(kernels);
    kernels->warp_bicubic = warp_bicubic_windows;
}

#pragma clang attribute pop

#endif
