#ifndef BRUSHFLOW_STYLE_H
#define BRUSHFLOW_STYLE_H

/// What a style network and its training need beside convolutions, on pixels of 16 channels (see blocks.h).

/// How an activation's 16 channels were normalised as the next layer read them, `[16]` each:
/// y = scale · z + offset, then max(·, 0) of it if `rectify`; x̂ = inverse · z + shift has mean 0 and variance 1.
typedef struct {
    const float *scales, *offsets, *inverses, *shifts;
    int rectify;
} bf_normalized;

typedef struct {
    /// values[i] ← 1 / (1 + exp(−values[i])).
    void (*sigmoid)(float *values, long count);

    /// Channels 0 to 11 of pixels as 2×2 pixels of three planes, 1 / (1 + exp(−x)) of them: lines[2c + part][2p + k] from
    /// channel 4c + 2 · part + k of pixel p, for `width` columns; no line where the pointer is null.
    void (*shuffle)(const float *pixels, long width, float *const lines[6]);

    /// `count` pixels of 16 channels, `factor` (2 or 4) numbers of each of 16 / factor lines: pixels[p][k · factor + i] =
    /// lines[k][p · factor + i], 0 where the pointer is null.
    void (*unshuffle)(const float *const *lines, int factor, long count, float *pixels);

    /// painted[i] ← painted[i] · (1 − share · mask[i]) + share · previous[i].
    void (*hold)(const float *mask, const float *previous, float share, long count, float *painted);

    /// sums[c] += Σ g, sums[16 + c] += Σ g · x̂ over `count` pixels: g the gradient of y, 0 where ReLU wrote 0.
    void (*normalized_sums)(const bf_normalized *how, const float *pixels, const float *gradient, long count,
                            float *sums);

    /// The gradient of z from that of y: destination = scale · (g − means[c] − x̂ · means[16 + c]), means those of the
    /// sums above over the whole picture. `destination` may be `gradient`.
    void (*normalized_gradient)(const bf_normalized *how, const float *pixels, const float *gradient,
                                const float *means, long count, float *destination);

    /// A d Aᵀ of 4×4 tiles d of one block, F(4×4, 3×3), which is the gradient of what `winograd_output` reads:
    /// transformed[position · position_stride + tile · 16 + c], position < 36. Pixels beyond width and height are 0.
    ///
    /// - pixels: `[height][width][16]`, whose tiles are counted row by row, `tiles_across` in a row.
    void (*winograd_gradient)(const float *pixels, long width, long height, long tiles_across, long first, long tiles,
                              float *transformed, long position_stride);

    /// Gᵀ s G, the gradient of a 3×3 filter from that of its transform: taps `[9][16]` from 36 positions of 16 floats.
    void (*winograd_taps)(const float *sums, long position_stride, float *taps);

    /// G t Gᵀ in double precision, the transform of 3×3 filters for tiles of side×side outputs (4 or 6): (side + 2)²
    /// positions of 16 floats from taps `[9][16]`; position p goes to transformed + places[p].
    void (*winograd_filters)(const float *taps, int side, const long *places, float *transformed);
} bf_style_kernels;

void bf_style_reference(bf_style_kernels *table);
void bf_style_avx2(bf_style_kernels *table);
void bf_style_avx512(bf_style_kernels *table);

#endif
