#ifndef BRUSHFLOW_LAYERS_H
#define BRUSHFLOW_LAYERS_H

/// Row loops of the pointwise and pooling layers. Pooling is 2×2 with stride 2; `count` counts pooled pixels,
/// so that the rows of the full size hold at least 2 · `count`.
typedef struct {
    /// destination[i] = source[i] · scale + offset, i < count.
    void (*affine)(const float *source, float scale, float offset, float *destination, long count);

    /// destination[i] = gradient[i] (+ addend[i]), or 0 where output[i] ≤ 0. `addend` and `output` may be NULL:
    /// nothing is added, nothing is masked.
    void (*mask)(const float *gradient, const float *addend, const float *output, float *destination, long count);

    /// destination[i] = mean of the 2×2 pixels of rows `top` and `bottom`.
    void (*average_pool)(const float *top, const float *bottom, float *destination, long count);

    /// destination[i] = greatest of the 2×2 pixels of rows `top` and `bottom`.
    void (*max_pool)(const float *top, const float *bottom, float *destination, long count);

    /// Gives each of the 2×2 pixels a quarter of gradient[i]; writes 2 · count floats of both rows.
    void (*average_pool_gradient)(const float *gradient, float *top, float *bottom, long count);

    /// Gives gradient[i] to the first greatest of the 2×2 pixels in the order top left, top right, bottom
    /// left, bottom right (as PyTorch), and 0 to the others; writes 2 · count floats of both rows.
    void (*max_pool_gradient)(const float *gradient, const float *top, const float *bottom, float *top_gradient,
                              float *bottom_gradient, long count);
} bf_layers_kernels;

void bf_layers_reference(bf_layers_kernels *table);
void bf_layers_avx2(bf_layers_kernels *table);
void bf_layers_avx512(bf_layers_kernels *table);

#endif
