// Vectors of one block of 16 channels, for files that are compiled for one instruction set.
#include <string.h>

// Vectors are handed over within one file alone, to functions that are always inlined: there is no ABI to keep.
#pragma clang diagnostic ignored "-Wpsabi"

typedef float v16 __attribute__((vector_size(64)));

typedef int m16 __attribute__((vector_size(64)));

#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
#define ROLLED _Pragma("clang loop unroll(disable)")

INLINE v16 load(const float *from) {
    v16 value;
    memcpy(&value, from, sizeof value);
    return value;
}

INLINE void store(float *to, v16 value) { memcpy(to, &value, sizeof value); }
