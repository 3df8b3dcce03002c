// The row loops of optical flow, in plain C. Included by the reference and, under a target attribute that lets the
// compiler vectorise it, by each SIMD level; every function is static.

#include "include/flow.h"

#define EACH _Pragma("clang loop vectorize(assume_safety) interleave(disable)")

static inline float at_least(float x, float low) { return x > low ? x : low; }
static inline float at_most(float x, float high) { return x < high ? x : high; }

// NaN becomes low, so that a conversion to int is always defined.
static inline float between(float x, float low, float high) { return at_most(at_least(x, low), high); }

static inline int clamp_index(int i, int count) { return i < 0 ? 0 : (i >= count ? count - 1 : i); }

// r, g, b, grey: [n]
static void grey(int n, const float *r, const float *g, const float *b, float *restrict grey) {
    EACH for (int i = 0; i < n; i++) {
        grey[i] = 255.0f * (0.2126f * between(r[i], 0, 1) + 0.7152f * between(g[i], 0, 1) +
                            0.0722f * between(b[i], 0, 1));
    }
}

// top, bottom: [2n]; half: [n]
static void halve(int n, const float *top, const float *bottom, float *restrict half) {
    EACH for (int i = 0; i < n; i++) {
        half[i] = 0.25f * (top[2 * i] + top[2 * i + 1] + bottom[2 * i] + bottom[2 * i + 1]);
    }
}

// What an enlarged row lies between, and how far it is from the upper one.
typedef struct {
    const float *top, *bottom;
    float fraction;
} enlarged_row;

static inline float enlarged(enlarged_row rows, int x0, int x1, float fx, float factor) {
    float t = rows.top[x0] + fx * (rows.top[x1] - rows.top[x0]);
    float b = rows.bottom[x0] + fx * (rows.bottom[x1] - rows.bottom[x0]);
    return factor * (t + rows.fraction * (b - t));
}

// Columns first..<last of a row.
static void enlarge_columns(enlarged_row rows, float factor, int in_width, int first, int last, float *restrict out) {
    float shrink = 1.0f / factor;
    EACH for (int x = first; x < last; x++) {
        float sx = between((x + 0.5f) * shrink - 0.5f, 0, in_width - 1);
        int x0 = (int)sx;
        out[x] = enlarged(rows, x0, x0 + 1 < in_width ? x0 + 1 : x0, sx - x0, factor);
    }
}

// in: [in_height, in_width]; out: [height, width]
static void enlarge(float factor, const float *in, int in_width, int in_height, ptrdiff_t in_stride,
                    float *restrict out, int width, int first, int last, ptrdiff_t stride) {
    float shrink = 1.0f / factor;
    // At twice the size, all columns but those at the borders come in pairs between two pixels.
    int most = in_width - 1 < (width - 1) / 2 ? in_width - 1 : (width - 1) / 2, pairs = factor == 2.0f ? most : 0;
    for (int y = first; y < last; y++) {
        float sy = between((y + 0.5f) * shrink - 0.5f, 0, in_height - 1);
        int y0 = (int)sy;
        enlarged_row rows = { in + y0 * in_stride, in + clamp_index(y0 + 1, in_height) * in_stride, sy - y0 };
        float *row = out + y * stride;
        EACH for (int i = 0; i < pairs; i++) {
            row[2 * i + 1] = enlarged(rows, i, i + 1, 0.25f, 2.0f);
            row[2 * i + 2] = enlarged(rows, i, i + 1, 0.75f, 2.0f);
        }
        enlarge_columns(rows, factor, in_width, 0, 1, row);
        enlarge_columns(rows, factor, in_width, 2 * pairs + 1, width, row);
    }
}

// image: [channels, height, width]; u, v: [width]; out: [channels, height, width], of which row y is written
static void warp_bilinear(int channels, int height, int width, const float *image, const float *u, const float *v,
                          int y, float *restrict out) {
    for (int c = 0; c < channels; c++) {
        const float *plane = image + (ptrdiff_t)c * height * width;
        float *row = out + (ptrdiff_t)c * height * width + (ptrdiff_t)y * width;
        EACH for (int x = 0; x < width; x++) {
            float sx = between(x + u[x], 0, width - 1), sy = between(y + v[x], 0, height - 1);
            int x0 = (int)sx, y0 = (int)sy;
            int x1 = x0 + 1 < width ? x0 + 1 : x0, y1 = y0 + 1 < height ? y0 + 1 : y0;
            float fx = sx - x0, fy = sy - y0;
            float a = plane[y0 * width + x0], b = plane[y0 * width + x1];
            float e = plane[y1 * width + x0], f = plane[y1 * width + x1];
            float t = a + fx * (b - a), d = e + fx * (f - e);
            row[x] = t + fy * (d - t);
        }
    }
}

// Keys' cubic with a = −¾ at the pixels one before, at, one and two behind a place that lies t behind a pixel.
static inline void keys_weights(float t, float weights[4]) {
    weights[0] = t * (-0.75f + t * (1.5f - 0.75f * t));
    weights[1] = 1.0f + t * t * (-2.25f + 1.25f * t);
    weights[2] = t * (0.75f + t * (1.5f - 1.25f * t));
    weights[3] = t * t * (-0.75f + 0.75f * t);
}

static inline int within(int position, int extent) {
    return position < 0 ? 0 : position < extent ? position : extent - 1;
}

// Columns `first` to `last` of row y alone.
static void warp_bicubic_columns(int channels, int height, int width, const float *image, const float *u,
                                 const float *v, int y, int first, int last, float *restrict out) {
    for (int c = 0; c < channels; c++) {
        const float *plane = image + (ptrdiff_t)c * height * width;
        float *row = out + (ptrdiff_t)c * height * width + (ptrdiff_t)y * width;
        EACH for (int x = first; x < last; x++) {
            float sx = between(x + u[x], 0, width - 1), sy = between(y + v[x], 0, height - 1);
            int x1 = (int)sx, y1 = (int)sy;
            float t = sx - x1, s = sy - y1;
            int x0 = x1 > 0 ? x1 - 1 : 0, y0 = y1 > 0 ? y1 - 1 : 0;
            int x2 = x1 + 1 < width ? x1 + 1 : width - 1, y2 = y1 + 1 < height ? y1 + 1 : height - 1;
            int x3 = x1 + 2 < width ? x1 + 2 : width - 1, y3 = y1 + 2 < height ? y1 + 2 : height - 1;
            float w[4], h[4];
            keys_weights(t, w);
            keys_weights(s, h);
            y0 *= width, y1 *= width, y2 *= width, y3 *= width;
            float p = w[0] * plane[y0 + x0] + w[1] * plane[y0 + x1] + w[2] * plane[y0 + x2] + w[3] * plane[y0 + x3];
            float q = w[0] * plane[y1 + x0] + w[1] * plane[y1 + x1] + w[2] * plane[y1 + x2] + w[3] * plane[y1 + x3];
            float r = w[0] * plane[y2 + x0] + w[1] * plane[y2 + x1] + w[2] * plane[y2 + x2] + w[3] * plane[y2 + x3];
            float k = w[0] * plane[y3 + x0] + w[1] * plane[y3 + x1] + w[2] * plane[y3 + x2] + w[3] * plane[y3 + x3];
            row[x] = h[0] * p + h[1] * q + h[2] * r + h[3] * k;
        }
    }
}

static void warp_bicubic(int channels, int height, int width, const float *image, const float *u, const float *v,
                         int y, float *restrict out) {
    warp_bicubic_columns(channels, height, width, image, u, v, y, 0, width, out);
}

// gradient: [channels, height, width], of which row y is read; sums: the same, to which is added
static void warp_bicubic_gradient(int channels, int height, int width, const float *gradient, const float *u,
                                  const float *v, int y, float *restrict sums) {
    for (int x = 0; x < width; x++) {
        float sx = between(x + u[x], 0, width - 1), sy = between(y + v[x], 0, height - 1);
        int x1 = (int)sx, y1 = (int)sy;
        float across[4], down[4];
        keys_weights(sx - x1, across);
        keys_weights(sy - y1, down);
        for (int c = 0; c < channels; c++) {
            float *plane = sums + (ptrdiff_t)c * height * width;
            float given = gradient[((ptrdiff_t)c * height + y) * width + x];
            for (int j = 0; j < 4; j++) {
                float *row = plane + (ptrdiff_t)within(y1 + j - 1, height) * width;
                for (int i = 0; i < 4; i++) { row[within(x1 + i - 1, width)] += across[i] * down[j] * given; }
            }
        }
    }
}

// backward, forward: [2, height, width]; out: [width]
static void reliability(int height, int width, const float *backward, const float *forward, float boundary, int y,
                        float *restrict out) {
    ptrdiff_t size = (ptrdiff_t)height * width;
    const float *u = backward + (ptrdiff_t)y * width, *v = u + size;
    const float *up_u = backward + (ptrdiff_t)(y > 0 ? y - 1 : 0) * width, *up_v = up_u + size;
    const float *down_u = backward + (ptrdiff_t)(y + 1 < height ? y + 1 : y) * width, *down_v = down_u + size;
    const float *fu = forward, *fv = forward + size;
    EACH for (int x = 0; x < width; x++) {
        float px = between(x + u[x], -2, width + 1), py = between(y + v[x], -2, height + 1);
        float bx = __builtin_elementwise_floor(px), by = __builtin_elementwise_floor(py);
        int outside = (bx < 0) | (by < 0) | (bx + 1 > width - 1) | (by + 1 > height - 1);
        float cx = between(bx, 0, width - 1), cy = between(by, 0, height - 1);
        int x0 = (int)cx, y0 = (int)cy;
        int x1 = x0 + 1 < width ? x0 + 1 : x0, y1 = y0 + 1 < height ? y0 + 1 : y0;
        float tx = px - bx, ty = py - by;
        int i = y0 * width + x0, j = y0 * width + x1, k = y1 * width + x0, l = y1 * width + x1;
        float tu = fu[i] + tx * (fu[j] - fu[i]), bu = fu[k] + tx * (fu[l] - fu[k]);
        float tv = fv[i] + tx * (fv[j] - fv[i]), bv = fv[k] + tx * (fv[l] - fv[k]);
        float wu = tu + ty * (bu - tu), wv = tv + ty * (bv - tv);
        int left = x > 0 ? x - 1 : 0, right = x + 1 < width ? x + 1 : x;
        float sum_u = u[x] + wu, sum_v = v[x] + wv;
        float backward_squared = u[x] * u[x] + v[x] * v[x], forward_squared = wu * wu + wv * wv;
        float ux = 0.5f * (u[right] - u[left]), vx = 0.5f * (v[right] - v[left]);
        float uy = 0.5f * (down_u[x] - up_u[x]), vy = 0.5f * (down_v[x] - up_v[x]);
        int consistent = sum_u * sum_u + sum_v * sum_v <= 0.01f * (backward_squared + forward_squared) + 0.5f;
        int smooth = ux * ux + uy * uy + vx * vx + vy * vy <= 0.01f * backward_squared + boundary;
        out[x] = outside ? 0.0f : (!consistent ? -1.0f : (smooth ? 1.0f : 0.0f));
    }
}

// u, v, out: [width]; from, into: padded planes
static void residual(int height, int width, const float *from, const float *into, ptrdiff_t stride, const float *u,
                     const float *v, int y, float *restrict out) {
    const float *row = from + y * stride;
    EACH for (int x = 0; x < width; x++) {
        float sx = between(x + u[x], 0, width - 1), sy = between(y + v[x], 0, height - 1);
        int x0 = (int)sx, y0 = (int)sy;
        float fx = sx - x0, fy = sy - y0;
        int i = y0 * (int)stride + x0, j = i + (int)stride;
        float t = into[i] + fx * (into[i + 1] - into[i]), b = into[j] + fx * (into[j + 1] - into[j]);
        out[x] = t + fy * (b - t) - row[x];
    }
}

// The variance and the mean of columns l, x and r of three rows.
static inline float variance_of_nine(const float *above, const float *middle, const float *below, int l, int x, int r,
                                     float *mean) {
    float sum = above[l] + above[x] + above[r] + middle[l] + middle[x] + middle[r] + below[l] + below[x] + below[r];
    float squares = above[l] * above[l] + above[x] * above[x] + above[r] * above[r] + middle[l] * middle[l] +
                    middle[x] * middle[x] + middle[r] * middle[r] + below[l] * below[l] + below[x] * below[x] +
                    below[r] * below[r];
    *mean = sum * (1.0f / 9);
    return squares * (1.0f / 9) - *mean * *mean;
}

// above, middle, below, rule: [width]
static void doubt(int width, const float *above, const float *middle, const float *below, float limit,
                  float *restrict rule) {
    EACH for (int x = 0; x < width; x++) {
        int l = x > 0 ? x - 1 : 0, r = x + 1 < width ? x + 1 : x;
        float mean;
        int alike = variance_of_nine(above, middle, below, l, x, r, &mean) <= limit;
        rule[x] = alike ? rule[x] : at_most(rule[x], 0);
    }
}

// backward: [2, height, width]; above, middle, below, out: [width]
static void one_way(int height, int width, const float *backward, const float *above, const float *middle,
                    const float *below, const bf_flow_limits *limits, int y, float *restrict out) {
    ptrdiff_t size = (ptrdiff_t)height * width;
    const float *u = backward + (ptrdiff_t)y * width, *v = u + size;
    const float *up_u = backward + (ptrdiff_t)(y > 0 ? y - 1 : 0) * width, *up_v = up_u + size;
    const float *down_u = backward + (ptrdiff_t)(y + 1 < height ? y + 1 : y) * width, *down_v = down_u + size;
    bf_flow_limits most = *limits;
    EACH for (int x = 0; x < width; x++) {
        int l = x > 0 ? x - 1 : 0, r = x + 1 < width ? x + 1 : x;
        float px = between(x + u[x], -2, width + 1), py = between(y + v[x], -2, height + 1);
        int inside = (px >= 0) & (py >= 0) & (px < width - 1) & (py < height - 1);
        float ux = 0.5f * (u[r] - u[l]), vx = 0.5f * (v[r] - v[l]);
        float uy = 0.5f * (down_u[x] - up_u[x]), vy = 0.5f * (down_v[x] - up_v[x]);
        int smooth = ux * ux + uy * uy + vx * vx + vy * vy <= 0.01f * (u[x] * u[x] + v[x] * v[x]) + most.boundary;
        float mean, variance = variance_of_nine(above, middle, below, l, x, r, &mean);
        float area = (1.0f + ux) * (1.0f + vy) - uy * vx, apart = mean - most.residual_mean;
        float limit = area < most.crowded_area ? most.crowded_variance : most.variance;
        int alike = (variance <= limit) & (apart <= most.difference) & (-apart <= most.difference);
        out[x] = inside & smooth & alike ? 1.0f : 0.0f;
    }
}

// Differences of grey (squared) at which a neighbour's vector counts a quarter.
#define LIKENESS 100.0f

// u, v: [width]
static void upsample(const bf_flow_upsampling *job, int y, float *restrict u, float *restrict v) {
    int small_width = job->small_width, small_height = job->small_height;
    float shrink = 1.0f / job->factor;
    float sy = (y + 0.5f) * shrink - 0.5f;
    int middle = clamp_index((int)__builtin_floorf(sy + 0.5f), small_height);
    const float *su[3], *sv[3], *grey[3];
    float near[3];
    for (int k = 0; k < 3; k++) {
        int row = clamp_index(middle + k - 1, small_height);
        su[k] = job->flow + (ptrdiff_t)row * small_width;
        sv[k] = su[k] + (ptrdiff_t)small_height * small_width;
        grey[k] = job->small + row * job->small_stride;
        float far = sy - (middle + k - 1);
        near[k] = at_least(1.0f - 0.25f * far * far, 0.05f);
    }
    const float *full = job->grey + y * job->stride;
    float factor = job->factor;
    int width = job->width;
    EACH for (int x = 0; x < width; x++) {
        float sx = (x + 0.5f) * shrink - 0.5f;
        int center = (int)between(sx + 0.5f, 0, small_width - 1);
        float weights = 0, sum_u = 0, sum_v = 0;
        _Pragma("clang loop unroll(full)") for (int i = -1; i <= 1; i++) {
            int at = center + i < 0 ? 0 : (center + i < small_width ? center + i : small_width - 1);
            float far = sx - (center + i);
            float beside = at_least(1.0f - 0.25f * far * far, 0.05f);
            _Pragma("clang loop unroll(full)") for (int k = 0; k < 3; k++) {
                float apart = grey[k][at] - full[x];
                float unlike = 1.0f / (1.0f + apart * apart * (1.0f / LIKENESS));
                float weight = beside * beside * near[k] * near[k] * unlike * unlike;
                weights += weight;
                sum_u += weight * su[k][at];
                sum_v += weight * sv[k][at];
            }
        }
        float scale = factor / weights;
        u[x] = scale * sum_u;
        v[x] = scale * sum_v;
    }
}

// rule: [height, width]; taps: [5]; out: [width]
static void reliability_blur(int height, int width, const float *rule, const float *taps, int y,
                             float *restrict scratch, float *restrict out) {
    const float *rows[5];
    for (int k = 0; k < 5; k++) { rows[k] = rule + (ptrdiff_t)clamp_index(y + k - 2, height) * width; }
    float *middle = scratch + 2;
    EACH for (int x = 0; x < width; x++) {
        middle[x] = taps[0] * rows[0][x] + taps[1] * rows[1][x] + taps[2] * rows[2][x] + taps[3] * rows[3][x] +
                    taps[4] * rows[4][x];
    }
    middle[-2] = middle[-1] = middle[0];
    middle[width] = middle[width + 1] = middle[width - 1];
    EACH for (int x = 0; x < width; x++) {
        out[x] = between(taps[0] * middle[x - 2] + taps[1] * middle[x - 1] + taps[2] * middle[x] +
                             taps[3] * middle[x + 1] + taps[4] * middle[x + 2], 0, 1);
    }
}

// The inverse of the structure tensor of a patch of 64 pixels whose mean gradient is taken out, damped.
static inline void invert_tensor(float sum_x, float sum_y, float xx, float xy, float yy, float *i11, float *i12,
                                 float *i22) {
    // Keeps flat patches where they are (squared grey levels a pixel, summed over the patch).
    const float damping = 32.0f;
    xx += damping - sum_x * sum_x * (1.0f / 64);
    yy += damping - sum_y * sum_y * (1.0f / 64);
    xy -= sum_x * sum_y * (1.0f / 64);
    float inverse = 1.0f / (xx * yy - xy * xy);
    *i11 = yy * inverse;
    *i12 = -xy * inverse;
    *i22 = xx * inverse;
}
