#if defined(__x86_64__)

#include <string.h>

#include "include/flow.h"

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#include "flow_loops.h"
#include "flow_refine_loops.h"
#include "flow_warp_vectors.h"

typedef float row __attribute__((ext_vector_type(8), aligned(4)));

// The patch sought: its grey levels and gradients, a row of 8 pixels each, the sums of the gradients, and the inverse
// of the damped, mean-free structure tensor.
typedef struct {
    row grey[8], gx[8], gy[8];
    float sum_x, sum_y, i11, i12, i22;
} template;

static inline row load(const float *p) { return *(const row *)p; }

static inline float sum(row x) {
    typedef float half __attribute__((ext_vector_type(4)));
    half h = x.lo + x.hi;
    h.lo += h.hi;
    return h.x + h.y;
}

// from: [8, 8] in a padded plane
static inline void load_patch(template *t, const float *from, ptrdiff_t stride) {
    row sx = 0, sy = 0, xx = 0, xy = 0, yy = 0;
    for (int i = 0; i < 8; i++) {
        const float *p = from + i * stride;
        row gx = 0.5f * (load(p + 1) - load(p - 1)), gy = 0.5f * (load(p + stride) - load(p - stride));
        t->grey[i] = load(p);
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

// into: [9, 9] in a padded plane
static inline void compare_patch(const template *t, const float *into, ptrdiff_t stride, float fx, float fy,
                                 float sums[4]) {
    row s = 0, ss = 0, sx = 0, sy = 0;
    row above = load(into) + fx * (load(into + 1) - load(into));
    for (int i = 0; i < 8; i++) {
        const float *p = into + (i + 1) * stride;
        row below = load(p) + fx * (load(p + 1) - load(p));
        row d = above + fy * (below - above) - t->grey[i];
        s += d;
        ss += d * d;
        sx += d * t->gx[i];
        sy += d * t->gy[i];
        above = below;
    }
    sums[0] = sum(s);
    sums[1] = sum(ss);
    sums[2] = sum(sx);
    sums[3] = sum(sy);
}

#include "flow_search_loops.h"

typedef float quad __attribute__((ext_vector_type(4), aligned(4)));

// What 16 columns read: where each of their four rows begins, at the first of four taps, and the taps.
typedef struct {
    int rows[4][16];
    quad across[16];
    float down[4][16];
} cells;

// a[i][k] becomes a[k][i].
static inline void transpose(quad a[4]) {
    quad low = __builtin_shufflevector(a[0], a[1], 0, 4, 1, 5), high = __builtin_shufflevector(a[0], a[1], 2, 6, 3, 7);
    quad next = __builtin_shufflevector(a[2], a[3], 0, 4, 1, 5), last = __builtin_shufflevector(a[2], a[3], 2, 6, 3, 7);
    a[0] = __builtin_shufflevector(low, next, 0, 1, 4, 5);
    a[1] = __builtin_shufflevector(low, next, 2, 3, 6, 7);
    a[2] = __builtin_shufflevector(high, last, 0, 1, 4, 5);
    a[3] = __builtin_shufflevector(high, last, 2, 3, 6, 7);
}

static inline cells find_cells(const readings *at, int width, int height) {
    cells cells;
    sixteen across[4], down[4];
    cubic(&at->dx, across);
    cubic(&at->dy, down);
    for (int tap = 0; tap < 4; tap++) {
        places row = __builtin_elementwise_max(at->py - 1 + tap, (places)0);
        row = __builtin_elementwise_min(row, (places)(height - 1)) * width + at->px - 1;
        memcpy(cells.rows[tap], &row, sizeof row);
        memcpy(cells.down[tap], &down[tap], sizeof down[tap]);
    }
    for (int i = 0; i < 16; i += 4) {
        quad taps[4];
        for (int tap = 0; tap < 4; tap++) { taps[tap] = *(const quad *)((const float *)&across[tap] + i); }
        transpose(taps);
        memcpy(cells.across + i, taps, sizeof taps);
    }
    return cells;
}

// Three planes' 16 columns, none of which reads beyond the sides: four pixels that lie side by side are one load.
static inline void warp_cells(const cells *cells, const float *image, ptrdiff_t plane, float *restrict out) {
    for (int i = 0; i < 16; i += 4) {
        quad sums[3][4];
        for (int k = 0; k < 4; k++) {
            quad red = 0, green = 0, blue = 0;
            for (int tap = 0; tap < 4; tap++) {
                const float *from = image + cells->rows[tap][i + k];
                float weight = cells->down[tap][i + k];
                red += weight * *(const quad *)from;
                green += weight * *(const quad *)(from + plane);
                blue += weight * *(const quad *)(from + 2 * plane);
            }
            quad across = cells->across[i + k];
            sums[0][k] = across * red;
            sums[1][k] = across * green;
            sums[2][k] = across * blue;
        }
        for (int c = 0; c < 3; c++) {
            transpose(sums[c]);
            *(quad *)(out + c * plane + i) = (sums[c][0] + sums[c][1]) + (sums[c][2] + sums[c][3]);
        }
    }
}

// Nothing is gathered from within three planes: 16 columns that read pixels side by side, as in smooth motion they
// mostly do, take them as they lie.
static void warp_bicubic_runs(int channels, int height, int width, const float *image, const float *u, const float *v,
                              int y, float *restrict out) {
    if (width < 16) { return warp_bicubic(channels, height, width, image, u, v, y, out); }
    ptrdiff_t size = (ptrdiff_t)height * width;
    for (int column = 0; column < width; column += 16) {
        // The last 16 begin among those before.
        int x = column + 16 <= width ? column : width - 16;
        readings at = find_readings(u, v, x, y, width, height);
        float *to = out + (ptrdiff_t)y * width + x;
        int left = at.px[0] - 1, middle = at.py[0];
        places apart = (at.px - each - at.px[0]) | (at.py - middle);
        if (__builtin_reduce_or(apart) != 0 || left < 0 || left + 19 > width) {
            int least = __builtin_reduce_min(at.px) - 1, most = __builtin_reduce_max(at.px) + 2;
            if (channels == 3 && least >= 0 && most < width) {
                cells cells = find_cells(&at, width, height);
                warp_cells(&cells, image, size, to);
            } else {
                warp_bicubic_columns(channels, height, width, image, u, v, y, x, x + 16, out);
            }
            continue;
        }
        sixteen across[4], down[4];
        cubic(&at.dx, across);
        cubic(&at.dy, down);
        for (int c = 0; c < channels; c++) {
            const float *plane = image + c * size;
            sixteen sum = 0;
            for (int tap = 0; tap < 4; tap++) {
                const float *line = plane + (ptrdiff_t)clamp_index(middle - 1 + tap, height) * width + left;
                sum += down[tap] * (across[0] * *(const sixteen *)line + across[1] * *(const sixteen *)(line + 1) +
                                    across[2] * *(const sixteen *)(line + 2) + across[3] * *(const sixteen *)(line + 3));
            }
            *(sixteen *)(to + c * size) = sum;
        }
    }
}

void bf_flow_avx2(bf_flow_kernels *kernels) {
    fill_table(kernels);
    kernels->warp_bicubic = warp_bicubic_runs;
}

#pragma clang attribute pop

#endif
