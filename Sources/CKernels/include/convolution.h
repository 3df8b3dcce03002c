#ifndef BRUSHFLOW_CONVOLUTION_H
#define BRUSHFLOW_CONVOLUTION_H

/// 3×3 convolution with stride 1 on planar rows, eight output channels at a time.
///
/// Filters are packed as `[inputs][3][3][8]`: for every input channel and tap (row, then column) the
/// weights of the block's eight output channels. A block with fewer is filled up with zeros.
typedef struct {
    /// One row of `width` pixels of `outputs` (1…8) channels:
    ///
    ///     destination[o · destination_stride + x] = bias[o]
    ///         + Σ_i Σ_ky Σ_kx filters[i][ky][kx][o] · source[i · channel_stride + row_offsets[ky] + x + kx]
    ///
    /// in that order of summation, then max(·, 0) where `rectify` is set.
    ///
    /// - source: `[inputs]` planes, floats `channel_stride` apart; readable in every row for `width` rounded
    ///   up to 16, plus 2, floats.
    /// - filters: `[inputs][3][3][8]`; bias: `[8]`.
    void (*row)(const float *source, long channel_stride, const long row_offsets[3], long inputs,
                const float *filters, const float *bias, int rectify, float *destination,
                long destination_stride, long outputs, long width);

    /// One column of taps at one position, for what reflection adds at the borders of a gradient:
    ///
    ///     sums[o] = Σ_i Σ_ky filters[i][ky][column][o] · source[i · channel_stride + row_offsets[ky]]
    ///
    /// - filters: `[inputs][3][3][8]`; sums: `[8]`, overwritten.
    void (*column)(const float *source, long channel_stride, const long row_offsets[3], long inputs,
                   const float *filters, long column, float *sums);
} bf_convolution_kernels;

void bf_convolution_reference(bf_convolution_kernels *table);
void bf_convolution_avx2(bf_convolution_kernels *table);
void bf_convolution_avx512(bf_convolution_kernels *table);

#endif
