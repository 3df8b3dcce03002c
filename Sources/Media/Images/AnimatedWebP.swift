import Foundation

/// Takes the first picture out of an animated WebP, which libav (5.1) does not decode.
enum AnimatedWebP {
    /// A still WebP file of the first frame; nil where the file is not animated or is cut short.
    static func firstPicture(of file: Data) -> Data? {
        let bytes = [UInt8](file.prefix(1 << 16))
        guard bytes.count > 30, tag(bytes, 12) == "VP8X", bytes[20] & 0x02 != 0 else { return nil }
        var offset = 12
        while let size = chunkSize(file, offset) {
            if tag(file, offset) == "ANMF" {
                let start = offset + 8 + 16
                let end = offset + 8 + size
                guard size > 16, end <= file.count else { return nil }
                return still(frame: file[file.startIndex + start..<file.startIndex + end], header: file, at: offset + 8)
            }
            offset += 8 + size + (size & 1)
        }
        return nil
    }

    /// `ALPH` needs the extended header in front of it; a frame without it stands alone.
    private static func still(frame: Data, header: Data, at offset: Int) -> Data {
        var body = Data("WEBP".utf8)
        if frame.prefix(4) == Data("ALPH".utf8) {
            let base = header.startIndex + offset
            body += Data("VP8X".utf8) + little(10) + Data([0x10, 0, 0, 0])
            // The frame's own width and height less one, three bytes each, follow its position.
            body += header[base + 6..<base + 12]
        }
        body += frame
        return Data("RIFF".utf8) + little(UInt32(body.count)) + body
    }

    private static func chunkSize(_ file: Data, _ offset: Int) -> Int? {
        guard offset + 8 <= file.count else { return nil }
        let base = file.startIndex + offset + 4
        return (0..<4).reduce(0) { $0 | Int(file[base + $1]) << (8 * $1) }
    }

    private static func tag(_ bytes: some RandomAccessCollection<UInt8>, _ offset: Int) -> String? {
        guard offset + 4 <= bytes.count else { return nil }
        return String(decoding: bytes.dropFirst(offset).prefix(4), as: UTF8.self)
    }

    private static func little(_ value: UInt32) -> Data {
        withUnsafeBytes(of: value.littleEndian) { Data($0) }
    }
}
