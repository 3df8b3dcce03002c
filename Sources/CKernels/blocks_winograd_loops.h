// Winograd's transforms on vectors: a part of blocks_loops.h, on parts of BLOCKS_PART lanes of a pixel.

// Bᵀ of side + 2 rows or columns.
INLINE void input_axis(const vpart *d, vpart *t, const int side) {
    if (side == 4) {
        vpart a = d[4] - 4 * d[2], b = d[3] - 4 * d[1], c = d[4] - d[2], e = d[3] - d[1];
        t[0] = (d[4] - 5 * d[2]) + 4 * d[0];
        t[1] = a + b;
        t[2] = a - b;
        t[3] = c + 2 * e;
        t[4] = c - 2 * e;
        t[5] = (d[5] - 5 * d[3]) + 4 * d[1];
        return;
    }
    t[0] = (d[0] - d[6]) + 5.25f * (d[4] - d[2]);
    t[7] = (d[7] - d[1]) + 5.25f * (d[3] - d[5]);
    vpart even = (d[2] + d[6]) - 4.25f * d[4], odd = (d[1] + d[5]) - 4.25f * d[3];
    t[1] = even + odd;
    t[2] = even - odd;
    even = d[6] + 0.25f * d[2] - 1.25f * d[4];
    odd = 0.5f * d[1] - 2.5f * d[3] + 2 * d[5];
    t[3] = even + odd;
    t[4] = even - odd;
    even = d[6] + 4 * d[2] - 5 * d[4];
    odd = 2 * d[1] - 2.5f * d[3] + 0.5f * d[5];
    t[5] = even + odd;
    t[6] = even - odd;
}

// Aᵀ of side + 2 rows or columns.
INLINE void output_axis(const vpart *m, vpart *o, const int side) {
    vpart p = m[1] + m[2], q = m[1] - m[2], r = m[3] + m[4], s = m[3] - m[4];
    if (side == 4) {
        o[0] = m[0] + p + r;
        o[1] = q + 2 * s;
        o[2] = p + 4 * r;
        o[3] = q + 8 * s + m[5];
        return;
    }
    vpart u = m[5] + m[6], w = m[5] - m[6];
    o[0] = (m[0] + p) + (r + u);
    o[1] = q + 2 * s + 0.5f * w;
    o[2] = p + 4 * r + 0.25f * u;
    o[3] = q + 8 * s + 0.125f * w;
    o[4] = p + 16 * r + 0.0625f * u;
    o[5] = q + 32 * s + 0.03125f * w + m[7];
}

// One tile; `side`, `normal` and `rectify` are constants where it is called, `rows` and `columns` have no −1. The pixels at
// `ahead`, the columns of the tile that comes next or the same, are fetched meanwhile: they lie in as many rows as a tile has,
// which is more streams than a core follows by itself. A −1 among them does no harm, as nothing is read.
INLINE void input_tile(const float *pixels, long width, const int side, const int *rows, const int *columns,
                       const int *ahead, const float *scales, const float *offsets, const int normal, const int rectify,
                       float *transformed, long position_stride) {
    const int extent = side + 2;
    ROLLED for (int lane = 0; lane < 16; lane += BLOCKS_PART) {
        vpart half[8][8], scale = {0}, offset = {0};
        if (normal) {
            scale = load_part(scales + lane);
            offset = load_part(offsets + lane);
        }
        const float *row[8];
        UNROLL for (int y = 0; y < extent; y++) { row[y] = pixels + rows[y] * width * 16 + lane; }
        ROLLED for (int x = 0; x < extent; x++) {
            vpart d[8], t[8];
            long column = (long)columns[x] * 16;
            UNROLL for (int y = 0; y < extent; y++) {
                d[y] = load_part(row[y] + column);
                if (lane == 0) { __builtin_prefetch(row[y] + (long)ahead[x] * 16, 0, 3); }
                if (normal) { d[y] = scale * d[y] + offset; }
                if (rectify) { d[y] = positive_part(d[y]); }
            }
            input_axis(d, t, side);
            UNROLL for (int y = 0; y < extent; y++) { half[y][x] = t[y]; }
        }
        ROLLED for (int y = 0; y < extent; y++) {
            vpart t[8];
            input_axis(half[y], t, side);
            UNROLL for (int x = 0; x < extent; x++) {
                store_part(transformed + (y * extent + x) * position_stride + lane, t[x]);
            }
        }
    }
}

// Copies the pixels of a tile that reads zeros, normalised, to [extent][extent][16].
INLINE void zero_tile(const float *pixels, long width, int extent, const int *rows, const int *columns,
                      const float *scales, const float *offsets, int rectify, float *copy) {
    for (int y = 0; y < extent; y++) {
        for (int x = 0; x < extent; x++) {
            v16 value = {0};
            if (rows[y] >= 0 && columns[x] >= 0) {
                value = load(pixels + ((long)rows[y] * width + columns[x]) * 16);
                if (scales != NULL) { value = load(scales) * value + load(offsets); }
                if (rectify) { value = positive(value); }
            }
            store(copy + (y * extent + x) * 16, value);
        }
    }
}

static const int sequence[8] = {0, 1, 2, 3, 4, 5, 6, 7};

// transformed [(side + 2)²][tiles][16]; `side` is a constant where it is called.
INLINE void input_tiles(const bf_winograd_source *source, const int side, long block, long first, long tiles,
                        float *transformed, long position_stride) {
    const int extent = side + 2;
    const float *pixels = source->pixels + block * source->block_stride;
    int normal = source->scales != NULL, rectify = normal && source->rectify;
    const float *scales = normal ? source->scales + block * 16 : NULL;
    const float *offsets = normal ? source->offsets + block * 16 : NULL;
    long width = source->width;
    for (long t = 0; t < tiles; t++) {
        const int *rows = source->rows + (first + t) / source->tiles_across * side;
        long across = (first + t) % source->tiles_across;
        const int *columns = source->columns + across * side;
        const int *ahead = t + 1 < tiles && across + 1 < source->tiles_across ? columns + side : columns;
        float *to = transformed + t * 16;
        int least = 0;
        for (int i = 0; i < extent; i++) { least |= rows[i] | columns[i]; }
        if (least < 0) {
            float copy[8 * 8 * 16];
            zero_tile(pixels, width, extent, rows, columns, scales, offsets, rectify, copy);
            input_tile(copy, extent, side, sequence, sequence, sequence, NULL, NULL, 0, 0, to, position_stride);
        } else if (rectify) {
            input_tile(pixels, width, side, rows, columns, ahead, scales, offsets, 1, 1, to, position_stride);
        } else if (normal) {
            input_tile(pixels, width, side, rows, columns, ahead, scales, offsets, 1, 0, to, position_stride);
        } else {
            input_tile(pixels, width, side, rows, columns, ahead, NULL, NULL, 0, 0, to, position_stride);
        }
    }
}

// transformed [(side + 2)²][tiles][16].
static void winograd_input(const bf_winograd_source *source, long block, long first, long tiles,
                           float *transformed, long position_stride) {
    if (source->side == 6) {
        input_tiles(source, 6, block, first, tiles, transformed, position_stride);
    } else {
        input_tiles(source, 4, block, first, tiles, transformed, position_stride);
    }
}

// One tile, of which `rows`×`columns` outputs are written, `step` pixels apart; `side`, `step` and `rectify` are constants where
// it is called, and so are `rows` and `columns` where the tile is whole. Where they will be written is fetched while the
// products are read.
INLINE void output_tile(const float *products, long position_stride, const int side, const float *biases,
                        const int rectify, float *pixels, long row_stride, const int step, long rows, long columns) {
    const int extent = side + 2;
    ROLLED for (int lane = 0; lane < 16; lane += BLOCKS_PART) {
        vpart half[6][8], bias = load_part(biases + lane);
        ROLLED for (int x = 0; x < extent; x++) {
            vpart m[8], o[6];
            if (lane == 0 && x < columns) {
                UNROLL for (int y = 0; y < side; y++) {
                    if (y < rows) { __builtin_prefetch(pixels + y * row_stride + x * step * 16, 1, 3); }
                }
            }
            UNROLL for (int y = 0; y < extent; y++) {
                m[y] = load_part(products + (y * extent + x) * position_stride + lane);
            }
            output_axis(m, o, side);
            UNROLL for (int y = 0; y < side; y++) { half[y][x] = o[y]; }
        }
        ROLLED for (int y = 0; y < rows; y++) {
            vpart o[6];
            output_axis(half[y], o, side);
            UNROLL for (int x = 0; x < side; x++) {
                vpart value = o[x] + bias;
                if (rectify) { value = positive_part(value); }
                if (x < columns) { store_part(pixels + y * row_stride + x * step * 16 + lane, value); }
            }
        }
    }
}

// products [(side + 2)²][tiles][16]; `side` and `step` are constants where it is called.
INLINE void output_tiles(const bf_winograd_target *target, const int side, const int step, long block, long first,
                         long tiles, const float *products, long position_stride) {
    const float *bias = target->bias + block * 16;
    long row_stride = target->width * step * step * 16;
    for (long t = 0; t < tiles; t++) {
        long top = (first + t) / target->tiles_across * side, left = (first + t) % target->tiles_across * side;
        long rows = target->height - top, columns = target->width - left;
        float *to = target->pixels + block * target->block_stride + top * row_stride + left * step * 16;
        const float *from = products + t * 16;
        if (rows < side || columns < side) {
            rows = rows < side ? rows : side;
            if (target->rectify) {
                output_tile(from, position_stride, side, bias, 1, to, row_stride, step, rows, columns);
            } else {
                output_tile(from, position_stride, side, bias, 0, to, row_stride, step, rows, columns);
            }
        } else if (target->rectify) {
            output_tile(from, position_stride, side, bias, 1, to, row_stride, step, side, side);
        } else {
            output_tile(from, position_stride, side, bias, 0, to, row_stride, step, side, side);
        }
    }
}

// products [(side + 2)²][tiles][16].
static void winograd_output(const bf_winograd_target *target, long block, long first, long tiles,
                            const float *products, long position_stride) {
    if (target->side == 6 && target->step == 2) {
        output_tiles(target, 6, 2, block, first, tiles, products, position_stride);
    } else if (target->side == 6) {
        output_tiles(target, 6, 1, block, first, tiles, products, position_stride);
    } else if (target->step == 2) {
        output_tiles(target, 4, 2, block, first, tiles, products, position_stride);
    } else {
        output_tiles(target, 4, 1, block, first, tiles, products, position_stride);
    }
}
