// The bicubic warp in vectors, for each SIMD level, after flow_loops.h.

typedef float sixteen __attribute__((ext_vector_type(16), aligned(4)));
typedef int places __attribute__((ext_vector_type(16)));

// Keys' cubic, a = −¾, at the distances t behind the second of four taps.
static inline void cubic(const sixteen *distance, sixteen taps[4]) {
    sixteen t = *distance;
    taps[0] = t * (-0.75f + t * (1.5f - 0.75f * t));
    taps[1] = 1.0f + t * t * (-2.25f + 1.25f * t);
    taps[2] = t * (0.75f + t * (1.5f - 1.25f * t));
    taps[3] = t * t * (-0.75f + 0.75f * t);
}

// Where 16 columns read pixels that lie side by side, as in smooth motion they mostly do, nothing is gathered.
static void warp_bicubic_runs(int channels, int height, int width, const float *image, const float *u, const float *v,
                              int y, float *restrict out) {
    const places each = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    if (width < 16) { return warp_bicubic(channels, height, width, image, u, v, y, out); }
    for (int column = 0; column < width; column += 16) {
        // The last 16 begin among those before.
        int x = column + 16 <= width ? column : width - 16;
        sixteen sx = *(const sixteen *)(u + x) + __builtin_convertvector(each + x, sixteen);
        sixteen sy = *(const sixteen *)(v + x) + (float)y;
        sx = __builtin_elementwise_min(__builtin_elementwise_max(sx, (sixteen)0.0f), (sixteen)(float)(width - 1));
        sy = __builtin_elementwise_min(__builtin_elementwise_max(sy, (sixteen)0.0f), (sixteen)(float)(height - 1));
        places px = __builtin_convertvector(sx, places), py = __builtin_convertvector(sy, places);
        int left = px[0] - 1, middle = py[0];
        places apart = (px - each - px[0]) | (py - middle);
        if (__builtin_reduce_or(apart) != 0 || left < 0 || left + 19 > width) {
            warp_bicubic_columns(channels, height, width, image, u, v, y, x, x + 16, out);
            continue;
        }
        sx -= __builtin_convertvector(px, sixteen);
        sy -= __builtin_convertvector(py, sixteen);
        sixteen across[4], down[4];
        cubic(&sx, across);
        cubic(&sy, down);
        for (int c = 0; c < channels; c++) {
            const float *plane = image + (ptrdiff_t)c * height * width;
            sixteen sum = 0;
            for (int tap = 0; tap < 4; tap++) {
                const float *line = plane + (ptrdiff_t)clamp_index(middle - 1 + tap, height) * width + left;
                sum += down[tap] * (across[0] * *(const sixteen *)line + across[1] * *(const sixteen *)(line + 1) +
                                    across[2] * *(const sixteen *)(line + 2) + across[3] * *(const sixteen *)(line + 3));
            }
            *(sixteen *)(out + (ptrdiff_t)c * height * width + (ptrdiff_t)y * width + x) = sum;
        }
    }
}
