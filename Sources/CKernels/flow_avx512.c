#if defined(__x86_64__)

#include "include/flow.h"

#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,fma"))), apply_to = function)

#include "flow_loops.h"
#include "flow_refine_loops.h"
#include "flow_warp_runs.h"

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

void bf_flow_avx512(bf_flow_kernels *kernels) {
    fill_table(kernels);
    kernels->warp_bicubic = warp_bicubic_runs;
}

#pragma clang attribute pop

#endif
