import Foundation
import Tensors

extension SafetensorsFile {
    /// The content of a safetensors file with the given tensors as F32, or rounded to F16 (`halves`) but for those of some
    /// names (`exact`), in the order of their names: the same tensors always give the same bytes.
    package static func bytes(
        tensors: [String: Tensor], metadata: [String: String] = [:], halves: Bool = false,
        exact: Set<String> = []
    ) -> Data {
        var data = Data()
        var sizes: [Int] = []
        let sorted = tensors.sorted { $0.key < $1.key }
        let types: [SafetensorsType] = sorted.map { halves && !exact.contains($0.key) ? .float16 : .float32 }
        for ((_, tensor), type) in zip(sorted, types) {
            let begin = data.count
            tensor.withFloats { floats in
                if type == .float16 {
                    let words = floats.map { Float16($0).bitPattern.littleEndian }
                    words.withUnsafeBytes { data.append(contentsOf: $0) }
                } else {
                    let words = floats.map(\.bitPattern.littleEndian)
                    words.withUnsafeBytes { data.append(contentsOf: $0) }
                }
            }
            sizes.append(data.count - begin)
        }
        return header(sorted, types: types, sizes: sizes, metadata: metadata) + data
    }

    /// The content of a safetensors file with the given tensors as F32, in pieces: without a copy of the tensors.
    package static func stream(
        tensors: [String: Tensor], metadata: [String: String], to take: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let sorted = tensors.sorted { $0.key < $1.key }
        let head = header(
            sorted, types: sorted.map { _ in .float32 }, sizes: sorted.map { $0.value.count * 4 }, metadata: metadata)
        try head.withUnsafeBytes { try take($0) }
        // Memory is little-endian on every processor that there are kernels for.
        for (_, tensor) in sorted { try tensor.withFloats { try take(UnsafeRawBufferPointer($0)) } }
    }

    /// The length and the header of a file with tensors of these names, types and sizes in bytes.
    private static func header(
        _ tensors: [(key: String, value: Tensor)], types: [SafetensorsType], sizes: [Int], metadata: [String: String]
    ) -> Data {
        var header: [String] = []
        if !metadata.isEmpty {
            let members = metadata.sorted { $0.key < $1.key }.map { "\(json($0.key)):\(json($0.value))" }
            header.append("\"__metadata__\":{\(members.joined(separator: ","))}")
        }
        var begin = 0
        for (index, (name, tensor)) in tensors.enumerated() {
            let shape = tensor.shape.dimensions.map(String.init).joined(separator: ",")
            let end = begin + sizes[index]
            header.append(
                "\(json(name)):{\"dtype\":\"\(types[index].rawValue)\",\"shape\":[\(shape)],"
                    + "\"data_offsets\":[\(begin),\(end)]}")
            begin = end
        }
        var text = Data("{\(header.joined(separator: ","))}".utf8)
        text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - text.count % 8) % 8))
        var content = Data()
        withUnsafeBytes(of: UInt64(text.count).littleEndian) { content.append(contentsOf: $0) }
        return content + text
    }

    /// Writes a file with the given tensors, whole or not at all.
    ///
    /// - Throws: `BrushflowError`, `.output`.
    package static func write(
        tensors: [String: Tensor], metadata: [String: String] = [:], halves: Bool = false, path: String
    ) throws {
        do {
            try bytes(tensors: tensors, metadata: metadata, halves: halves)
                .write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw BrushflowError(.output, "\(path): cannot write weights: \(error.localizedDescription)")
        }
    }

    private static func json(_ string: String) -> String {
        var quoted = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case "\u{8}": quoted += "\\b"
            case "\u{C}": quoted += "\\f"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
