#ifndef BRUSHFLOW_CKERNELS_COLOR_H
#define BRUSHFLOW_CKERNELS_COLOR_H

#include <stddef.h>
#include <stdint.h>

/// Rows of samples to rows of colours and back. Rows do not overlap. The same bits at every CPU level: no
/// multiplication is fused with an addition.
typedef struct {
    /// out[n] = clamp(a[n]·wa + b[n]·wb + offset, low, high).
    void (*blend_u8)(const uint8_t *a, const uint8_t *b, float wa, float wb, float offset, float low, float high,
                     float *out, size_t n);
    /// The same for samples of 9 to 16 bits.
    void (*blend_u16)(const uint16_t *a, const uint16_t *b, float wa, float wb, float offset, float low, float high,
                      float *out, size_t n);
    /// out[n] from in[-1 … ceil(n/2)]: even outputs are in[i]·even + in[i-1]·(1-even), odd ones
    /// in[i]·odd + in[i+1]·(1-odd), with i the output's index halved.
    void (*upsample)(const float *in, float even, float odd, float *out, size_t n);
    /// out[n] from in[-1 … 2n-1]: in[2i-1]·w[0] + in[2i]·w[1] + in[2i+1]·w[2].
    void (*downsample)(const float *in, const float *w, float *out, size_t n);
    /// r, g, b [n] = clamp(y + cr·m[0], y + cb·m[1] + cr·m[2], y + cb·m[3]; 0, 1).
    void (*to_rgb)(const float *y, const float *cb, const float *cr, const float *m, float *r, float *g, float *b,
                   size_t n);
    /// y, cb, cr [n] = the 3×3 matrix m (row-major) times r, g, b clamped to 0…1; NaN counts as 0.
    void (*from_rgb)(const float *r, const float *g, const float *b, const float *m, float *y, float *cb, float *cr,
                     size_t n);
    /// out[n] = (a[n] + b[n]) / 2.
    void (*average)(const float *a, const float *b, float *out, size_t n);
    /// out[n] = in[n]·scale + offset, rounded to nearest, clamped to 0…high (high at most 255).
    void (*quantize_u8)(const float *in, float scale, float offset, float high, uint8_t *out, size_t n);
    /// The same, high at most 65535.
    void (*quantize_u16)(const float *in, float scale, float offset, float high, uint16_t *out, size_t n);
} bf_color_kernels;

void bf_color_reference(bf_color_kernels *table);
void bf_color_avx2(bf_color_kernels *table);
void bf_color_avx512(bf_color_kernels *table);

#endif
