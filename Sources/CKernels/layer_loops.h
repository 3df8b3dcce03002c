// The loops of the pointwise and pooling layers in plain C, compiled once per instruction set: included after
// `LAYER_LEVEL` is defined as the suffix of the function that fills the table. Every float is computed the same
// way at every level, so the levels agree bit for bit (affine excepted, where an FMA rounds once).
#include <stddef.h>

#include "layers.h"

// source, destination [count].
static void affine(const float *restrict source, float scale, float offset, float *restrict destination,
                   long count) {
    for (long i = 0; i < count; i++) { destination[i] = source[i] * scale + offset; }
}

// gradient, addend, output, destination [count].
static void mask(const float *restrict gradient, const float *restrict addend, const float *restrict output,
                 float *restrict destination, long count) {
    if (addend != NULL && output != NULL) {
        for (long i = 0; i < count; i++) {
            float sum = gradient[i] + addend[i];
            destination[i] = output[i] > 0 ? sum : 0;
        }
    } else if (output != NULL) {
        for (long i = 0; i < count; i++) {
            float value = gradient[i];
            destination[i] = output[i] > 0 ? value : 0;
        }
    } else if (addend != NULL) {
        for (long i = 0; i < count; i++) { destination[i] = gradient[i] + addend[i]; }
    } else {
        for (long i = 0; i < count; i++) { destination[i] = gradient[i]; }
    }
}

static inline __attribute__((always_inline)) float greater(float a, float b) { return b > a ? b : a; }

// top, bottom [2 count], destination [count].
static void average_pool(const float *restrict top, const float *restrict bottom, float *restrict destination,
                         long count) {
    for (long i = 0; i < count; i++) {
        destination[i] = 0.25f * ((top[2 * i] + top[2 * i + 1]) + (bottom[2 * i] + bottom[2 * i + 1]));
    }
}

// top, bottom [2 count], destination [count].
static void max_pool(const float *restrict top, const float *restrict bottom, float *restrict destination,
                     long count) {
    for (long i = 0; i < count; i++) {
        destination[i] = greater(greater(top[2 * i], top[2 * i + 1]), greater(bottom[2 * i], bottom[2 * i + 1]));
    }
}

// gradient [count], top, bottom [2 count].
static void average_pool_gradient(const float *restrict gradient, float *restrict top, float *restrict bottom,
                                  long count) {
    for (long i = 0; i < count; i++) {
        float quarter = 0.25f * gradient[i];
        top[2 * i] = quarter;
        top[2 * i + 1] = quarter;
        bottom[2 * i] = quarter;
        bottom[2 * i + 1] = quarter;
    }
}

// gradient [count], all others [2 count].
static void max_pool_gradient(const float *restrict gradient, const float *restrict top,
                              const float *restrict bottom, float *restrict top_gradient,
                              float *restrict bottom_gradient, long count) {
    for (long i = 0; i < count; i++) {
        float a = top[2 * i], b = top[2 * i + 1], c = bottom[2 * i], d = bottom[2 * i + 1];
        float greatest = greater(greater(a, b), greater(c, d)), given = gradient[i];
        int first = a == greatest, second = !first & (b == greatest);
        int third = !first & !second & (c == greatest);
        top_gradient[2 * i] = first ? given : 0;
        top_gradient[2 * i + 1] = second ? given : 0;
        bottom_gradient[2 * i] = third ? given : 0;
        bottom_gradient[2 * i + 1] = first | second | third ? 0 : given;
    }
}

void LAYER_LEVEL(bf_layers_kernels *table) {
    table->affine = affine;
    table->mask = mask;
    table->average_pool = average_pool;
    table->max_pool = max_pool;
    table->average_pool_gradient = average_pool_gradient;
    table->max_pool_gradient = max_pool_gradient;
}
