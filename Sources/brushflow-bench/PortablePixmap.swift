import Foundation
import Tensors

/// Reads binary portable pixmaps (P6, 8 bit), the form in which the scripts hand pictures to the bench.
enum PortablePixmap {
    /// The picture in the file at `path`, 0…1.
    static func read(path: String) throws -> PlanarImage {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw BrushflowError(.input, "\(path): cannot read the picture: check that it exists and is readable")
        }
        let bytes = [UInt8](data)
        var fields: [Int] = []
        var offset = 2
        while fields.count < 3 && offset < bytes.count {
            let digits = bytes[offset...].prefix { (48...57).contains($0) }
            if let value = Int(String(decoding: digits, as: UTF8.self)) { fields.append(value) }
            offset += digits.count + 1
        }
        guard bytes.starts(with: Array("P6".utf8)), fields.count == 3, fields[2] == 255,
            fields[0] > 0, fields[1] > 0, bytes.count - offset == 3 * fields[0] * fields[1]
        else {
            throw BrushflowError(.content, "\(path): cannot read the picture: it is no whole P6 pixmap of 8 bit")
        }
        let count = fields[0] * fields[1]
        var values = [Float](repeating: 0, count: 3 * count)
        for i in 0..<count {
            for c in 0..<3 { values[c * count + i] = Float(bytes[offset + 3 * i + c]) / 255 }
        }
        return PlanarImage(Tensor([3, fields[1], fields[0]], values))
    }
}
