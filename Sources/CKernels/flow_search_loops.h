// Dense inverse search over the patches of a stripe (Kroeger 2016), in plain C. Included by every level after it has
// defined `template` (the patch sought) and the functions
//
//   load_patch(template *t, const float *from, ptrdiff_t stride)
//   compare_patch(const template *t, const float *into, ptrdiff_t stride, float fx, float fy, float sums[4])
//
// where sums are Σd, Σd², Σd·gx and Σd·gy of the difference d between the displaced patch and the template.

#include "include/flow.h"

#define PATCH BF_FLOW_PATCH
#define PIXELS (PATCH * PATCH)
// A step shorter than this (pixels, squared) ends the search.
#define SHORT 1e-4f

// A patch's cost at a displacement, and the gradient of half the cost.
typedef struct { float u, v, cost, gx, gy; } place;

static inline int patch_position(int index, int step, int extent) {
    int most = extent > PATCH ? extent - PATCH : 0;
    return index * step < most ? index * step : most;
}

static inline place examine(const bf_flow_search *job, const template *t, int x, int y, float u, float v) {
    // Up to PAD − PATCH pixels of a patch's own size outside, where all is replicated edge.
    const float room = BF_FLOW_PAD - 2;
    float px = between(x + u, -room, job->width + room - PATCH), py = between(y + v, -room, job->height + room - PATCH);
    float bx = __builtin_floorf(px), by = __builtin_floorf(py);
    float sums[4];
    compare_patch(t, job->into + (ptrdiff_t)by * job->stride + (ptrdiff_t)bx, job->stride, px - bx, py - by, sums);
    // The mean of the difference is taken out: a change of brightness costs nothing.
    float mean = sums[0] * (1.0f / PIXELS);
    return (place){ u, v, sums[1] - sums[0] * mean, sums[2] - mean * t->sum_x, sums[3] - mean * t->sum_y };
}

static inline place descend(const bf_flow_search *job, const template *t, int x, int y, place start) {
    place best = start;
    for (int i = 0; i < job->iterations; i++) {
        float du = t->i11 * best.gx + t->i12 * best.gy, dv = t->i12 * best.gx + t->i22 * best.gy;
        place next = examine(job, t, x, y, best.u - du, best.v - dv);
        if (!(next.cost < best.cost)) { break; }
        best = next;
        if (du * du + dv * dv < SHORT) { break; }
    }
    float mu = best.u - start.u, mv = best.v - start.v;
    return mu * mu + mv * mv <= job->reach * job->reach ? best : start;
}

static void search(const bf_flow_search *job, int first, int last) {
    int columns = job->columns;
    for (int pass = 0; pass < 2; pass++) {
        int ahead = pass == 0 ? 1 : -1;
        for (int i = 0; i < last - first; i++) {
            int row = pass == 0 ? first + i : last - 1 - i;
            int y = patch_position(row, job->step, job->height);
            float *u = job->u + (ptrdiff_t)row * columns, *v = job->v + (ptrdiff_t)row * columns;
            for (int j = 0; j < columns; j++) {
                int column = pass == 0 ? j : columns - 1 - j;
                int x = patch_position(column, job->step, job->width);
                template t;
                load_patch(&t, job->from + y * job->stride + x, job->stride);
                place best = examine(job, &t, x, y, u[column], v[column]);
                if (pass == 0 && job->other_u) {
                    ptrdiff_t patch = (ptrdiff_t)row * columns + column;
                    place other = examine(job, &t, x, y, job->other_u[patch], job->other_v[patch]);
                    if (other.cost < best.cost) { best = other; }
                }
                if (j > 0) {
                    place other = examine(job, &t, x, y, u[column - ahead], v[column - ahead]);
                    if (other.cost < best.cost) { best = other; }
                }
                if (i > 0) {
                    ptrdiff_t above = column - (ptrdiff_t)ahead * columns;
                    place other = examine(job, &t, x, y, u[above], v[above]);
                    if (other.cost < best.cost) { best = other; }
                }
                best = descend(job, &t, x, y, best);
                u[column] = best.u;
                v[column] = best.v;
            }
        }
    }
}

static void densify(const bf_flow_search *job, int first, int last, float *u, float *v, float *weight) {
    ptrdiff_t stride = job->stride;
    const float room = BF_FLOW_PAD - 2;
    int width = job->width, height = job->height;
    int covered = width > PATCH ? width : PATCH;
    for (int y = first; y < last; y++) {
        for (int x = 0; x < covered; x++) { u[y * stride + x] = v[y * stride + x] = weight[y * stride + x] = 0.0f; }
    }
    // Patches that follow each other would overlap in memory that has just been written: take every nth instead.
    int apart = (PATCH + job->step - 1) / job->step;
    for (int row = 0; row < job->rows; row++) {
        int top = patch_position(row, job->step, height);
        int from = top > first ? top : first, to = top + PATCH < last ? top + PATCH : last;
        if (from >= to) { continue; }
        for (int turn = 0; turn < apart; turn++) {
            for (int column = turn; column < job->columns; column += apart) {
                int x = patch_position(column, job->step, width);
                float pu = job->u[(ptrdiff_t)row * job->columns + column];
                float pv = job->v[(ptrdiff_t)row * job->columns + column];
                float px = between(x + pu, -room, width + room - PATCH);
                float py = between(top + pv, -room, height + room - PATCH);
                float bx = __builtin_floorf(px), by = __builtin_floorf(py), fx = px - bx, fy = py - by;
                const float *into = job->into + (ptrdiff_t)by * stride + (ptrdiff_t)bx;
                for (int y = from; y < to; y++) {
                    const float *a = into + (y - top) * stride, *b = a + stride;
                    const float *template_row = job->from + y * stride + x;
                    float *restrict du = u + y * stride + x, *restrict dv = v + y * stride + x;
                    float *restrict dw = weight + y * stride + x;
                    _Pragma("clang loop vectorize(assume_safety) vectorize_width(8) interleave(disable)")
                    for (int k = 0; k < PATCH; k++) {
                        float p = a[k] + fx * (a[k + 1] - a[k]), q = b[k] + fx * (b[k + 1] - b[k]);
                        float d = p + fy * (q - p) - template_row[k];
                        float w = 1.0f / at_least(d < 0 ? -d : d, 1.0f);
                        du[k] += w * pu;
                        dv[k] += w * pv;
                        dw[k] += w;
                    }
                }
            }
        }
    }
    for (int y = first; y < last; y++) {
        float *restrict ru = u + y * stride, *restrict rv = v + y * stride;
        const float *rw = weight + y * stride;
        EACH for (int x = 0; x < width; x++) {
            float inverse = 1.0f / rw[x];
            ru[x] *= inverse;
            rv[x] *= inverse;
        }
    }
}

static void fill_table(bf_flow_kernels *kernels) {
    *kernels = (bf_flow_kernels){
        .grey = grey, .halve = halve, .search = search, .densify = densify, .enlarge = enlarge,
        .refine_warp = refine_warp, .refine_linearise = refine_linearise,
        .refine_solve = refine_solve, .warp_bilinear = warp_bilinear, .warp_bicubic = warp_bicubic,
        .warp_bicubic_gradient = warp_bicubic_gradient,
        .upsample = upsample, .reliability = reliability, .reliability_blur = reliability_blur,
        .residual = residual, .doubt = doubt, .one_way = one_way,
    };
}
