import Foundation
import OpticalFlow
import Tensors

/// Reads and writes the plain formats that `Scripts/bench-temporal` prepares: PPM (P6), PGM (P5), and
/// Middlebury's .flo.
enum PortableMaps {
    /// A P6 file of 8 bits as a picture of 0…1.
    static func picture(_ path: String) throws -> PlanarImage {
        let (width, height, bytes) = try read(path, magic: "P6", channels: 3)
        var tensor = Tensor([3, height, width])
        tensor.withMutableFloats { floats in
            for index in 0..<height * width {
                for channel in 0..<3 {
                    floats[channel * height * width + index] = Float(bytes[index * 3 + channel]) / 255
                }
            }
        }
        return PlanarImage(tensor)
    }

    /// A P5 file of 8 bits as a mask, 255 = reliable.
    static func mask(_ path: String) throws -> ReliabilityMask {
        let (width, height, bytes) = try read(path, magic: "P5", channels: 1)
        return ReliabilityMask(Tensor([1, height, width], bytes.map { Float($0) / 255 }))
    }

    /// A .flo file.
    static func flow(_ path: String) throws -> FlowField {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        let words: [UInt32] = data.withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map {
                UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self))
            }
        }
        guard words.count > 3, Float(bitPattern: words[0]) == 202021.25,
            words.count == 3 + 2 * Int(words[1]) * Int(words[2])
        else { throw BrushflowError(.content, "\(path): not a .flo file") }
        let (width, height) = (Int(words[1]), Int(words[2]))
        var tensor = Tensor([2, height, width])
        tensor.withMutableFloats { floats in
            for index in 0..<height * width {
                floats[index] = Float(bitPattern: words[3 + 2 * index])
                floats[height * width + index] = Float(bitPattern: words[4 + 2 * index])
            }
        }
        return FlowField(tensor)
    }

    /// Writes a picture as P6, rounded to 8 bits.
    static func write(_ picture: PlanarImage, to path: String) throws {
        let count = picture.width * picture.height
        var data = Data("P6\n\(picture.width) \(picture.height)\n255\n".utf8)
        let values = picture.tensor.values
        for index in 0..<count {
            for channel in 0..<3 {
                data.append(UInt8(max(0, min(255, (values[channel * count + index] * 255).rounded()))))
            }
        }
        try data.write(to: URL(fileURLWithPath: path))
    }

    private static func read(_ path: String, magic: String, channels: Int) throws -> (Int, Int, [UInt8]) {
        let data = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        var fields: [String] = []
        var position = 0
        while fields.count < 4, position < data.count {
            let end = data[position...].firstIndex { $0 == 10 || $0 == 32 } ?? data.count
            fields.append(String(decoding: data[position..<end], as: UTF8.self))
            position = end + 1
        }
        guard fields.count == 4, fields[0] == magic, let width = Int(fields[1]), let height = Int(fields[2]),
            fields[3] == "255", data.count == position + width * height * channels
        else { throw BrushflowError(.content, "\(path): not a plain \(magic) file of 8 bits") }
        return (width, height, Array(data[position...]))
    }
}
