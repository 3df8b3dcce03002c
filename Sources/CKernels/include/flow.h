#ifndef BRUSHFLOW_FLOW_H
#define BRUSHFLOW_FLOW_H

#include <stddef.h>

/// Replicated pixels on every side of a padded plane. A pointer to a padded plane points at pixel (0, 0).
#define BF_FLOW_PAD 16

/// The side of a patch, in pixels.
#define BF_FLOW_PATCH 8

/// One level of dense inverse search (Kroeger 2016, section 2): patches of `from` sought in `into`.
///
/// Patch (row, column) lies at min(step · column, max(width − 8, 0)), and so down the rows.
typedef struct {
    int width, height;          // pixels of the level
    ptrdiff_t stride;           // floats between rows of the padded planes
    const float *from, *into;   // grey, 0…255, padded by BF_FLOW_PAD replicated pixels
    int columns, rows;          // patches
    int step;                   // pixels between patches
    int iterations;             // gradient steps per patch and pass
    float reach;                // a descent that ends further off (pixels) is undone: it left for another minimum
    float *u, *v;               // [rows, columns] displacement of each patch, pixels; in: the start, out: the result
    const float *other_u, *other_v; // another start, of the same shape, or both null
} bf_flow_search;

/// One level of the variational refinement. Every plane is padded (BF_FLOW_PAD columns, at least one row) and
/// finite everywhere; planes are [height, width] with `stride` floats between rows.
typedef struct {
    int width, height;
    ptrdiff_t stride;
    float alpha, delta, gamma;  // weights of smoothness, brightness and gradient constancy
    const float *from, *into;   // grey, 0…255, padded by BF_FLOW_PAD replicated pixels
    float *u, *v;               // the flow
    float *next_u, *next_v;     // where a solve leaves the flow
    float *mean, *difference;   // (from + warped) / 2 and warped − from
    float *inside;              // 1 where the flow lands in the frame, else 0
    float *data[9];             // linearised constraints: x y 1 of brightness, of ∂x and of ∂y, each normalised
} bf_flow_refinement;

/// An enlargement of a flow along the edges of the frame that it belongs to.
typedef struct {
    int small_width, small_height, width, height;
    int factor;                     // of the size, and of the flow's values
    const float *flow;              // [2, small_height, small_width]
    const float *small;             // grey at the flow's size
    ptrdiff_t small_stride;         // floats between its rows
    const float *grey;              // grey at the full size
    ptrdiff_t stride;               // floats between its rows
} bf_flow_upsampling;

/// What a pixel may show at most, or it is not trusted: see `one_way`.
typedef struct {
    float boundary;          // squared gradient of the flow that is no motion boundary even at rest
    float variance;          // of the residual in 3×3 pixels
    float difference;        // of the residual's mean in 3×3 pixels from `residual_mean`
    float residual_mean;     // of the whole frame
    float crowded_area;      // where a pixel's area shrinks below this on its way …
    float crowded_variance;  // … this much variance is too much
} bf_flow_limits;

typedef struct {
    /// grey[n] = 255 · Rec. 709 luma of r, g, b (each [n], clamped to 0…1).
    void (*grey)(int n, const float *r, const float *g, const float *b, float *grey);

    /// half[n] = mean of 2×2 pixels of top[2n] and bottom[2n].
    void (*halve)(int n, const float *top, const float *bottom, float *half);

    /// Seeks the patches of rows first..<last, sharing displacements among these rows alone.
    void (*search)(const bf_flow_search *job, int first, int last);

    /// Pixel rows first..<last of u and v (padded) as the mean of the patches over each pixel, weighted by
    /// 1 / max(1, |difference|). weight is a padded scratch plane.
    void (*densify)(const bf_flow_search *job, int first, int last, float *u, float *v, float *weight);

    /// Bilinear samples at half-pixel-centred scale: out[x, y] = factor · in(((x, y) + ½) / factor − ½) over rows
    /// first..<last of out [height, width]; in is [in_height, in_width], edge-clamped. Strides in floats.
    void (*enlarge)(float factor, const float *in, int in_width, int in_height, ptrdiff_t in_stride,
                    float *out, int width, int first, int last, ptrdiff_t stride);

    /// Rows first..<last of mean, difference and inside, from the flow.
    void (*refine_warp)(const bf_flow_refinement *job, int first, int last);

    /// Rows first..<last of data, from mean and difference.
    void (*refine_linearise)(const bf_flow_refinement *job, int first, int last);

    /// Rows first..<last of next_u and next_v: data and smoothness weighed at the flow, then `sweeps` red-black
    /// over-relaxations of it, exactly as if the whole frame had been swept. scratch: 9 · (2 · sweeps + 3) rows of
    /// `stride` floats.
    void (*refine_solve)(const bf_flow_refinement *job, int sweeps, int first, int last, float *scratch);

    /// Row y of out: image [channels, height, width] sampled bilinearly at (x + u[x], y + v[x]), edge-clamped.
    void (*warp_bilinear)(int channels, int height, int width, const float *image, const float *u, const float *v,
                          int y, float *out);

    /// The same with Keys' cubic, a = −¾.
    void (*warp_bicubic)(int channels, int height, int width, const float *image, const float *u, const float *v,
                         int y, float *out);

    /// The transpose of warp_bicubic: adds to sums, [channels, height, width], what the gradient's row y gives to the
    /// pixels that were read for it.
    void (*warp_bicubic_gradient)(int channels, int height, int width, const float *gradient, const float *u,
                                  const float *v, int y, float *sums);

    /// Row y of u and v, each [width]: the mean of the nearest 3×3 vectors, weighted by nearness and by likeness of
    /// grey, times the factor (joint bilateral upsampling, Kopf 2007).
    void (*upsample)(const bf_flow_upsampling *job, int y, float *u, float *v);

    /// Row y of the unblurred reliability rule: −1, 0 or 1 from the backward flow and the forward flow, both
    /// [2, height, width]. boundary: squared flow gradient that is no motion boundary even at rest.
    void (*reliability)(int height, int width, const float *backward, const float *forward, float boundary, int y,
                        float *out);

    /// out[width] = into, sampled bilinearly at (x + u[x], y + v[x]), edge-clamped, minus row y of from; both padded
    /// planes of `stride` floats a row.
    void (*residual)(int height, int width, const float *from, const float *into, ptrdiff_t stride, const float *u,
                     const float *v, int y, float *out);

    /// Sets elements of rule[width] that are above 0 to 0 where the variance of the residual in 3×3 pixels is above
    /// `limit`. above, middle, below: [width], rows of the residual.
    void (*doubt)(int width, const float *above, const float *middle, const float *below, float limit, float *rule);

    /// Row y of the unblurred rule of one flow alone, see `bf_flow_limits`: 0 or 1 from backward [2, height, width] and from the
    /// residual's rows above, middle, below [width].
    void (*one_way)(int height, int width, const float *backward, const float *above, const float *middle,
                    const float *below, const bf_flow_limits *limits, int y, float *out);

    /// Row y of rule [height, width] blurred by the 5 taps of a Gaussian in both directions, edges replicated,
    /// clipped to 0…1. scratch: width + 4 floats.
    void (*reliability_blur)(int height, int width, const float *rule, const float *taps, int y, float *scratch,
                             float *out);
} bf_flow_kernels;

void bf_flow_reference(bf_flow_kernels *kernels);
void bf_flow_avx2(bf_flow_kernels *kernels);
void bf_flow_avx512(bf_flow_kernels *kernels);

#endif
