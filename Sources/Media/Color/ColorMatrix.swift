import CFFmpeg

/// The numbers that turn samples into R'G'B' and back (ITU-T H.273, 8.3): luma weights and the scale of a range.
struct ColorMatrix {
    /// Weight of red in luma.
    let red: Double
    /// Weight of blue in luma.
    let blue: Double

    /// - Returns: nil for a matrix that is not a weighting of R'G'B'.
    init?(code: Int32) {
        switch UInt32(bitPattern: code) {
        case AVCOL_SPC_BT709.rawValue: (red, blue) = (0.2126, 0.0722)
        case AVCOL_SPC_FCC.rawValue: (red, blue) = (0.30, 0.11)
        case AVCOL_SPC_BT470BG.rawValue, AVCOL_SPC_SMPTE170M.rawValue: (red, blue) = (0.299, 0.114)
        case AVCOL_SPC_SMPTE240M.rawValue: (red, blue) = (0.212, 0.087)
        case AVCOL_SPC_BT2020_NCL.rawValue: (red, blue) = (0.2627, 0.0593)
        default: return nil
        }
    }

    private var green: Double { 1 - red - blue }

    /// R from Cr; G from Cb; G from Cr; B from Cb.
    var toRGB: [Float] {
        let cr = 2 * (1 - red)
        let cb = 2 * (1 - blue)
        return [Float(cr), Float(-cb * blue / green), Float(-cr * red / green), Float(cb)]
    }

    /// Rows Y, Cb, Cr of the matrix on R, G, B; Y is 0…1, Cb and Cr are -0.5…0.5.
    var fromRGB: [Float] {
        let cb = 0.5 / (1 - blue)
        let cr = 0.5 / (1 - red)
        return [
            red, green, blue,
            -red * cb, -green * cb, 0.5,
            0.5, -green * cr, -blue * cr,
        ].map { Float($0) }
    }
}

/// How the samples of one range and depth map to numbers: sample = number · scale + zero.
struct SampleScale {
    let scale: Float
    let zero: Float

    /// Luma, and R, G, B: 0…1.
    static func luma(range: ColorDescription.Range, depth: Int) -> SampleScale {
        let step = Float(1 << (depth - 8))
        return range == .full
            ? SampleScale(scale: Float((1 << depth) - 1), zero: 0) : SampleScale(scale: 219 * step, zero: 16 * step)
    }

    /// Chroma: -0.5…0.5.
    static func chroma(range: ColorDescription.Range, depth: Int) -> SampleScale {
        let step = Float(1 << (depth - 8))
        return SampleScale(scale: range == .full ? Float((1 << depth) - 1) : 224 * step, zero: 128 * step)
    }
}
