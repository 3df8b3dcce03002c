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
            // Of the last column, which has none beside it, what is written here is mended below.
            float ux = u[x + 1] - u[x], vx = v[x + 1] - v[x];
            float uy = u[x + below] - u[x], vy = v[x + below] - v[x];
            float s = 1.0f / __builtin_elementwise_sqrt(ux * ux + uy * uy + vx * vx + vy * vy + ROBUST * ROBUST);
            right[x] = alpha * s;
            down[x] = edge * s;
        }
        int end = width - 1;
        float uy = u[end + below] - u[end], vy = v[end + below] - v[end];
        down[end] = edge * (1.0f / __builtin_elementwise_sqrt(uy * uy + vy * vy + ROBUST * ROBUST));
        right[-1] = right[width - 1] = 0.0f;
    }
}

// Half-rows of even and odd pixels: each half of a row begins BF_FLOW_PAD / 2 in, and what lies beside it is 0.
static inline void part(const float *row, int width, float *halves, ptrdiff_t stride) {
    float *restrict even = halves + BF_FLOW_PAD / 2, *restrict odd = even + stride / 2;
    int pairs = width / 2, count = (width + 1) / 2;
    EACH for (int i = 0; i < pairs; i++) {
        even[i] = row[2 * i];
        odd[i] = row[2 * i + 1];
    }
    if (width & 1) {
        even[pairs] = row[width - 1];
        odd[pairs] = 0.0f;
    }
    even[-1] = odd[-1] = even[count] = odd[count] = 0.0f;
}

static inline void join(const float *halves, ptrdiff_t stride, int width, float *restrict row) {
    const float *even = halves + BF_FLOW_PAD / 2, *odd = even + stride / 2;
    EACH for (int i = 0; i < width / 2; i++) {
        row[2 * i] = even[i];
        row[2 * i + 1] = odd[i];
    }
    if (width & 1) { row[width - 1] = even[width / 2]; }
}

static void refine_solve(const bf_flow_refinement *job, int sweeps, int first, int last, float *scratch) {
    int width = job->width, height = job->height, halo = 2 * sweeps;
    ptrdiff_t stride = job->stride;
    int top = first - halo > 0 ? first - halo : 0, bottom = last + halo < height ? last + halo : height;
    // Planes of half-rows, so that one colour of a row lies together; row `top` is the second.
    enum { U, V, M11, M12, M22, B1, B2, RIGHT, DOWN, PLANES };
    float *planes[PLANES], *rows[3];
    for (int k = 0; k < PLANES; k++) { planes[k] = scratch + k * (bottom - top + 2) * stride + stride; }
    for (int k = 0; k < 3; k++) { rows[k] = scratch + (PLANES * (bottom - top + 2) + k) * stride; }
    for (ptrdiff_t i = 0; i < stride; i++) {
        planes[DOWN][i - stride] = planes[U][i - stride] = planes[V][i - stride] = 0.0f;
        planes[U][(bottom - top) * stride + i] = planes[V][(bottom - top) * stride + i] = 0.0f;
    }
    for (int y = top; y < bottom; y++) {
        ptrdiff_t o = y * stride, l = (y - top) * stride;
        const float *right = job->right + o, *down = job->down + o;
        const float *above = y > 0 ? down - stride : down;
        float open = y > 0 ? 1.0f : 0.0f;
        const float *a11 = job->a11 + o, *a12 = job->a12 + o, *a22 = job->a22 + o;
        float *restrict m11 = rows[0], *restrict m12 = rows[1], *restrict m22 = rows[2];
        EACH for (int x = 0; x < width; x++) {
            float s = right[x] + right[x - 1] + down[x] + open * above[x];
            float p = a11[x] + s + 1e-6f, q = a22[x] + s + 1e-6f;
            float inverse = 1.0f / at_least(p * q - a12[x] * a12[x], 1e-7f * p * q);
            m11[x] = q * inverse;
            m12[x] = -a12[x] * inverse;
            m22[x] = p * inverse;
        }
        const float *sources[PLANES] = { job->u + o, job->v + o, m11, m12, m22, job->b1 + o, job->b2 + o, right, down };
        for (int k = 0; k < PLANES; k++) { part(sources[k], width, planes[k] + l, stride); }
    }
    int count = (width + 1) / 2;
    for (int k = 1; k <= halo; k++) {
        int from = first - halo + k > 0 ? first - halo + k : 0, to = last + halo - k < height ? last + halo - k : height;
        for (int y = from; y < to; y++) {
            int odd = !((y + k) & 1);
            ptrdiff_t l = (y - top) * stride + BF_FLOW_PAD / 2, own = l + odd * stride / 2, beside = l + !odd * stride / 2;
            // Pixel 2i has its left neighbour at i − 1 of the odd ones, pixel 2i + 1 its right one at i + 1 of the even.
            ptrdiff_t left = beside - !odd, onwards = beside + odd;
            const float *right = planes[RIGHT] + own, *back = planes[RIGHT] + left;
            const float *down = planes[DOWN] + own, *above = down - stride;
            const float *b1 = planes[B1] + own, *b2 = planes[B2] + own;
            const float *i11 = planes[M11] + own, *i12 = planes[M12] + own, *i22 = planes[M22] + own;
            float *pu = planes[U] + own, *pv = planes[V] + own;
            const float *ru = planes[U] + onwards, *lu = planes[U] + left, *du = pu + stride, *hu = pu - stride;
            const float *rv = planes[V] + onwards, *lv = planes[V] + left, *dv = pv + stride, *hv = pv - stride;
            EACH for (int i = 0; i < count; i++) {
                float s = b1[i] + right[i] * ru[i] + back[i] * lu[i] + down[i] * du[i] + above[i] * hu[i];
                float t = b2[i] + right[i] * rv[i] + back[i] * lv[i] + down[i] * dv[i] + above[i] * hv[i];
                pu[i] += RELAXATION * (i11[i] * s + i12[i] * t - pu[i]);
                pv[i] += RELAXATION * (i12[i] * s + i22[i] * t - pv[i]);
            }
        }
    }
    for (int y = first; y < last; y++) {
        ptrdiff_t o = y * stride, l = (y - top) * stride;
        join(planes[U] + l, stride, width, job->next_u + o);
        join(planes[V] + l, stride, width, job->next_v + o);
    }
}
