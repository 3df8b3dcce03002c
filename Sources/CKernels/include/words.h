#ifndef BRUSHFLOW_WORDS_H
#define BRUSHFLOW_WORDS_H

/// Winograd products of whole numbers of 16 bits, "words", with sums in 32 bits: a register holds twice as many of them as
/// floats. Each position of a tile has a scale of its own, and so has each filter there.

/// The magnitude of the greatest word of a position. The magnitudes of a filter's words sum to at most 2³¹ over this, so no
/// sum overflows. Words of 48 to 112 channels and filters have about the same rounding error with it.
#define BF_GREATEST_WORD 12288

typedef struct {
    const short *source;        // [positions][depth / 16][pixels][16], as `round` writes it
    long source_stride;         // words from position to position
    const float *source_steps;  // [positions]
    const short *filters;       // [positions][blocks][…], as `filters` writes them
    long filter_stride;         // words from block to block, and from the last block of a position to the next's first
    float *destination;         // [positions][blocks][pixels][16]
    long destination_stride;    // floats from block to block
    long position_stride;       // floats from position to position
    long positions, blocks, depth, pixels;  // positions ≤ 64; depth: a multiple of 16
    unsigned long long zeros;   // bit i: all filters are zero at position i
} bf_word_product;

typedef struct {
    /// Whether `product` is faster than products of floats.
    int fast;

    /// Filters `[depth][16]` as words in pairs of depths, `[depth / 2][16][2]`, and behind them what one word of each of the
    /// 16 stands for, as 16 floats.
    void (*filters)(const float *filters, long depth, short *words);

    /// Values `[positions][count]`, finite, as words: steps[i] · word is the value to within half of steps[i]. The words of a
    /// position take the first half of its values' place; count: a multiple of 16.
    void (*round)(float *values, long position_stride, long positions, long count, float *steps);

    /// destination[i][b][p][c] = Σ_k filters[i][b][k][c] · source[i][k][p], zero at the positions in `zeros`.
    void (*product)(const bf_word_product *product);
} bf_words_kernels;

void bf_words_reference(bf_words_kernels *table);
void bf_words_avx2(bf_words_kernels *table);

#endif
