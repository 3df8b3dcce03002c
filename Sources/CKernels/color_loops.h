// The bodies of every colour kernel, compiled once per CPU level: the file that includes this one defines
// BF_COLOR_NAME(x), and sets the target by attribute. Plain loops, which the compiler turns into vectors.

#pragma STDC FP_CONTRACT OFF

static inline float clamped(float v, float low, float high) {
    // In this order NaN becomes low.
    v = v > low ? v : low;
    return v < high ? v : high;
}

static void BF_COLOR_NAME(blend_u8)(const uint8_t *restrict a, const uint8_t *restrict b, float wa, float wb,
                                    float offset, float low, float high, float *restrict out, size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] = clamped((float)(int)a[i] * wa + (float)(int)b[i] * wb + offset, low, high);
    }
}

static void BF_COLOR_NAME(blend_u16)(const uint16_t *restrict a, const uint16_t *restrict b, float wa, float wb,
                                     float offset, float low, float high, float *restrict out, size_t n) {
    for (size_t i = 0; i < n; i++) {
        out[i] = clamped((float)(int)a[i] * wa + (float)(int)b[i] * wb + offset, low, high);
    }
}

static void BF_COLOR_NAME(upsample)(const float *restrict in, float even, float odd, float *restrict out, size_t n) {
    const float *before = in - 1;
    const float *after = in + 1;
    size_t pairs = n / 2;
    for (size_t i = 0; i < pairs; i++) {
        out[2 * i] = in[i] * even + before[i] * (1 - even);
        out[2 * i + 1] = in[i] * odd + after[i] * (1 - odd);
    }
    if (n % 2) { out[n - 1] = in[pairs] * even + before[pairs] * (1 - even); }
}

static void BF_COLOR_NAME(downsample)(const float *restrict in, const float *restrict w, float *restrict out,
                                      size_t n) {
    const float *before = in - 1;
    float w0 = w[0], w1 = w[1], w2 = w[2];
    for (size_t i = 0; i < n; i++) { out[i] = before[2 * i] * w0 + in[2 * i] * w1 + in[2 * i + 1] * w2; }
}

static void BF_COLOR_NAME(to_rgb)(const float *restrict y, const float *restrict cb, const float *restrict cr,
                                  const float *restrict m, float *restrict r, float *restrict g, float *restrict b,
                                  size_t n) {
    float m0 = m[0], m1 = m[1], m2 = m[2], m3 = m[3];
    for (size_t i = 0; i < n; i++) {
        r[i] = clamped(y[i] + cr[i] * m0, 0, 1);
        g[i] = clamped(y[i] + cb[i] * m1 + cr[i] * m2, 0, 1);
        b[i] = clamped(y[i] + cb[i] * m3, 0, 1);
    }
}

static void BF_COLOR_NAME(from_rgb)(const float *restrict r, const float *restrict g, const float *restrict b,
                                    const float *restrict m, float *restrict y, float *restrict cb, float *restrict cr,
                                    size_t n) {
    float m0 = m[0], m1 = m[1], m2 = m[2], m3 = m[3], m4 = m[4], m5 = m[5], m6 = m[6], m7 = m[7], m8 = m[8];
    for (size_t i = 0; i < n; i++) {
        float red = clamped(r[i], 0, 1), green = clamped(g[i], 0, 1), blue = clamped(b[i], 0, 1);
        y[i] = red * m0 + green * m1 + blue * m2;
        cb[i] = red * m3 + green * m4 + blue * m5;
        cr[i] = red * m6 + green * m7 + blue * m8;
    }
}

static void BF_COLOR_NAME(average)(const float *restrict a, const float *restrict b, float *restrict out, size_t n) {
    for (size_t i = 0; i < n; i++) { out[i] = (a[i] + b[i]) * 0.5f; }
}

static void BF_COLOR_NAME(quantize_u8)(const float *restrict in, float scale, float offset, float high,
                                       uint8_t *restrict out, size_t n) {
    for (size_t i = 0; i < n; i++) { out[i] = (uint8_t)(int)(clamped(in[i] * scale + offset, 0, high) + 0.5f); }
}

static void BF_COLOR_NAME(quantize_u16)(const float *restrict in, float scale, float offset, float high,
                                        uint16_t *restrict out, size_t n) {
    for (size_t i = 0; i < n; i++) { out[i] = (uint16_t)(int)(clamped(in[i] * scale + offset, 0, high) + 0.5f); }
}

void BF_COLOR_NAME(bf_color)(bf_color_kernels *table) {
    table->blend_u8 = BF_COLOR_NAME(blend_u8);
    table->blend_u16 = BF_COLOR_NAME(blend_u16);
    table->upsample = BF_COLOR_NAME(upsample);
    table->downsample = BF_COLOR_NAME(downsample);
    table->to_rgb = BF_COLOR_NAME(to_rgb);
    table->from_rgb = BF_COLOR_NAME(from_rgb);
    table->average = BF_COLOR_NAME(average);
    table->quantize_u8 = BF_COLOR_NAME(quantize_u8);
    table->quantize_u16 = BF_COLOR_NAME(quantize_u16);
}
