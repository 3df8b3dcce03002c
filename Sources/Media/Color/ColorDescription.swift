import CFFmpeg

/// How the numbers of a frame mean colours: code points of ISO/IEC 23091-2 (those of H.264, HEVC, AV1 and libav),
/// 2 = unspecified.
public struct ColorDescription: Hashable, Sendable {
    /// Which values stand for black and white.
    public enum Range: Int32, Sendable {
        /// Not said.
        case unspecified = 0
        /// 16…235 (luma) and 16…240 (chroma) of 8 bits; "tv", "mpeg".
        case limited = 1
        /// 0…255 of 8 bits; "pc", "jpeg".
        case full = 2
    }

    /// The code point that says nothing.
    public static let unspecified: Int32 = 2

    /// Matrix coefficients: 0 RGB, 1 BT.709, 5 and 6 BT.601, 9 BT.2020…
    public var matrix: Int32
    /// Colour primaries.
    public var primaries: Int32
    /// Transfer characteristics.
    public var transfer: Int32
    /// The range of the values.
    public var range: Range

    /// Describes colours; nothing is specified by default.
    public init(
        matrix: Int32 = unspecified, primaries: Int32 = unspecified, transfer: Int32 = unspecified,
        range: Range = .unspecified
    ) {
        self.matrix = matrix
        self.primaries = primaries
        self.transfer = transfer
        self.range = range
    }

    /// The transfer's name where it is PQ or HLG; nil for standard dynamic range.
    public var highDynamicRangeTransfer: String? {
        switch UInt32(bitPattern: transfer) {
        case AVCOL_TRC_SMPTE2084.rawValue: "PQ (smpte2084)"
        case AVCOL_TRC_ARIB_STD_B67.rawValue: "HLG (arib-std-b67)"
        default: nil
        }
    }

    /// What an encoder of Y'CbCr writes for pictures that came described like this: the matrix, where it is
    /// unspecified or RGB, is BT.601 under 720 lines and BT.709 from there on, and an unspecified range is limited.
    package func resolved(height: Int) -> ColorDescription {
        var color = self
        if matrix == Self.unspecified || matrix == Int32(bitPattern: AVCOL_SPC_RGB.rawValue) {
            let guess = height < 720 ? AVCOL_SPC_SMPTE170M : AVCOL_SPC_BT709
            color.matrix = Int32(bitPattern: guess.rawValue)
        }
        if range == .unspecified { color.range = .limited }
        return color
    }
}
