#include "flow_loops.h"
#include "flow_refine_loops.h"

// The patch sought: its grey levels and gradients [8, 8], the sums of the gradients, and the inverse of the damped,
// mean-free structure tensor.
typedef struct {
    float grey[64], gx[64], gy[64];
    float sum_x, sum_y, i11, i12, i22;
} template;

static void load_patch(template *t, const float *from, ptrdiff_t stride);
static void compare_patch(const template *t, const float *into, ptrdiff_t stride, float fx, float fy, float sums[4]);

#include "flow_search_loops.h"

// from: [8, 8] in a padded plane
static void load_patch(template *t, const float *from, ptrdiff_t stride) {
    float xx = 0, xy = 0, yy = 0;
    t->sum_x = t->sum_y = 0;
    for (int i = 0; i < PIXELS; i++) {
        const float *p = from + (i / PATCH) * stride + i % PATCH;
        float gx = 0.5f * (p[1] - p[-1]), gy = 0.5f * (p[stride] - p[-stride]);
        t->grey[i] = p[0];
        t->gx[i] = gx;
        t->gy[i] = gy;
        t->sum_x += gx;
        t->sum_y += gy;
        xx += gx * gx;
        xy += gx * gy;
        yy += gy * gy;
    }
    invert_tensor(t->sum_x, t->sum_y, xx, xy, yy, &t->i11, &t->i12, &t->i22);
}

// into: [9, 9] in a padded plane
static void compare_patch(const template *t, const float *into, ptrdiff_t stride, float fx, float fy, float sums[4]) {
    sums[0] = sums[1] = sums[2] = sums[3] = 0;
    for (int i = 0; i < PIXELS; i++) {
        const float *p = into + (i / PATCH) * stride + i % PATCH;
        float a = p[0] + fx * (p[1] - p[0]), b = p[stride] + fx * (p[stride + 1] - p[stride]);
        float d = a + fy * (b - a) - t->grey[i];
        sums[0] += d;
        sums[1] += d * d;
        sums[2] += d * t->gx[i];
        sums[3] += d * t->gy[i];
    }
}

void bf_flow_reference(bf_flow_kernels *kernels) { fill_table(kernels); }
