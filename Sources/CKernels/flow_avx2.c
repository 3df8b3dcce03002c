#if defined(__x86_64__)

#include "include/flow.h"

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#include "flow_loops.h"
#include "flow_refine_loops.h"
#include "flow_warp_runs.h"

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

void bf_flow_avx2(bf_flow_kernels *kernels) {
    fill_table(kernels);
    kernels->warp_bicubic = warp_bicubic_runs;
}

#pragma clang attribute pop

#endif
