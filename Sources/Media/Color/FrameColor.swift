import CFFmpeg

/// Reads libav's colour tags.
enum FrameColor {
    /// The tags of a stream. RGB has no matrix and no range to keep for a Y'CbCr output: both are left unspecified.
    static func description(of parameters: AVCodecParameters) -> ColorDescription {
        color(
            matrix: parameters.color_space, primaries: parameters.color_primaries, transfer: parameters.color_trc,
            range: parameters.color_range, format: AVPixelFormat(parameters.format))
    }

    /// The tags of a frame, completed by its stream's and then resolved: what its samples are read by.
    static func resolved(_ frame: AVFrame, stream: ColorDescription, codec: AVCodecID) -> ColorDescription {
        let format = AVPixelFormat(frame.format)
        var color = color(
            matrix: frame.colorspace, primaries: frame.color_primaries, transfer: frame.color_trc,
            range: frame.color_range, format: format)
        let open = ColorDescription.unspecified
        if color.matrix == open { color.matrix = stream.matrix }
        if color.primaries == open { color.primaries = stream.primaries }
        if color.transfer == open { color.transfer = stream.transfer }
        if color.range == .unspecified { color.range = stream.range }
        if color.range == .unspecified, isGrey(format), stillCodecs.contains(codec) { color.range = .full }
        return color.resolved(height: Int(frame.height))
    }

    private static func color(
        matrix: AVColorSpace, primaries: AVColorPrimaries, transfer: AVColorTransferCharacteristic, range: AVColorRange,
        format: AVPixelFormat
    ) -> ColorDescription {
        var color = ColorDescription(
            matrix: known(matrix.rawValue), primaries: known(primaries.rawValue), transfer: known(transfer.rawValue),
            range: ColorDescription.Range(rawValue: Int32(bitPattern: range.rawValue)) ?? .unspecified)
        if isRGB(format) {
            color.matrix = ColorDescription.unspecified
            color.range = .unspecified
        } else if color.range == .unspecified, isFullRangeByName(format) {
            color.range = .full
        }
        return color
    }

    /// Code point 0 is reserved except for the RGB matrix, which Y'CbCr samples do not have; some files carry it.
    private static func known(_ code: UInt32) -> Int32 {
        code == 0 || code == 3 ? ColorDescription.unspecified : Int32(bitPattern: code)
    }

    private static func isRGB(_ format: AVPixelFormat) -> Bool {
        guard let description = av_pix_fmt_desc_get(format) else { return false }
        return description.pointee.flags & UInt64(AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL) != 0
    }

    private static func isGrey(_ format: AVPixelFormat) -> Bool {
        guard let description = av_pix_fmt_desc_get(format) else { return false }
        return description.pointee.nb_components < 3
    }

    private static func isFullRangeByName(_ format: AVPixelFormat) -> Bool {
        av_get_pix_fmt_name(format).map { String(cString: $0).hasPrefix("yuvj") } ?? false
    }

    /// Codecs of pictures, whose grey runs from 0 to the highest value.
    private static let stillCodecs: Set<AVCodecID> = [
        AV_CODEC_ID_PNG, AV_CODEC_ID_APNG, AV_CODEC_ID_BMP, AV_CODEC_ID_TIFF, AV_CODEC_ID_PGM, AV_CODEC_ID_PAM,
        AV_CODEC_ID_PPM, AV_CODEC_ID_GIF, AV_CODEC_ID_TARGA, AV_CODEC_ID_MJPEG,
    ]
}
