import CFFmpeg
import Foundation

/// The kinds of image file that are read, told apart by their first bytes; a file's name says nothing.
enum ImageFormat: String, CaseIterable {
    case png = "PNG"
    case jpeg = "JPEG"
    case pnm = "PPM"
    case webp = "WebP"
    case bmp = "BMP"
    case tiff = "TIFF"
    case gif = "GIF"

    /// The extensions of files that a directory of frames consists of, each with its format.
    static let extensions: [String: ImageFormat] = [
        "png": .png, "jpg": .jpeg, "jpeg": .jpeg, "ppm": .pnm, "pgm": .pnm, "pnm": .pnm, "webp": .webp, "bmp": .bmp,
        "tif": .tiff, "tiff": .tiff,
    ]

    /// Looks at a file's first bytes; nil where they are none of these formats'.
    init?(signatureOf bytes: Data) {
        func starts(_ signature: [UInt8], at offset: Int = 0) -> Bool {
            bytes.dropFirst(offset).starts(with: signature)
        }
        if starts([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            self = .png
        } else if starts([0xFF, 0xD8, 0xFF]) {
            self = .jpeg
        } else if starts(Array("RIFF".utf8)), starts(Array("WEBP".utf8), at: 8) {
            self = .webp
        } else if starts(Array("GIF8".utf8)) {
            self = .gif
        } else if starts([0x49, 0x49, 0x2A, 0]) || starts([0x4D, 0x4D, 0, 0x2A]) {
            self = .tiff
        } else if starts(Array("BM".utf8)), bytes.count > 26, starts([0, 0, 0, 0], at: 6) {
            self = .bmp
        } else if bytes.count > 2, bytes.first == 0x50, let kind = bytes.dropFirst().first,
            (0x31...0x37).contains(kind),
            let space = bytes.dropFirst(2).first, [0x20, 0x09, 0x0A, 0x0D, 0x23].contains(space)
        {
            self = .pnm
        } else {
            return nil
        }
    }

    /// libav's decoder; `kind` is the digit of a `P6` signature.
    func decoder(kind: UInt8) -> AVCodecID {
        switch self {
        case .png: AV_CODEC_ID_PNG
        case .jpeg: AV_CODEC_ID_MJPEG
        case .webp: AV_CODEC_ID_WEBP
        case .bmp: AV_CODEC_ID_BMP
        case .tiff: AV_CODEC_ID_TIFF
        case .gif: AV_CODEC_ID_GIF
        case .pnm:
            switch kind {
            case 0x31, 0x34: AV_CODEC_ID_PBM
            case 0x32, 0x35: AV_CODEC_ID_PGM
            case 0x37: AV_CODEC_ID_PAM
            default: AV_CODEC_ID_PPM
            }
        }
    }
}
