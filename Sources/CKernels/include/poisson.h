#ifndef BRUSHFLOW_POISSON_H
#define BRUSHFLOW_POISSON_H

/// Row loops of the multigrid solver for (−Δ + q) x = b on a grid of pixels, Δ the five-point Laplacian with
/// Neumann borders (the neighbour of a border pixel is the pixel itself), q ≥ 0. All rows are of one plane; the row
/// above the first and below the last is that row itself. No row that is written may overlap one that is read.
typedef struct {
    /// One damped Jacobi step: destination[i] = row[i] + weight · (b[i] − ((4 + q[i]) row[i] − its neighbours)) /
    /// (4 + q[i]), i < count.
    void (*relax)(const float *above, const float *row, const float *below, const float *q, const float *b,
                  float weight, float *destination, long count);

    /// One coarse row of the residual b − (−Δ + q) x, each value the sum over 2×2 pixels of the rows `top` and `bottom`,
    /// the last column taken twice where `count` is odd; writes (count + 1) / 2 floats. Rows of x: the one above `top`,
    /// `top`, `bottom`, the one below `bottom`. Where the grid ends after `top`, `bottom` and the one below it are the
    /// same row, and its residual counts twice.
    void (*restrict_residual)(const float *const x[4], const float *const q[2], const float *const b[2],
                              float *coarse, long count);

    /// fine[i] += the bilinear interpolation of a coarse grid at half the size: ¾ of the row `near` and ¼ of the row
    /// `far`, and so the columns, the border columns repeated. `near` and `far` hold (count + 1) / 2 floats.
    void (*add_enlarged)(const float *near, const float *far, float *fine, long count);
} bf_poisson_kernels;

void bf_poisson_reference(bf_poisson_kernels *table);
void bf_poisson_avx2(bf_poisson_kernels *table);
void bf_poisson_avx512(bf_poisson_kernels *table);

#endif
