// What the bicubic warp in vectors is made of, for each SIMD level, after flow_loops.h.

typedef float sixteen __attribute__((ext_vector_type(16), aligned(4)));
typedef int places __attribute__((ext_vector_type(16)));

static const places each = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

// Where 16 columns from x of row y read: the second of four taps each way, and how far behind it.
typedef struct {
    places px, py;
    sixteen dx, dy;
} readings;

static inline readings find_readings(const float *u, const float *v, int x, int y, int width, int height) {
    sixteen sx = *(const sixteen *)(u + x) + __builtin_convertvector(each + x, sixteen);
    sixteen sy = *(const sixteen *)(v + x) + (float)y;
    sx = __builtin_elementwise_min(__builtin_elementwise_max(sx, (sixteen)0.0f), (sixteen)(float)(width - 1));
    sy = __builtin_elementwise_min(__builtin_elementwise_max(sy, (sixteen)0.0f), (sixteen)(float)(height - 1));
    places px = __builtin_convertvector(sx, places), py = __builtin_convertvector(sy, places);
    return (readings){px, py, sx - __builtin_convertvector(px, sixteen), sy - __builtin_convertvector(py, sixteen)};
}

// Keys' cubic, a = −¾, at the distances t behind the second of four taps.
static inline void cubic(const sixteen *distance, sixteen taps[4]) {
    sixteen t = *distance;
    taps[0] = t * (-0.75f + t * (1.5f - 0.75f * t));
    taps[1] = 1.0f + t * t * (-2.25f + 1.25f * t);
    taps[2] = t * (0.75f + t * (1.5f - 1.25f * t));
    taps[3] = t * t * (-0.75f + 0.75f * t);
}
