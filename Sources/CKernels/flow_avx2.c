#if defined(__x86_64__)

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

// Where 16 columns read pixels that lie side by side, as in smooth motion they mostly do, nothing is gathered.
static void warp_bicubic_runs(int channels, int height, int width, const float *image, const float *u, const float *v,
                              int y, float *restrict out) {
    if (width < 16) { return warp_bicubic(channels, height, width, image, u, v, y, out); }
    for (int column = 0; column < width; column += 16) {
        // The last 16 begin among those before.
        int x = column + 16 <= width ? column : width - 16;
        readings at = find_readings(u, v, x, y, width, height);
        int left = at.px[0] - 1, middle = at.py[0];
        places apart = (at.px - each - at.px[0]) | (at.py - middle);
        if (__builtin_reduce_or(apart) != 0 || left < 0 || left + 19 > width) {
            warp_bicubic_columns(channels, height, width, image, u, v, y, x, x + 16, out);
            continue;
        }
        sixteen across[4], down[4];
        cubic(&at.dx, across);
        cubic(&at.dy, down);
        for (int c = 0; c < channels; c++) {
            const float *plane = image + (ptrdiff_t)c * height * width;
            sixteen sum = 0;
            for (int tap = 0; tap < 4; tap++) {
                const float *line = plane + (ptrdiff_t)clamp_index(middle - 1 + tap, height) * width + left;
                sum += down[tap] * (across[0] * *(const sixteen *)line + across[1] * *(const sixteen *)(line + 1) +
                                    across[2] * *(const sixteen *)(line + 2) + across[3] * *(const sixteen *)(line + 3));
            }
            *(sixteen *)(out + (ptrdiff_t)c * height * width + (ptrdiff_t)y * width + x) = sum;
        }
    }
}

void bf_flow_avx2(bf_flow_kernels *kernels) {
    fill_table(kernels);
    kernels->warp_bicubic = warp_bicubic_runs;
}

#pragma clang attribute pop

#endif
