#include "convolution.h"

// source [inputs][rows][width + 2], filters [inputs][3][3][8], destination [outputs][width].
static void row(const float *source, long channel_stride, const long row_offsets[3], long inputs,
                const float *filters, const float *bias, int rectify, float *destination,
                long destination_stride, long outputs, long width) {
    for (long o = 0; o < outputs; o++) {
        for (long x = 0; x < width; x++) {
            float sum = bias[o];
            for (long i = 0; i < inputs; i++) {
                for (long tap = 0; tap < 9; tap++) {
                    sum += filters[(i * 9 + tap) * 8 + o] *
                           source[i * channel_stride + row_offsets[tap / 3] + x + tap % 3];
                }
            }
            destination[o * destination_stride + x] = rectify && sum < 0 ? 0 : sum;
        }
    }
}

// source [inputs][rows], filters [inputs][3][3][8], sums [8].
static void column(const float *source, long channel_stride, const long row_offsets[3], long inputs,
                   const float *filters, long column, float *sums) {
    for (long o = 0; o < 8; o++) {
        float sum = 0;
        for (long i = 0; i < inputs; i++) {
            for (long ky = 0; ky < 3; ky++) {
                sum += filters[(i * 9 + ky * 3 + column) * 8 + o] * source[i * channel_stride + row_offsets[ky]];
            }
        }
        sums[o] = sum;
    }
}

void bf_convolution_reference(bf_convolution_kernels *table) {
    table->row = row;
    table->column = column;
}
