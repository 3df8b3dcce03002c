#include "words.h"

#include <math.h>
#include <string.h>

// filters [depth][16], words [depth / 2][16][2], then 16 floats.
static void filters(const float *filters, long depth, short *words) {
    double sum[16] = {0}, most[16] = {0}, scale[16];
    for (long i = 0; i < depth * 16; i++) {
        double magnitude = fabs((double)filters[i]);
        sum[i % 16] += magnitude;
        most[i % 16] = magnitude > most[i % 16] ? magnitude : most[i % 16];
    }
    float steps[16];
    for (long c = 0; c < 16; c++) {
        // Each word is rounded by half of one at most.
        double by_sum = ((double)(1u << 31) / BF_GREATEST_WORD - (double)depth) / sum[c], by_most = 32767 / most[c];
        scale[c] = sum[c] > 0 ? (by_sum < by_most ? by_sum : by_most) : 0;
        steps[c] = sum[c] > 0 ? (float)(1 / scale[c]) : 0;
    }
    for (long i = 0; i < depth * 16; i++) {
        words[i / 32 * 32 + i % 16 * 2 + i / 16 % 2] = (short)lrint(filters[i] * scale[i % 16]);
    }
    memcpy(words + depth * 16, steps, sizeof steps);
}

// values [positions][count], steps [positions].
static void round_values(float *values, long position_stride, long positions, long count, float *steps) {
    for (long i = 0; i < positions; i++) {
        float *from = values + i * position_stride, most = 0;
        for (long n = 0; n < count; n++) { most = fabsf(from[n]) > most ? fabsf(from[n]) : most; }
        float scale = most > 0 ? BF_GREATEST_WORD / most : 0;
        for (long n = 0; n < count; n++) {
            short word = (short)lrintf(from[n] * scale);
            memcpy((char *)from + n * (long)sizeof word, &word, sizeof word);
        }
        steps[i] = most / BF_GREATEST_WORD;
    }
}

// destination [positions][blocks][pixels][16].
static void product(const bf_word_product *product) {
    for (long i = 0; i < product->positions; i++) {
        for (long b = 0; b < product->blocks; b++) {
            const short *filters = product->filters + (i * product->blocks + b) * product->filter_stride;
            float steps[16];
            memcpy(steps, filters + product->depth * 16, sizeof steps);
            for (long p = 0; p < product->pixels; p++) {
                for (long c = 0; c < 16; c++) {
                    int sum = 0;
                    for (long k = 0; k < product->depth; k++) {
                        sum += product->source[i * product->source_stride + (k / 16 * product->pixels + p) * 16 + k % 16] *
                               filters[(k / 2 * 16 + c) * 2 + k % 2];
                    }
                    if (product->zeros >> i & 1) { sum = 0; }
                    product->destination[i * product->position_stride + b * product->destination_stride + p * 16 + c] =
                        (float)sum * (steps[c] * product->source_steps[i]);
                }
            }
        }
    }
}

void bf_words_reference(bf_words_kernels *table) {
    table->fast = 0;
    table->filters = filters;
    table->round = round_values;
    table->product = product;
}
