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

// The system of one row's pixels without smoothness, and its weights of smoothness towards the right and downwards.
typedef struct {
    float *a11, *a12, *a22, *b1, *b2, *right, *down;
} refine_row;

static inline void weigh_row(const bf_flow_refinement *job, int y, refine_row out) {
    int width = job->width, height = job->height;
    ptrdiff_t o = y * job->stride;
    ptrdiff_t below = y + 1 < height ? job->stride : 0;
    float alpha = job->alpha, delta = job->delta, gamma = job->gamma;
    const float *u = job->u + o, *v = job->v + o, *inside = job->inside + o;
    const float *d0 = job->data[0] + o, *d1 = job->data[1] + o, *d2 = job->data[2] + o;
    const float *d3 = job->data[3] + o, *d4 = job->data[4] + o, *d5 = job->data[5] + o;
    const float *d6 = job->data[6] + o, *d7 = job->data[7] + o, *d8 = job->data[8] + o;
    float *restrict a11 = out.a11, *restrict a12 = out.a12, *restrict a22 = out.a22;
    float *restrict b1 = out.b1, *restrict b2 = out.b2;
    float *restrict right = out.right, *restrict down = out.down;
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

// Puts the inverse of each pixel's 2×2 matrix, smoothness included, in the place of a row's matrices. above: the weights
// downwards of the row above.
static inline void invert_row(int width, refine_row row, const float *above) {
    float *a11 = row.a11, *a12 = row.a12, *a22 = row.a22;
    const float *right = row.right, *down = row.down;
    EACH for (int x = 0; x < width; x++) {
        float s = right[x] + right[x - 1] + down[x] + above[x];
        float p = a11[x] + s + 1e-6f, q = a22[x] + s + 1e-6f;
        float inverse = 1.0f / at_least(p * q - a12[x] * a12[x], 1e-7f * p * q);
        a11[x] = q * inverse;
        a12[x] = -a12[x] * inverse;
        a22[x] = p * inverse;
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

// A row of half-rows of each of these planes lies in a ring: what sweeps of one colour after the other need of them at once
// stays in a core's cache.
enum { RING_U, RING_V, RING_M11, RING_M12, RING_M22, RING_B1, RING_B2, RING_RIGHT, RING_DOWN, RING_PLANES };

// One sweep over row y's pixels of one colour: of odd columns or of even ones. `nothing` is a row of zeros, `top` and `bottom`
// bound the rows that there are.
static inline void sweep_row(float *ring, int size, ptrdiff_t stride, const float *nothing, int count, int odd, int y,
                             int top, int bottom) {
    float *planes[RING_PLANES];
    for (int k = 0; k < RING_PLANES; k++) { planes[k] = ring + (k * size + y % size) * stride; }
    ptrdiff_t above_at = ((y + size - 1) % size - y % size) * stride, below_at = ((y + 1) % size - y % size) * stride;
    ptrdiff_t own = BF_FLOW_PAD / 2 + odd * stride / 2, beside = BF_FLOW_PAD / 2 + !odd * stride / 2;
    // Pixel 2i has its left neighbour at i − 1 of the odd ones, pixel 2i + 1 its right one at i + 1 of the even.
    ptrdiff_t left = beside - !odd, onwards = beside + odd;
    const float *right = planes[RING_RIGHT] + own, *back = planes[RING_RIGHT] + left;
    const float *down = planes[RING_DOWN] + own, *above = y > top ? planes[RING_DOWN] + own + above_at : nothing;
    const float *b1 = planes[RING_B1] + own, *b2 = planes[RING_B2] + own;
    const float *i11 = planes[RING_M11] + own, *i12 = planes[RING_M12] + own, *i22 = planes[RING_M22] + own;
    float *pu = planes[RING_U] + own, *pv = planes[RING_V] + own;
    const float *ru = planes[RING_U] + onwards, *lu = planes[RING_U] + left;
    const float *rv = planes[RING_V] + onwards, *lv = planes[RING_V] + left;
    const float *du = y + 1 < bottom ? pu + below_at : nothing, *dv = y + 1 < bottom ? pv + below_at : nothing;
    const float *hu = y > top ? pu + above_at : nothing, *hv = y > top ? pv + above_at : nothing;
    EACH for (int i = 0; i < count; i++) {
        float s = b1[i] + right[i] * ru[i] + back[i] * lu[i] + down[i] * du[i] + above[i] * hu[i];
        float t = b2[i] + right[i] * rv[i] + back[i] * lv[i] + down[i] * dv[i] + above[i] * hv[i];
        pu[i] += RELAXATION * (i11[i] * s + i12[i] * t - pu[i]);
        pv[i] += RELAXATION * (i12[i] * s + i22[i] * t - pv[i]);
    }
}

// Goes down the rows once: as soon as a row is weighed, each sweep of one colour does the row that is one further up than the
// sweep before it, whose neighbours that one has just done. Colours and rows change together, so all of these sweeps do the
// columns of one parity.
static void refine_solve(const bf_flow_refinement *job, int sweeps, int first, int last, float *scratch) {
    int width = job->width, height = job->height, halo = 2 * sweeps, size = halo + 2;
    ptrdiff_t stride = job->stride;
    int top = first - halo > 0 ? first - halo : 0, bottom = last + halo < height ? last + halo : height;
    float *ring = scratch, *nothing = scratch + RING_PLANES * size * stride;
    for (ptrdiff_t i = 0; i < stride; i++) { nothing[i] = 0.0f; }
    float *row[8];
    for (int k = 0; k < 8; k++) { row[k] = nothing + (k + 1) * stride + BF_FLOW_PAD; }
    const float *above = nothing;
    refine_row work = { row[0], row[1], row[2], row[3], row[4], row[5], row[6 + (top + 1) % 2] };
    if (top > 0) {
        weigh_row(job, top - 1, work);
        above = work.down;
    }
    for (int y = top; y < bottom + halo; y++) {
        if (y < bottom) {
            work.down = row[6 + y % 2];
            weigh_row(job, y, work);
            invert_row(width, work, above);
            above = work.down;
            const float *sources[RING_PLANES] = { job->u + y * stride, job->v + y * stride, work.a11, work.a12, work.a22,
                                                  work.b1, work.b2, work.right, work.down };
            for (int k = 0; k < RING_PLANES; k++) {
                part(sources[k], width, ring + (k * size + y % size) * stride, stride);
            }
        }
        for (int k = 1; k <= halo; k++) {
            int at = y - k;
            int from = first - halo + k > 0 ? first - halo + k : 0;
            int to = last + halo - k < height ? last + halo - k : height;
            if (at >= from && at < to) {
                sweep_row(ring, size, stride, nothing, (width + 1) / 2, !(y & 1), at, top, bottom);
            }
        }
        int done = y - halo;
        if (done >= first && done < last) {
            join(ring + (RING_U * size + done % size) * stride, stride, width, job->next_u + done * stride);
            join(ring + (RING_V * size + done % size) * stride, stride, width, job->next_v + done * stride);
        }
    }
}
