import CFFmpeg
import Foundation
import Tensors

/// Decodes an image file's first picture. The bytes go straight to one decoder chosen by their signature: no demuxer
/// sees them, so nothing else is ever opened.
enum ImageDecoder {
    /// Files larger than this are refused.
    static let maximumBytes = 1 << 29

    static func decode(path: String, maximumPixels: Int) throws -> FrameHandle {
        try decode(try read(path), path: path, maximumPixels: maximumPixels)
    }

    /// Decodes the bytes of an image file; `path` names it in messages.
    static func decode(_ bytes: Data, path: String, maximumPixels: Int) throws -> FrameHandle {
        guard let format = ImageFormat(signatureOf: bytes.prefix(32)) else {
            let names = ImageFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw BrushflowError(.content, "\(path): is not an image that can be read (\(names))")
        }
        let kind = bytes.dropFirst().first ?? 0
        let picture = format == .webp ? AnimatedWebP.firstPicture(of: bytes) ?? bytes : bytes
        guard let codec = avcodec_find_decoder(format.decoder(kind: kind)) else {
            throw BrushflowError(.content, "\(path): this libav cannot decode \(format.rawValue)")
        }
        let context = try CodecContextHandle(codec)
        // libav counts padded rows; the exact limit is checked below.
        let limit = min(max(maximumPixels, 1), 1 << 40)
        context.pointer.pointee.max_pixels = Int64(2 * limit + 1 << 16)
        context.pointer.pointee.thread_count = 1
        LibavLog.clear()
        var code = avcodec_open2(context.pointer, codec, nil)
        guard code >= 0 else {
            throw LibavError.failure(.content, "\(path): cannot decode", function: "avcodec_open2", code: code)
        }
        code = try send(picture, to: context)
        let frame = try FrameHandle()
        if code >= 0 { code = avcodec_send_packet(context.pointer, nil) }
        if code >= 0 { code = avcodec_receive_frame(context.pointer, frame.pointer) }
        guard code >= 0, frame.pointer.pointee.width > 0, frame.pointer.pointee.height > 0 else {
            throw failure(context, path: path, format: format, code: code, limit: limit)
        }
        let size = (width: Int(frame.pointer.pointee.width), height: Int(frame.pointer.pointee.height))
        guard size.width * size.height <= limit else { throw tooLarge(path, size, limit: limit) }
        try refuseInkColours(frame, format: format, path: path)
        return frame
    }

    /// The turn that the picture's EXIF block asks for.
    static func orientation(of frame: FrameHandle) -> PixelRotation {
        let value = SideTags.value("Orientation", in: frame.pointer.pointee.metadata)
        return PixelRotation(exifOrientation: Int(value.trimmingCharacters(in: .whitespaces)) ?? 1)
    }

    private static func read(_ path: String) throws -> Data {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw BrushflowError(.input, "\(path): \(String(cString: strerror(errno)))")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw BrushflowError(.input, "\(path): is not a regular file")
        }
        guard status.st_size <= maximumBytes else {
            throw BrushflowError(
                .content, "\(path): has \(status.st_size) bytes; an image file may have at most \(maximumBytes)")
        }
        guard access(path, R_OK) == 0 else {
            throw BrushflowError(.input, "\(path): \(String(cString: strerror(errno)))")
        }
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw BrushflowError(.input, "\(path): cannot be read")
        }
        return bytes
    }

    private static func send(_ bytes: Data, to context: CodecContextHandle) throws -> Int32 {
        let packet = try PacketHandle()
        guard av_new_packet(packet.pointer, Int32(bytes.count)) >= 0 else {
            throw LibavError.outOfMemory("av_new_packet")
        }
        bytes.withUnsafeBytes {
            UnsafeMutableRawBufferPointer(start: packet.pointer.pointee.data, count: bytes.count).copyMemory(from: $0)
        }
        return avcodec_send_packet(context.pointer, packet.pointer)
    }

    private static func failure(
        _ context: CodecContextHandle, path: String, format: ImageFormat, code: Int32, limit: Int
    ) -> BrushflowError {
        // One thread decodes: what others say is about other files.
        let line = LibavLog.lastLineOfThread
        var size = (width: Int(context.pointer.pointee.width), height: Int(context.pointer.pointee.height))
        // A decoder that refuses a size forgets it; the log line has it.
        if let named = line.firstMatch(of: /Picture size ([0-9]+)x([0-9]+)/) {
            size = (Int(named.1) ?? 0, Int(named.2) ?? 0)
        }
        if Double(size.width) * Double(size.height) > Double(limit) { return tooLarge(path, size, limit: limit) }
        let reason = line.isEmpty ? LibavError.words(for: code) : line
        return BrushflowError(.content, "\(path): is a damaged \(format.rawValue) image (\(reason))")
    }

    private static func tooLarge(_ path: String, _ size: (width: Int, height: Int), limit: Int) -> BrushflowError {
        BrushflowError(
            .content,
            "\(path): has \(size.width)×\(size.height) pixels, more than the limit of \(limit); raise limits.pixels")
    }

    /// Four-channel JPEGs hold cyan, magenta, yellow and black, which libav passes on as if they were light.
    private static func refuseInkColours(_ frame: FrameHandle, format: ImageFormat, path: String) throws {
        let pixelFormat = AVPixelFormat(rawValue: frame.pointer.pointee.format)
        guard format == .jpeg, let description = av_pix_fmt_desc_get(pixelFormat), description.pointee.nb_components > 3
        else { return }
        throw BrushflowError(.content, "\(path): is a CMYK JPEG; convert it to RGB first")
    }
}
