import Foundation
import OpticalFlow
import Tensors

/// Reads and writes the plain formats that `Scripts/bench-temporal` prepares: PPM (P6) and PGM (P5).
enum PortableMaps {
    /// A P5 file of 8 bits as a mask, 255 = reliable.
    static func mask(_ path: String) throws -> ReliabilityMask {
        let (width, height, bytes) = try read(path, magic: "P5", channels: 1)
        return ReliabilityMask(Tensor([1, height, width], bytes.map { Float($0) / 255 }))
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
