import CFFmpeg
import Foundation
import Tensors

/// Encodes a picture as one image file's bytes.
struct ImageEncoder {
    private let codec: UnsafePointer<AVCodec>
    private let pixelFormat: AVPixelFormat
    private let quantizer: Int

    /// Chooses the encoder by the extension of `path`.
    ///
    /// - Parameter quantizer: JPEG's, 1 (finest) … 31.
    /// - Throws: `.usage` where images are not written under that extension.
    init(path: String, quantizer: Int = 2) throws {
        self.quantizer = quantizer
        let suffix = (path as NSString).pathExtension.lowercased()
        let (id, format): (AVCodecID, AVPixelFormat) =
            switch suffix {
            case "png": (AV_CODEC_ID_PNG, AV_PIX_FMT_RGB24)
            case "ppm": (AV_CODEC_ID_PPM, AV_PIX_FMT_RGB24)
            case "jpg", "jpeg": (AV_CODEC_ID_MJPEG, AV_PIX_FMT_YUVJ444P)
            case "webp": (AV_CODEC_ID_WEBP, AV_PIX_FMT_BGRA)
            default: (AV_CODEC_ID_NONE, AV_PIX_FMT_NONE)
            }
        guard id != AV_CODEC_ID_NONE else {
            let found = suffix.isEmpty ? "has no extension" : "has the extension '.\(suffix)'"
            throw BrushflowError(
                .usage, "\(path): the output \(found); an image is written as one of .png, .jpg, .ppm, .webp")
        }
        let encoder = id == AV_CODEC_ID_WEBP ? avcodec_find_encoder_by_name("libwebp") : avcodec_find_encoder(id)
        guard let encoder else {
            throw BrushflowError(.usage, "\(path): this libav has no encoder for .\(suffix); write .png instead")
        }
        codec = encoder
        pixelFormat = format
    }

    func encode(_ image: PlanarImage, path: String) throws -> Data {
        let context = try CodecContextHandle(codec)
        let e = context.pointer
        e.pointee.width = Int32(image.width)
        e.pointee.height = Int32(image.height)
        e.pointee.pix_fmt = pixelFormat
        e.pointee.time_base = AVRational(num: 1, den: 25)
        e.pointee.thread_count = 1
        e.pointee.flags |= AV_CODEC_FLAG_BITEXACT
        if codec.pointee.id == AV_CODEC_ID_MJPEG {
            e.pointee.flags |= AV_CODEC_FLAG_QSCALE
            e.pointee.global_quality = Int32(quantizer) * FF_QP2LAMBDA
            e.pointee.qmin = 1
        }
        if codec.pointee.id == AV_CODEC_ID_WEBP { av_opt_set(e.pointee.priv_data, "lossless", "1", 0) }
        if codec.pointee.id == AV_CODEC_ID_PNG { av_opt_set(e.pointee.priv_data, "pred", "paeth", 0) }
        LibavLog.clear()
        var code = avcodec_open2(e, codec, nil)
        guard code >= 0 else {
            throw LibavError.failure(.output, "\(path): cannot encode", function: "avcodec_open2", code: code)
        }
        let frame = try FrameHandle()
        let f = frame.pointer
        f.pointee.width = e.pointee.width
        f.pointee.height = e.pointee.height
        f.pointee.format = pixelFormat.rawValue
        f.pointee.pts = 0
        f.pointee.quality = e.pointee.global_quality
        guard av_frame_get_buffer(f, 0) >= 0 else { throw LibavError.outOfMemory("av_frame_get_buffer") }
        fill(frame, from: image)
        code = avcodec_send_frame(e, f)
        if code >= 0 { code = avcodec_send_frame(e, nil) }
        let packet = try PacketHandle()
        if code >= 0 { code = avcodec_receive_packet(e, packet.pointer) }
        guard code >= 0, let bytes = packet.pointer.pointee.data else {
            throw LibavError.failure(.output, "\(path): cannot encode", function: "avcodec_receive_packet", code: code)
        }
        return Data(bytes: bytes, count: Int(packet.pointer.pointee.size))
    }

    private func fill(_ frame: FrameHandle, from image: PlanarImage) {
        let f = frame.pointer
        let (width, height) = (image.width, image.height)
        let count = width * height
        let lines = f.pointee.linesize
        let strides = [Int(lines.0), Int(lines.1), Int(lines.2)]
        let data = [f.pointee.data.0, f.pointee.data.1, f.pointee.data.2]
        guard let first = data[0] else { return }
        image.tensor.withFloats { light in
            for y in 0..<height {
                for x in 0..<width {
                    let i = y * width + x
                    let (r, g, b) = (unit(light[i]), unit(light[count + i]), unit(light[2 * count + i]))
                    switch pixelFormat {
                    case AV_PIX_FMT_RGB24:
                        let at = first + y * strides[0] + 3 * x
                        (at[0], at[1], at[2]) = (byte(r * 255), byte(g * 255), byte(b * 255))
                    case AV_PIX_FMT_BGRA:
                        let at = first + y * strides[0] + 4 * x
                        (at[0], at[1], at[2], at[3]) = (byte(b * 255), byte(g * 255), byte(r * 255), 255)
                    default:
                        // JFIF: BT.601, full range.
                        let luma = 0.299 * r + 0.587 * g + 0.114 * b
                        let channels = [luma * 255, 128 + 255 * (b - luma) / 1.772, 128 + 255 * (r - luma) / 1.402]
                        for plane in 0..<3 { data[plane]?[y * strides[plane] + x] = byte(channels[plane]) }
                    }
                }
            }
        }
    }

    /// 0…1; what is no number is black.
    private func unit(_ value: Float) -> Float { value > 0 ? (value < 1 ? value : 1) : 0 }

    private func byte(_ value: Float) -> UInt8 { UInt8(min(max(value + 0.5, 0), 255)) }
}
