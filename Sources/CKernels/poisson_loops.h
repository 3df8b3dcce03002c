// The loops of the screened Poisson solver in plain C, compiled once per instruction set: included after `POISSON_LEVEL`
// is defined as the name of the function that fills the table. The levels may differ in the last bit where an FMA
// rounds once.
#include "poisson.h"

// b − (−Δ + q) x at one pixel.
static inline __attribute__((always_inline)) float residual(float above, float left, float here, float right,
                                                            float below, float q, float b) {
    return b - ((4 + q) * here - ((above + below) + (left + right)));
}

static inline __attribute__((always_inline)) float relaxed(float above, float left, float here, float right,
                                                           float below, float q, float b, float weight) {
    return here + weight * residual(above, left, here, right, below, q, b) / (4 + q);
}

// above, row, below, q, b, destination [count].
static void relax(const float *above, const float *row, const float *below, const float *q, const float *b,
                  float weight, float *restrict destination, long count) {
    long last = count - 1;
    destination[0] = relaxed(above[0], row[0], row[0], row[last > 0], below[0], q[0], b[0], weight);
    for (long i = 1; i < last; i++) {
        destination[i] = relaxed(above[i], row[i - 1], row[i], row[i + 1], below[i], q[i], b[i], weight);
    }
    if (last > 0) {
        destination[last] =
            relaxed(above[last], row[last - 1], row[last], row[last], below[last], q[last], b[last], weight);
    }
}

// The residuals of column i of both rows, added. Each row of x stands between the row above it and the one below.
static inline __attribute__((always_inline)) float column(const float *const top[3], const float *const bottom[3],
                                                          const float *const q[2], const float *const b[2], long left,
                                                          long i, long right) {
    return residual(top[0][i], top[1][left], top[1][i], top[1][right], top[2][i], q[0][i], b[0][i]) +
           residual(bottom[0][i], bottom[1][left], bottom[1][i], bottom[1][right], bottom[2][i], q[1][i], b[1][i]);
}

// x [4][count], q, b [2][count], coarse [(count + 1) / 2].
static void restrict_residual(const float *const x[4], const float *const q[2], const float *const b[2],
                              float *restrict coarse, long count) {
    long last = count - 1, half = (count + 1) / 2;
    const float *const top[3] = {x[0], x[1], x[2]}, *const qs[2] = {q[0], q[1]}, *const bs[2] = {b[0], b[1]};
    const float *const bottom[3] = {x[2] == x[1] ? x[0] : x[1], x[2], x[3]};
    for (long i = 1; i < half - 1; i++) {
        coarse[i] = column(top, bottom, qs, bs, 2 * i - 1, 2 * i, 2 * i + 1) +
                    column(top, bottom, qs, bs, 2 * i, 2 * i + 1, 2 * i + 2);
    }
    for (long i = 0; i < half; i += half > 1 ? half - 1 : 1) {
        long left = 2 * i, right = left < last ? left + 1 : last;
        coarse[i] = column(top, bottom, qs, bs, left > 0 ? left - 1 : 0, left, right) +
                    column(top, bottom, qs, bs, right > 0 ? right - 1 : 0, right, right < last ? right + 1 : last);
    }
}

// near, far [(count + 1) / 2], fine [count].
static void add_enlarged(const float *near, const float *far, float *restrict fine, long count) {
    long half = (count + 1) / 2;
    for (long i = 1; i < half - 1; i++) {
        float left = 0.75f * near[i - 1] + 0.25f * far[i - 1];
        float here = 0.75f * near[i] + 0.25f * far[i];
        float right = 0.75f * near[i + 1] + 0.25f * far[i + 1];
        fine[2 * i] += 0.75f * here + 0.25f * left;
        fine[2 * i + 1] += 0.75f * here + 0.25f * right;
    }
    for (long i = 0; i < half; i += half > 1 ? half - 1 : 1) {
        long before = i > 0 ? i - 1 : 0, after = i < half - 1 ? i + 1 : i;
        float here = 0.75f * near[i] + 0.25f * far[i];
        fine[2 * i] += 0.75f * here + 0.25f * (0.75f * near[before] + 0.25f * far[before]);
        if (2 * i + 1 < count) { fine[2 * i + 1] += 0.75f * here + 0.25f * (0.75f * near[after] + 0.25f * far[after]); }
    }
}

void POISSON_LEVEL(bf_poisson_kernels *table);
void POISSON_LEVEL(bf_poisson_kernels *table) {
    table->relax = relax;
    table->restrict_residual = restrict_residual;
    table->add_enlarged = add_enlarged;
}

#undef POISSON_LEVEL
