#ifndef BRUSHFLOW_BLOCKS_H
#define BRUSHFLOW_BLOCKS_H

/// Kernels on activations in blocks of 16 channels: `[C / 16][H][W][16]`, channels beyond C zero. "A pixel" is
/// the 16 floats of one position of one block.

/// What a Winograd convolution reads: tiles of 6×6 pixels at steps of 4, counted row by row.
typedef struct {
    const float *pixels;        // [blocks][…][width][16]
    long width;                 // pixels from row to row
    long block_stride;          // floats from block to block
    int side;                   // rows and columns of outputs of a tile: 4 or 6
    long tiles_across;          // tiles in a row of tiles
    const int *rows;            // the row that position y reads, y < side · tile rows + 2; −1: zeros
    const int *columns;         // the column that position x reads, x < side · tiles_across + 2; −1: zeros
    const float *scales;        // one per channel, NULL: pixels are read as they are
    const float *offsets;       // one per channel: scale · pixel + offset is read
    int rectify;                // and max(·, 0) of that; only with scales
} bf_winograd_source;

/// What a Winograd convolution writes: tiles of side×side pixels, those beyond width and height left out.
typedef struct {
    float *pixels;              // [blocks][height · step][width · step][16], of which every step-th is written
    long width, height;         // pixels written
    int step;                   // 1 or 2
    long block_stride;          // floats from block to block
    int side;                   // rows and columns of a tile: 4 or 6
    long tiles_across;          // tiles in a row of tiles
    const float *bias;          // one per channel
    int rectify;                // max(·, 0) is written
} bf_winograd_target;

/// Shifted sums of one block of channels: Σ (x − shift) and Σ (x − shift)².
typedef struct {
    float shift[16], sum[16], square[16];
} bf_moments;

/// A matrix product by split numbers: a float as the sum of three bfloat16, each the upper half of what the ones before
/// left, so the sum is exact. Six of the nine products of two such sums are computed; the others are below 2⁻²¹ of the
/// whole, so that a product is as exact as one of floats.
typedef struct {
    const float *source;            // [positions][depth / 16][pixels][16]
    long source_stride;             // floats from position to position
    const unsigned short *filters;  // [positions][blocks][…]: as `split_filters` writes them
    long filter_stride;             // numbers from position to position
    float *destination;             // [positions][blocks][pixels rounded up to 16][16]
    long destination_stride;        // floats from block to block
    long position_stride;           // floats from position to position
    long positions, blocks, depth, pixels;  // depth: a multiple of 32
    unsigned short *scratch;        // 96 · depth numbers
} bf_split_product;

/// Pixels rounded to bfloat16, two blocks of one column or two columns of one block side by side.
typedef struct {
    const float *pixels[2];   // [...][16]
    const int *columns[2];    // [count]: of `pixels`; −1 for zeros
    const float *scales[2];   // [16], or both NULL: pixels are read as they are
    const float *offsets[2];  // [16]
    int rectify;              // whether what is less than 0 is read as 0
    long count;
    unsigned short *target;   // [count][2][16]
} bf_rounded_pixels;

/// Rows of planes rounded to bfloat16, `factor` pixels of each of 16 / factor rows as the channels of a block.
typedef struct {
    const float *const *lines;  // [2][16 / factor]; NULL for zeros
    const int *columns[2];      // [count]: of `factor` pixels, which begins at `factor` times it; −1 for zeros
    int factor;                 // 2 or 4
    long count;
    unsigned short *target;     // [count][2][16]
} bf_rounded_lines;

/// A matrix product of bfloat16 with sums in float32, or one row of a convolution: `product` below with segments of 32
/// numbers a pixel that lie side by side.
typedef struct {
    const unsigned short *const *segments;  // [segment_count]: [pixels][32]
    long segment_count;
    const unsigned short *filters;  // [blocks][segment_count][16][16][2]: pairs of depths side by side
    const float *bias;              // [blocks][16]
    float *destination;             // [pixels][16]
    long pixel_step;                // floats from pixel to pixel, at least 16
    long destination_stride;        // floats from block to block
    long blocks, pixels;
} bf_rounded_product;

typedef struct {
    /// Whether `split_product` is faster than `product`, and `rounded_product` faster than both.
    int splits;

    /// target[i][h][c] = scales[h][c] · pixel + offsets[h][c] of the pixel columns[h][i] of pixels[h], rounded to the
    /// nearest bfloat16, to even where two are as near, and to zero where it is less than 2⁻¹²⁶.
    void (*round_pixels)(const bf_rounded_pixels *job);

    /// target[i][h][l · factor + x] = lines[h][l][columns[h][i] · factor + x], rounded as by `round_pixels`.
    void (*round_lines)(const bf_rounded_lines *job);

    /// destination[b][p][c] = bias[b][c] + Σ_s Σ_k filters[b][s · 32 + k][c] · segments[s][p · 32 + k], k < 32, p < pixels.
    /// Of every segment, pixels up to the next multiple of 16 are read.
    void (*rounded_product)(const bf_rounded_product *product);

    /// Filters `[depth][16]` as split numbers in pairs of depths, `[depth / 32][3][16][16][2]`.
    void (*split_filters)(const float *filters, long depth, unsigned short *parts);

    /// destination[i][b][p][c] = Σ_k filters[i][b][k][c] · source[i][k][p], i < positions. What is written for pixels
    /// beyond the last is undefined.
    void (*split_product)(const bf_split_product *product);

    /// A matrix product, or one row of a convolution (an indirect product), in which a row of `segments` stands for
    /// one depth `length`:
    ///
    ///     destination[b][p][c] = bias[b][c] + Σ_s Σ_k filters[b][s · length + k][c] · segments[s][p · pixel_stride + k]
    ///
    /// b < blocks, p < pixels, c < 16, sums in the order of s, then k.
    ///
    /// - filters: `[segment_count · length][16]` floats, `filter_stride` floats from block to block.
    /// - bias: `[blocks][16]` or NULL for zeros.
    /// - destination: `[pixels][16]` floats, `destination_stride` floats from block to block.
    void (*product)(const float *const *segments, long segment_count, long length, long pixel_stride,
                    const float *filters, long filter_stride, const float *bias, float *destination,
                    long destination_stride, long blocks, long pixels);

    /// The products of one block's channels with those of others, summed over positions, as Gram matrices and the
    /// gradients of filters need them:
    ///
    ///     sums[b][i][c] = Σ_p left[p][i] · right[b][p][c]
    ///
    /// b < blocks, p < count, i and c < 16, in the order of p; added to what is there unless `fresh`.
    ///
    /// - left: 16 floats a position, `left_stride` floats apart; right: `[count][16]` floats, `right_stride` floats from
    ///   block to block.
    /// - sums: `[blocks][16][16]`.
    void (*outer)(const float *left, long left_stride, const float *right, long right_stride, long blocks, long count,
                  int fresh, float *sums);

    /// BᵀdB of `tiles` tiles of one block from `first` on, F(4×4, 3×3) or F(6×6, 3×3): transformed[position ·
    /// position_stride + tile · 16 + c], position < (side + 2)².
    void (*winograd_input)(const bf_winograd_source *source, long block, long first, long tiles, float *transformed,
                           long position_stride);

    /// AᵀmA + bias of `tiles` tiles of one block from `first` on, from products laid out as
    /// `winograd_input` writes.
    void (*winograd_output)(const bf_winograd_target *target, long block, long first, long tiles,
                            const float *products, long position_stride);

    /// Σ (x − shift) and Σ (x − shift)² of `count` pixels, added to the sums.
    void (*moments)(const float *pixels, long count, bf_moments *moments);

    /// destination = scale · pixel + offset (+ addend), max(·, 0) of it if `rectify`; scales, offsets `[16]`, addend may
    /// be NULL. `destination` may be `pixels` or `addend`.
    void (*normalize)(const float *pixels, const float *scales, const float *offsets, int rectify,
                      const float *addend, float *destination, long count);

    /// `count` pixels from `channels` ≤ 16 planes, `plane_stride` floats apart; the channels beyond are zero.
    void (*gather)(const float *planes, long plane_stride, long channels, float *pixels, long count);

    /// The other way round.
    void (*scatter)(const float *pixels, float *planes, long plane_stride, long channels, long count);

    /// The columns of a convolution with `outputs` ≤ 4 output channels, whose lanes hold the taps of a row side by side:
    /// tap t, channel o in block t / n, lane t % n · outputs + o, n = 16 / outputs:
    ///
    ///     planes[o][x] = bias[o] + Σ_t products[t / n][x + t][t % n · outputs + o]
    ///
    /// - products: `[blocks][count + taps − 1][16]` floats, `block_stride` floats from block to block, three more floats
    ///   readable after the last.
    void (*fold)(const float *products, long block_stride, long taps, long outputs, const float *bias, float *planes,
                 long plane_stride, long count);

    /// destination = mean (or greatest, if `greatest`) of the 2×2 pixels of rows `top` and `bottom`, `count` of them.
    void (*pool)(const float *top, const float *bottom, int greatest, float *destination, long count);

    /// The gradient of `pool` to both rows; the first greatest in the order top left, top right, bottom left, bottom
    /// right gets all. With `rectified`, pixels that are not above 0 get none: the gradient before a ReLU that wrote them.
    void (*pool_gradient)(const float *gradient, const float *top, const float *bottom, int greatest, int rectified,
                          float *top_gradient, float *bottom_gradient, long count);
} bf_blocks_kernels;

void bf_blocks_reference(bf_blocks_kernels *table);
void bf_blocks_avx2(bf_blocks_kernels *table);
void bf_blocks_avx512(bf_blocks_kernels *table);
void bf_blocks_amx(bf_blocks_kernels *table);

#endif
