// The loops of the variational refinement (Brox 2004; normalised data terms after Zimmer 2011), in plain C.
// Included after flow_loops.h by every level; every function is static.

#include "include/flow.h"

// The robust penalty is sqrt(s² + ROBUST²) for data (of normalised residuals, grey levels) and flow gradients.
#define ROBUST 0.001f
// Keeps the normalisation of the data terms finite in flat places (grey levels a pixel, squared).
#define FLAT 0.01f
#define RELAXATION 1.6f

static void replicate_sides(float *row, int width) {
    row[-2] = row[-1] = row[0];
    row[width] = row[width + 1] = row[width - 1];
}

static void refine_warp(const bf_flow_refinement *job, int first, int last) {
    int width = job->width, height = job->height;
    ptrdiff_t stride = job->stride;
    const float *into = job->into;
    for (int y = first; y < last; y++) {
        const float *from = job->from + y * stride, *u = job->u + y * stride, *v = job->v + y * stride;
        float *restrict mean = job->mean + y * stride, *restrict difference = job->difference + y * stride;
        float *restrict inside = job->inside + y * stride;
        EACH for (int x = 0; x < width; x++) {
            float px = x + u[x], py = y + v[x];
            float sx = between(px, 0, width - 1), sy = between(py, 0, height - 1);
            int x0 = (int)sx, y0 = (int)sy;
            float fx = sx - x0, fy = sy - y0;
            int i = y0 * (int)stride + x0, j = i + (int)stride;
            float t = into[i] + fx * (into[i + 1] - into[i]), b = into[j] + fx * (into[j + 1] - into[j]);
            float warped = t + fy * (b - t);
            mean[x] = 0.5f * (from[x] + warped);
            difference[x] = warped - from[x];
            inside[x] = ((px == sx) & (py == sy)) ? 1.0f : 0.0f;
        }
        replicate_sides(mean, width);
        replicate_sides(difference, width);
    }
}

static void refine_linearise(const bf_flow_refinement *job, int first, int last) {
    int width = job->width, height = job->height;
    ptrdiff_t stride = job->stride;
    for (int y = first; y < last; y++) {
        const float *m[5], *z[5];
        for (int k = 0; k < 5; k++) {
            m[k] = job->mean + clamp_index(y + k - 2, height) * stride;
            z[k] = job->difference + clamp_index(y + k - 2, height) * stride;
        }
        const float *u = job->u + y * stride, *v = job->v + y * stride;
        float *restrict d[9];
        for (int k = 0; k < 9; k++) { d[k] = job->data[k] + y * stride; }
        EACH for (int x = 0; x < width; x++) {
            float ix = (8.0f * (m[2][x + 1] - m[2][x - 1]) - (m[2][x + 2] - m[2][x - 2])) * (1.0f / 12);
            float iy = (8.0f * (m[3][x] - m[1][x]) - (m[4][x] - m[0][x])) * (1.0f / 12);
            float iz = z[2][x];
            float ixx = 0.25f * (m[2][x + 2] - 2.0f * m[2][x] + m[2][x - 2]);
            float iyy = 0.25f * (m[4][x] - 2.0f * m[2][x] + m[0][x]);
            float ixy = 0.25f * (m[3][x + 1] - m[3][x - 1] - m[1][x + 1] + m[1][x - 1]);
            float ixz = 0.5f * (z[2][x + 1] - z[2][x - 1]);
            float iyz = 0.5f * (z[3][x] - z[1][x]);
            float n = 1.0f / __builtin_elementwise_sqrt(ix * ix + iy * iy + FLAT);
            float nx = 1.0f / __builtin_elementwise_sqrt(ixx * ixx + ixy * ixy + FLAT);
            float ny = 1.0f / __builtin_elementwise_sqrt(ixy * ixy + iyy * iyy + FLAT);
            d[0][x] = n * ix;
            d[1][x] = n * iy;
            d[2][x] = n * (iz - ix * u[x] - iy * v[x]);
            d[3][x] = nx * ixx;
            d[4][x] = nx * ixy;
            d[5][x] = nx * (ixz - ixx * u[x] - ixy * v[x]);
            d[6][x] = ny * ixy;
            d[7][x] = ny * iyy;
            d[8][x] = ny * (iyz - ixy * u[x] - iyy * v[x]);
        }
    }
}

static void refine_weigh(const bf_flow_refinement *job, int first, int last) {
    int width = job->width, height = job->height;
    ptrdiff_t stride = job->stride;
    float alpha = job->alpha, delta = job->delta, gamma = job->gamma;
    for (int y = first; y < last; y++) {
        ptrdiff_t o = y * stride;
        ptrdiff_t below = y + 1 < height ? stride : 0;
        const float *u = job->u + o, *v = job->v + o, *inside = job->inside + o;
        const float *d0 = job->data[0] + o, *d1 = job->data[1] + o, *d2 = job->data[2] + o;
        const float *d3 = job->data[3] + o, *d4 = job->data[4] + o, *d5 = job->data[5] + o;
        const float *d6 = job->data[6] + o, *d7 = job->data[7] + o, *d8 = job->data[8] + o;
        float *restrict a11 = job->a11 + o, *restrict a12 = job->a12 + o, *restrict a22 = job->a22 + o;
        float *restrict b1 = job->b1 + o, *restrict b2 = job->b2 + o;
        float *restrict right = job->right + o, *restrict down = job->down + o;
        float edge = y + 1 < height ? alpha : 0.0f;
        EACH for (int x = 0; x < width; x++) {
            float r = d0[x] * u[x] + d1[x] * v[x] + d2[x];
            float rx = d3[x] * u[x] + d4[x] * v[x] + d5[x];
            float ry = d6[x] * u[x] + d7[x] * v[x] + d8[x];
            float p = inside[x] * delta / __builtin_elementwise_sqrt(r * r + ROBUST * ROBUST);
            float q = inside[x] * gamma / __builtin_elementwise_sqrt(rx * rx + ry * ry + ROBUST * ROBUST);
            a11[x] = p * d0[x] * d0[x] + q * (d3[x] * d3[x] + d6[x] * d6[x]);
            a12[x] = p * d0[x] * d1[x] + q * (d3[x] * d4[x] + d6[x] * d7[x]);
            a22[x] = p * d1[x] * d1[x] + q * (d4[x] * d4[x] + d7[x] * d7[x]);
            b1[x] = -p * d0[x] * d2[x] - q * (d3[x] * d5[x] + d6[x] * d8[x]);
            b2[x] = -p * d1[x] * d2[x] - q * (d4[x] * d5[x] + d7[x] * d8[x]);
            int next = x + 1 < width ? 1 : 0;
            float ux = u[x + next] - u[x], vx = v[x + next] - v[x];
            float uy = u[x + below] - u[x], vy = v[x + below] - v[x];
            float s = 1.0f / __builtin_elementwise_sqrt(ux * ux + uy * uy + vx * vx + vy * vy + ROBUST * ROBUST);
            right[x] = alpha * s;
            down[x] = edge * s;
        }
        right[-1] = right[width - 1] = 0.0f;
    }
}

// The same address, which the compiler cannot tell to be the same: it would see each pixel of a sweep depend on the one
// before, although that one, of the other colour, keeps its value.
static inline const float *unchanged(const float *p) {
    __asm__("" : "+r"(p));
    return p;
}

static void refine_solve(const bf_flow_refinement *job, int sweeps, int first, int last, float *scratch) {
    int width = job->width, height = job->height, halo = 2 * sweeps;
    ptrdiff_t stride = job->stride;
    int top = first - halo > 0 ? first - halo : 0, bottom = last + halo < height ? last + halo : height;
    ptrdiff_t plane = (ptrdiff_t)(bottom - top + 2) * stride;
    // Planes whose row `top` is the second, whose pixel 0 lies BF_FLOW_PAD in, and whose outside is 0.
    float *u = scratch + stride + BF_FLOW_PAD, *v = u + plane;
    float *m11 = v + plane, *m12 = m11 + plane, *m22 = m12 + plane;
    for (ptrdiff_t i = 0; i < stride; i++) {
        u[i - stride - BF_FLOW_PAD] = v[i - stride - BF_FLOW_PAD] = 0.0f;
        u[i + plane - 2 * stride - BF_FLOW_PAD] = v[i + plane - 2 * stride - BF_FLOW_PAD] = 0.0f;
    }
    for (int y = top; y < bottom; y++) {
        ptrdiff_t o = y * stride, l = (y - top) * stride;
        const float *right = job->right + o, *down = job->down + o;
        const float *above = y > 0 ? down - stride : down;
        float open = y > 0 ? 1.0f : 0.0f;
        const float *a11 = job->a11 + o, *a12 = job->a12 + o, *a22 = job->a22 + o;
        EACH for (int x = 0; x < width; x++) {
            float s = right[x] + right[x - 1] + down[x] + open * above[x];
            float p = a11[x] + s + 1e-6f, q = a22[x] + s + 1e-6f;
            float inverse = 1.0f / at_least(p * q - a12[x] * a12[x], 1e-7f * p * q);
            m11[l + x] = q * inverse;
            m12[l + x] = -a12[x] * inverse;
            m22[l + x] = p * inverse;
            u[l + x] = job->u[o + x];
            v[l + x] = job->v[o + x];
        }
        u[l - 1] = v[l - 1] = u[l + width] = v[l + width] = 0.0f;
    }
    for (int k = 1; k <= halo; k++) {
        int from = first - halo + k > 0 ? first - halo + k : 0, to = last + halo - k < height ? last + halo - k : height;
        for (int y = from; y < to; y++) {
            ptrdiff_t o = y * stride, l = (y - top) * stride;
            const float *right = job->right + o, *down = job->down + o;
            const float *above = y > 0 ? down - stride : down;
            float open = y > 0 ? 1.0f : 0.0f;
            const float *b1 = job->b1 + o, *b2 = job->b2 + o;
            float *pu = u + l, *pv = v + l;
            const float *i11 = m11 + l, *i12 = m12 + l, *i22 = m22 + l;
            float even = (y + k) & 1 ? RELAXATION : 0.0f, odd = RELAXATION - even;
            const float *nu = unchanged(pu), *nv = unchanged(pv);
            const float *ru = nu + 1, *lu = nu - 1, *du = nu + stride, *hu = nu - stride;
            const float *rv = nv + 1, *lv = nv - 1, *dv = nv + stride, *hv = nv - stride;
            EACH for (int x = 0; x < width; x++) {
                float step = x & 1 ? odd : even;
                float wr = right[x], wl = right[x - 1], wd = down[x], wu = open * above[x];
                float s = b1[x] + wr * ru[x] + wl * lu[x] + wd * du[x] + wu * hu[x];
                float t = b2[x] + wr * rv[x] + wl * lv[x] + wd * dv[x] + wu * hv[x];
                pu[x] += step * (i11[x] * s + i12[x] * t - pu[x]);
                pv[x] += step * (i12[x] * s + i22[x] * t - pv[x]);
            }
        }
    }
    for (int y = first; y < last; y++) {
        ptrdiff_t o = y * stride, l = (y - top) * stride;
        for (int x = 0; x < width; x++) {
            job->next_u[o + x] = u[l + x];
            job->next_v[o + x] = v[l + x];
        }
    }
}
