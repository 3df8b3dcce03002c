import Foundation
import Tensors

/// Middlebury's `.flo`: the tag `PIEH`, width and height (Int32), then u and v of each pixel in turn, row by row
/// (Float32), all little-endian.
package enum FlowFile {
    private static let tag = Data("PIEH".utf8)
    private static let header = 12
    private static let longestSide = 1 << 16

    /// Reads a flow field. Unknown flow keeps its marker, a component above 1e9.
    ///
    /// - Throws: `BrushflowError` (`input`) where the file cannot be read, (`content`) where it is not a whole flow
    ///   file; the size in its header is compared with the length of the file before memory is taken for it.
    package static func read(path: String) throws(BrushflowError) -> FlowField {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
        } catch {
            throw BrushflowError(.input, "\(path): cannot read the flow file: check that it exists and is readable")
        }
        guard data.count >= header else {
            throw BrushflowError(
                .content,
                "\(path): cannot read the flow file: it has \(data.count) bytes, fewer than a header's \(header); "
                    + "make the file anew")
        }
        guard data.prefix(4) == tag else {
            let bytes = data.prefix(4).map { ("0" + String($0, radix: 16)).suffix(2) }.joined(separator: " ")
            throw BrushflowError(
                .content,
                "\(path): cannot read the flow file: it begins with the bytes \(bytes), not with 'PIEH'; "
                    + "give a Middlebury .flo file")
        }
        let width = Int(Int32(truncatingIfNeeded: word(of: data, at: 4)))
        let height = Int(Int32(truncatingIfNeeded: word(of: data, at: 8)))
        guard (1...longestSide).contains(width) && (1...longestSide).contains(height) else {
            throw BrushflowError(
                .content,
                "\(path): cannot read the flow file: its header says \(width)×\(height) pixels, "
                    + "each side must be 1 to \(longestSide)")
        }
        let expected = header + 8 * width * height
        guard data.count == expected else {
            throw BrushflowError(
                .content,
                "\(path): cannot read the flow file: it has \(data.count) bytes, but \(width)×\(height) pixels "
                    + "take \(expected); make the file anew")
        }
        var tensor = Tensor(uninitialized: [2, height, width])
        let count = width * height
        tensor.withMutableFloats { floats in
            for i in 0..<count {
                floats[i] = Float(bitPattern: word(of: data, at: header + 8 * i))
                floats[count + i] = Float(bitPattern: word(of: data, at: header + 8 * i + 4))
            }
        }
        return FlowField(tensor)
    }

    /// Writes a flow field, replacing a file of that name once all is written.
    ///
    /// - Throws: `BrushflowError` (`output`) where the file cannot be written.
    package static func write(_ flow: FlowField, path: String) throws(BrushflowError) {
        let count = flow.width * flow.height
        var data = tag
        data.reserveCapacity(header + 8 * count)
        append(UInt32(flow.width), to: &data)
        append(UInt32(flow.height), to: &data)
        flow.tensor.withFloats { floats in
            for i in 0..<count {
                append(floats[i].bitPattern, to: &data)
                append(floats[count + i].bitPattern, to: &data)
            }
        }
        do {
            try data.write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw BrushflowError(
                .output, "\(path): cannot write the flow file: check that its folder exists and can be written")
        }
    }

    private static func word(of data: Data, at offset: Int) -> UInt32 {
        data.withUnsafeBytes { UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }
    }

    private static func append(_ word: UInt32, to data: inout Data) {
        withUnsafeBytes(of: word.littleEndian) { data.append(contentsOf: $0) }
    }
}
