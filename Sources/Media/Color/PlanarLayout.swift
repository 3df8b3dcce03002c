import CFFmpeg

/// Where the samples of a pixel format lie, for formats that hold one sample a time in each plane, 8 to 16 bits,
/// with chroma at full or half density.
struct PlanarLayout: Equatable {
    /// Bits of a sample.
    let depth: Int
    /// Log2 of luma columns per chroma column.
    let chromaShiftX: Int
    /// Log2 of luma rows per chroma row.
    let chromaShiftY: Int
    /// Whether the planes are red, green and blue.
    let isRGB: Bool
    /// The planes of Y, Cb, Cr or of R, G, B; one plane for grey.
    let planes: [Int]

    /// The highest sample.
    var highest: Float { Float((1 << depth) - 1) }

    /// - Returns: nil for packed, big-endian, palette, float and other formats that need repacking first.
    init?(_ format: AVPixelFormat) {
        guard let pointer = av_pix_fmt_desc_get(format) else { return nil }
        let description = pointer.pointee
        let barred =
            AV_PIX_FMT_FLAG_BE | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_HWACCEL
            | AV_PIX_FMT_FLAG_BAYER | AV_PIX_FMT_FLAG_FLOAT
        guard description.flags & UInt64(barred) == 0, description.nb_components > 0 else { return nil }
        let all = [description.comp.0, description.comp.1, description.comp.2, description.comp.3]
        // The fourth component, or the second of two, is alpha.
        let used = description.nb_components >= 3 ? Array(all[0..<3]) : [all[0]]
        let depth = Int(used[0].depth)
        let step = depth > 8 ? 2 : 1
        guard (8...16).contains(depth), Set(used.map(\.plane)).count == used.count,
            used.allSatisfy({ $0.depth == depth && $0.shift == 0 && $0.offset == 0 && $0.step == step }),
            description.log2_chroma_w <= 1, description.log2_chroma_h <= 1
        else { return nil }
        self.depth = depth
        chromaShiftX = used.count == 1 ? 0 : Int(description.log2_chroma_w)
        chromaShiftY = used.count == 1 ? 0 : Int(description.log2_chroma_h)
        isRGB = description.flags & UInt64(AV_PIX_FMT_FLAG_RGB) != 0
        planes = used.map { Int($0.plane) }
    }

    /// The format with this layout's kind of samples that `format` is repacked into; nil where there is none.
    static func repacked(_ format: AVPixelFormat) -> AVPixelFormat? {
        guard let pointer = av_pix_fmt_desc_get(format) else { return nil }
        let description = pointer.pointee
        let flags = description.flags
        guard flags & UInt64(AV_PIX_FMT_FLAG_HWACCEL) == 0, description.nb_components > 0 else { return nil }
        let depth = flags & UInt64(AV_PIX_FMT_FLAG_FLOAT) != 0 ? 16 : Int(description.comp.0.depth)
        if description.nb_components < 3, flags & UInt64(AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL) == 0 {
            return depth > 8 ? AV_PIX_FMT_GRAY16LE : AV_PIX_FMT_GRAY8
        }
        let isXYZ = format == AV_PIX_FMT_XYZ12LE || format == AV_PIX_FMT_XYZ12BE
        if isXYZ || flags & UInt64(AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BAYER) != 0 {
            return depth > 8 ? AV_PIX_FMT_GBRP16LE : AV_PIX_FMT_GBRP
        }
        let column = depth <= 8 ? 0 : depth <= 10 ? 1 : depth <= 12 ? 2 : 3
        switch (description.log2_chroma_w, description.log2_chroma_h) {
        case (1, 1):
            return [AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUV420P10LE, AV_PIX_FMT_YUV420P12LE, AV_PIX_FMT_YUV420P16LE][column]
        case (1, 0):
            return [AV_PIX_FMT_YUV422P, AV_PIX_FMT_YUV422P10LE, AV_PIX_FMT_YUV422P12LE, AV_PIX_FMT_YUV422P16LE][column]
        default:
            return [AV_PIX_FMT_YUV444P, AV_PIX_FMT_YUV444P10LE, AV_PIX_FMT_YUV444P12LE, AV_PIX_FMT_YUV444P16LE][column]
        }
    }
}
