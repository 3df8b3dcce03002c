#include <stddef.h>
#include <string.h>

#include "blocks.h"

// segments [segment_count][pixels × pixel_stride + length], filters [blocks][segment_count · length][16],
// destination [blocks][pixels][16].
static void product(const float *const *segments, long segment_count, long length, long pixel_stride,
                    const float *filters, long filter_stride, const float *bias, float *destination,
                    long destination_stride, long blocks, long pixels) {
    for (long b = 0; b < blocks; b++) {
        for (long p = 0; p < pixels; p++) {
            for (long c = 0; c < 16; c++) {
                float sum = bias == NULL ? 0 : bias[b * 16 + c];
                for (long s = 0; s < segment_count; s++) {
                    for (long k = 0; k < length; k++) {
                        sum += filters[b * filter_stride + (s * length + k) * 16 + c] *
                               segments[s][p * pixel_stride + k];
                    }
                }
                destination[b * destination_stride + p * 16 + c] = sum;
            }
        }
    }
}

// left [count][left_stride], right [blocks][count][16], sums [blocks][16][16].
static void outer(const float *left, long left_stride, const float *right, long right_stride, long blocks, long count,
                  int fresh, float *sums) {
    for (long at = 0; at < blocks * 256; at++) {
        float sum = fresh ? 0 : sums[at];
        for (long p = 0; p < count; p++) {
            sum += left[p * left_stride + at / 16 % 16] * right[at / 256 * right_stride + p * 16 + at % 16];
        }
        sums[at] = sum;
    }
}

// Lavin and Gray 2016: F(4×4, 3×3) by the points 0, ±1, ±2 and infinity, F(6×6, 3×3) by ±½ as well.
static const float input_matrix[6][6] = {
    {4, 0, -5, 0, 1, 0}, {0, -4, -4, 1, 1, 0}, {0, 4, -4, -1, 1, 0},
    {0, -2, -1, 2, 1, 0}, {0, 2, -1, -2, 1, 0}, {0, 4, 0, -5, 0, 1},
};
static const float output_matrix[4][6] = {
    {1, 1, 1, 1, 1, 0}, {0, 1, -1, 2, -2, 0}, {0, 1, 1, 4, 4, 0}, {0, 1, -1, 8, -8, 1},
};
static const float large_input_matrix[8][8] = {
    {1, 0, -5.25f, 0, 5.25f, 0, -1, 0},       {0, 1, 1, -4.25f, -4.25f, 1, 1, 0},
    {0, -1, 1, 4.25f, -4.25f, -1, 1, 0},      {0, 0.5f, 0.25f, -2.5f, -1.25f, 2, 1, 0},
    {0, -0.5f, 0.25f, 2.5f, -1.25f, -2, 1, 0}, {0, 2, 4, -2.5f, -5, 0.5f, 1, 0},
    {0, -2, 4, 2.5f, -5, -0.5f, 1, 0},        {0, -1, 0, 5.25f, 0, -5.25f, 0, 1},
};
static const float large_output_matrix[6][8] = {
    {1, 1, 1, 1, 1, 1, 1, 0},
    {0, 1, -1, 2, -2, 0.5f, -0.5f, 0},
    {0, 1, 1, 4, 4, 0.25f, 0.25f, 0},
    {0, 1, -1, 8, -8, 0.125f, -0.125f, 0},
    {0, 1, 1, 16, 16, 0.0625f, 0.0625f, 0},
    {0, 1, -1, 32, -32, 0.03125f, -0.03125f, 1},
};

static float input_factor(int side, long i, long j) {
    return side == 6 ? large_input_matrix[i][j] : input_matrix[i][j];
}

static float output_factor(int side, long i, long j) {
    return side == 6 ? large_output_matrix[i][j] : output_matrix[i][j];
}

// The pixel [16] at position (y, x) of the padded and normalised source, channel c.
static float at(const bf_winograd_source *source, long block, long y, long x, long c) {
    int row = source->rows[y], column = source->columns[x];
    if (row < 0 || column < 0) { return 0; }
    float value = source->pixels[block * source->block_stride + (row * source->width + column) * 16 + c];
    if (source->scales == NULL) { return value; }
    value = source->scales[block * 16 + c] * value + source->offsets[block * 16 + c];
    return source->rectify && value < 0 ? 0 : value;
}

// transformed [(side + 2)²][tiles][16].
static void winograd_input(const bf_winograd_source *source, long block, long first, long tiles,
                           float *transformed, long position_stride) {
    int side = source->side;
    long extent = side + 2;
    for (long t = 0; t < tiles; t++) {
        long top = (first + t) / source->tiles_across * side, left = (first + t) % source->tiles_across * side;
        for (long c = 0; c < 16; c++) {
            float half[8][8];
            for (long y = 0; y < extent; y++) {
                for (long j = 0; j < extent; j++) {
                    float sum = 0;
                    for (long x = 0; x < extent; x++) {
                        sum += input_factor(side, j, x) * at(source, block, top + y, left + x, c);
                    }
                    half[y][j] = sum;
                }
            }
            for (long i = 0; i < extent; i++) {
                for (long j = 0; j < extent; j++) {
                    float sum = 0;
                    for (long y = 0; y < extent; y++) { sum += input_factor(side, i, y) * half[y][j]; }
                    transformed[(i * extent + j) * position_stride + t * 16 + c] = sum;
                }
            }
        }
    }
}

// The three parts of a number, `stride` apart: the upper halves of what is left each time.
static void split(float value, unsigned short *parts, long stride) {
    for (long part = 0; part < 3; part++) {
        unsigned bits;
        memcpy(&bits, &value, sizeof bits);
        parts[part * stride] = (unsigned short)(bits >> 16);
        bits &= 0xffff0000;
        float upper;
        memcpy(&upper, &bits, sizeof upper);
        value -= upper;
    }
}

static float part(unsigned short number) {
    unsigned bits = (unsigned)number << 16;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

// filters [depth][16], parts [depth / 32][3][16][16][2].
static void split_filters(const float *filters, long depth, unsigned short *parts) {
    for (long at = 0; at < depth * 16; at++) {
        long k = at / 16, c = at % 16;
        split(filters[at], parts + k / 32 * 3 * 512 + k % 32 / 2 * 32 + c * 2 + k % 2, 512);
    }
}

static void split_product(const bf_split_product *product) {
    long depth = product->depth, pixels = product->pixels;
    for (long at = 0; at < product->positions * product->blocks * pixels * 16; at++) {
        long c = at % 16, p = at / 16 % pixels, block = at / 16 / pixels % product->blocks;
        long position = at / 16 / pixels / product->blocks;
        const float *source = product->source + position * product->source_stride + p * 16;
        const unsigned short *filters = product->filters + position * product->filter_stride + block * depth * 48 + c * 2;
        float sum = 0;
        for (long k = 0; k < depth; k++) {
            unsigned short pixel[3];
            split(source[k / 16 * pixels * 16 + k % 16], pixel, 1);
            const unsigned short *filter = filters + k / 32 * 3 * 512 + k % 32 / 2 * 32 + k % 2;
            for (int i = 2; i >= 0; i--) {
                for (int j = 2 - i; j >= 0; j--) { sum += part(pixel[i]) * part(filter[j * 512]); }
            }
        }
        product->destination[position * product->position_stride + block * product->destination_stride + p * 16 + c] =
            sum;
    }
}

static unsigned short rounded(float value) {
    unsigned bits;
    memcpy(&bits, &value, sizeof bits);
    if (value != value) { return (unsigned short)(bits >> 16 | 64); }
    if ((bits & 0x7f800000) == 0) { return (unsigned short)(bits >> 16 & 0x8000); }
    return (unsigned short)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

static void round_pixels(const bf_rounded_pixels *job) {
    for (long at = 0; at < job->count * 32; at++) {
        long i = at / 32, half = at / 16 % 2, c = at % 16, column = job->columns[half][i];
        float value = column < 0 ? 0 : job->pixels[half][column * 16 + c];
        if (job->scales[half] != NULL && column >= 0) {
            value = job->scales[half][c] * value + job->offsets[half][c];
            if (job->rectify && !(value > 0)) { value = 0; }
        }
        job->target[at] = rounded(value);
    }
}

static void round_lines(const bf_rounded_lines *job) {
    for (long at = 0; at < job->count * 32; at++) {
        long i = at / 32, half = at / 16 % 2, c = at % 16, column = job->columns[half][i], factor = job->factor;
        const float *line = job->lines[(half * 16 + c) / factor];
        job->target[at] = line == NULL || column < 0 ? 0 : rounded(line[column * factor + c % factor]);
    }
}

static void rounded_product(const bf_rounded_product *product) {
    long depth = product->segment_count * 32;
    for (long at = 0; at < product->blocks * product->pixels * 16; at++) {
        long c = at % 16, p = at / 16 % product->pixels, block = at / 16 / product->pixels;
        const unsigned short *filters = product->filters + block * depth * 16 + c * 2;
        float sum = product->bias[block * 16 + c];
        for (long k = 0; k < depth; k++) {
            sum += part(product->segments[k / 32][p * 32 + k % 32]) * part(filters[k / 2 * 32 + k % 2]);
        }
        product->destination[block * product->destination_stride + p * product->pixel_step + c] = sum;
    }
}

// products [(side + 2)²][tiles][16].
static void winograd_output(const bf_winograd_target *target, long block, long first, long tiles,
                            const float *products, long position_stride) {
    int side = target->side;
    long extent = side + 2;
    for (long t = 0; t < tiles; t++) {
        long top = (first + t) / target->tiles_across * side, left = (first + t) % target->tiles_across * side;
        for (long c = 0; c < 16; c++) {
            float half[6][8];
            for (long y = 0; y < side; y++) {
                for (long j = 0; j < extent; j++) {
                    float sum = 0;
                    for (long i = 0; i < extent; i++) {
                        sum += output_factor(side, y, i) * products[(i * extent + j) * position_stride + t * 16 + c];
                    }
                    half[y][j] = sum;
                }
            }
            for (long y = 0; y < side && top + y < target->height; y++) {
                for (long x = 0; x < side && left + x < target->width; x++) {
                    float sum = target->bias[block * 16 + c];
                    for (long j = 0; j < extent; j++) { sum += output_factor(side, x, j) * half[y][j]; }
                    long place = ((top + y) * target->width * target->step + left + x) * target->step;
                    target->pixels[block * target->block_stride + place * 16 + c] =
                        target->rectify && sum < 0 ? 0 : sum;
                }
            }
        }
    }
}

// pixels [count][16].
static void moments(const float *pixels, long count, bf_moments *moments) {
    for (long p = 0; p < count; p++) {
        for (long c = 0; c < 16; c++) {
            float deviation = pixels[p * 16 + c] - moments->shift[c];
            moments->sum[c] += deviation;
            moments->square[c] += deviation * deviation;
        }
    }
}

// pixels, addend, destination [count][16].
static void normalize(const float *pixels, const float *scales, const float *offsets, int rectify,
                      const float *addend, float *destination, long count) {
    for (long i = 0; i < count * 16; i++) {
        float value = scales[i % 16] * pixels[i] + offsets[i % 16];
        if (addend != NULL) { value += addend[i]; }
        destination[i] = rectify && value < 0 ? 0 : value;
    }
}

// planes [channels][count], pixels [count][16].
static void gather(const float *planes, long plane_stride, long channels, float *pixels, long count) {
    for (long p = 0; p < count; p++) {
        for (long c = 0; c < 16; c++) { pixels[p * 16 + c] = c < channels ? planes[c * plane_stride + p] : 0; }
    }
}

// pixels [count][16], planes [channels][count].
static void scatter(const float *pixels, float *planes, long plane_stride, long channels, long count) {
    for (long c = 0; c < channels; c++) {
        for (long p = 0; p < count; p++) { planes[c * plane_stride + p] = pixels[p * 16 + c]; }
    }
}

// products [blocks][count + taps − 1][16], planes [outputs][count].
static void fold(const float *products, long block_stride, long taps, long outputs, const float *bias, float *planes,
                 long plane_stride, long count) {
    long each = 16 / outputs;
    for (long o = 0; o < outputs; o++) {
        for (long x = 0; x < count; x++) {
            float sum = bias[o];
            for (long t = 0; t < taps; t++) {
                sum += products[t / each * block_stride + (x + t) * 16 + t % each * outputs + o];
            }
            planes[o * plane_stride + x] = sum;
        }
    }
}

static float greater(float a, float b) { return b > a ? b : a; }

// top, bottom [2 count][16], destination [count][16].
static void pool(const float *top, const float *bottom, int greatest, float *destination, long count) {
    for (long i = 0; i < count * 16; i++) {
        long at = i / 16 * 32 + i % 16;
        float a = top[at], b = top[at + 16], c = bottom[at], d = bottom[at + 16];
        destination[i] = greatest ? greater(greater(a, b), greater(c, d)) : 0.25f * ((a + b) + (c + d));
    }
}

// gradient [count][16], all others [2 count][16].
static void pool_gradient(const float *gradient, const float *top, const float *bottom, int greatest, int rectified,
                          float *top_gradient, float *bottom_gradient, long count) {
    for (long i = 0; i < count * 16; i++) {
        long at = i / 16 * 32 + i % 16;
        float pixels[4] = {top[at], top[at + 16], bottom[at], bottom[at + 16]};
        float most = greater(greater(pixels[0], pixels[1]), greater(pixels[2], pixels[3]));
        float given[4];
        for (int n = 0, met = 0; n < 4; n++) {
            int here = !met && pixels[n] == most;
            met |= here;
            given[n] = greatest ? (here ? gradient[i] : 0) : 0.25f * gradient[i];
            if (rectified && !(pixels[n] > 0)) { given[n] = 0; }
        }
        top_gradient[at] = given[0];
        top_gradient[at + 16] = given[1];
        bottom_gradient[at] = given[2];
        bottom_gradient[at + 16] = given[3];
    }
}

void bf_blocks_reference(bf_blocks_kernels *table) {
    table->product = product;
    table->outer = outer;
    table->winograd_input = winograd_input;
    table->winograd_output = winograd_output;
    table->splits = 0;
    table->split_filters = split_filters;
    table->split_product = split_product;
    table->round_pixels = round_pixels;
    table->round_lines = round_lines;
    table->rounded_product = rounded_product;
    table->moments = moments;
    table->normalize = normalize;
    table->gather = gather;
    table->scatter = scatter;
    table->fold = fold;
    table->pool = pool;
    table->pool_gradient = pool_gradient;
}
