import Tensors

/// The layout of the scratch memory into which a convolution copies the rows that one stripe reads:
/// `[channels][rows][stride]`, with one column of padding at the left, so that the kernels never meet a border.
///
/// Rows are copied because planes of common sizes lie a multiple of 4 KiB apart, where all of them compete
/// for the same few cache lines; the strides here are odd multiples of 64 bytes.
struct StagedRows {
    let channels: Int
    let width: Int
    /// Output rows that one stripe computes.
    let grain: Int
    /// Floats from row to row.
    let stride: Int
    /// Floats from channel to channel.
    let channelStride: Int

    /// A stripe's scratch memory should stay within a core's second-level cache.
    private static let cacheFloats = 128 << 10

    /// Lays out stripes for an input of `channels` planes of `width` × `height`, with `extraRows` rows for
    /// every stripe beside those that it computes.
    init(channels: Int, width: Int, height: Int, extraRows: Int) {
        self.channels = channels
        self.width = width
        // The kernels read up to the width rounded up to 16, plus 2.
        stride = (width + 15) / 16 * 16 + 16
        let fitting = Self.cacheFloats / (channels * stride) - extraRows
        grain = max(min(fitting, 8, (height + 7) / 8), 2)
        let rows = (grain + extraRows) * stride
        channelStride = rows / 16 % 2 == 0 ? rows + 16 : rows
    }

    /// Floats of one stripe.
    var count: Int { channels * channelStride }
}
