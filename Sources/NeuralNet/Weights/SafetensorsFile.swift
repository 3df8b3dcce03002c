import Foundation
import Tensors

/// The tensors of a safetensors file, checked as a whole when it is read: every tensor lies within the file,
/// none overlaps another, and no byte is left over.
///
/// Types F32, F16 and BF16 are read, all as Float32.
package struct SafetensorsFile: Sendable {
    /// What the file is called in messages: the last part of its path.
    package let name: String
    /// The strings under `__metadata__`.
    package let metadata: [String: String]

    private struct Entry {
        let type: SafetensorsType
        let shape: Shape
        let bytes: Range<Int>
    }

    private let entries: [String: Entry]
    private let content: Data

    /// The greatest header that is read, in bytes.
    private static let greatestHeader = 16 << 20

    /// The names of the tensors, sorted.
    package var names: [String] { entries.keys.sorted() }

    /// Reads a file of at most `maximumBytes` (`limits.tensorBytes`).
    ///
    /// - Throws: `BrushflowError`, `.input` where it cannot be read, `.content` where it is no valid safetensors
    ///   file, or a larger one.
    package static func read(path: String, maximumBytes: Int = TensorBytesLimit.usual) throws -> SafetensorsFile {
        let name = URL(fileURLWithPath: path).lastPathComponent
        guard FileManager.default.fileExists(atPath: path) else {
            throw BrushflowError(.input, "\(path): cannot read weights: there is no such file")
        }
        guard let size = RegularFile.size(path: path) else {
            throw BrushflowError(.input, "\(path): cannot read weights: it is not a regular file")
        }
        guard size <= maximumBytes else {
            throw BrushflowError(
                .content,
                "\(name): cannot read weights: the file has \(size) bytes, more than \(maximumBytes)\(TensorBytesLimit.remedy)"
            )
        }
        let content: Data
        do {
            content = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw BrushflowError(.input, "\(path): cannot read weights: \(error.localizedDescription)")
        }
        return try read(bytes: content, name: name)
    }

    /// Reads the content of a file, which messages call `name`.
    ///
    /// - Throws: `BrushflowError`, `.content`.
    package static func read(bytes: Data, name: String) throws -> SafetensorsFile {
        do {
            return try SafetensorsFile(content: Data(bytes), name: name)
        } catch {
            throw BrushflowError(.content, "\(name): cannot read weights: \(error.message)")
        }
    }

    /// The tensor of a name.
    ///
    /// - Throws: `BrushflowError`, `.content`, where there is none.
    package func tensor(named key: String) throws -> Tensor {
        guard let entry = entries[key] else {
            throw BrushflowError(.content, "\(name): \(quoted(key)) is missing")
        }
        var tensor = Tensor(uninitialized: entry.shape)
        tensor.withMutableFloats { floats in
            content.withUnsafeBytes { bytes in
                entry.type.convert(UnsafeRawBufferPointer(rebasing: bytes[entry.bytes]), to: floats)
            }
        }
        return tensor
    }

    /// The shape of the tensor of a name, or nil where there is none.
    package func shape(of key: String) -> Shape? { entries[key]?.shape }

    private init(content: Data, name: String) throws(SafetensorsHeader.Fault) {
        guard content.count >= 8 else {
            throw .init(message: "it has \(content.count) bytes, too few for a safetensors file")
        }
        let length = content.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(content.count - 8) else {
            throw .init(
                message: "it is truncated or no safetensors file: the header should have \(length) bytes, "
                    + "\(content.count - 8) are there")
        }
        guard length <= UInt64(Self.greatestHeader) else {
            throw .init(message: "the header has \(length) bytes, more than \(Self.greatestHeader)")
        }
        let start = 8 + Int(length)
        let header = try SafetensorsHeader(Array(content[8..<start]))
        var entries: [String: Entry] = [:]
        for (key, entry) in header.entries {
            entries[key] = try Self.check(entry, key: key, start: start, dataCount: content.count - start)
        }
        try Self.checkCoverage(entries, start: start, end: content.count)
        self.entries = entries
        self.content = content
        self.name = name
        metadata = header.metadata
    }

    private static func check(
        _ entry: SafetensorsHeader.Entry, key: String, start: Int, dataCount: Int
    ) throws(SafetensorsHeader.Fault) -> Entry {
        guard let type = SafetensorsType(rawValue: entry.type) else {
            let known = SafetensorsType.allCases.map(\.rawValue).joined(separator: ", ")
            throw .init(message: "\(quoted(key)) has type \(quoted(entry.type)), not one of \(known)")
        }
        guard entry.shape.count <= 8, entry.shape.allSatisfy({ $0 >= 0 }) else {
            throw .init(message: "\(quoted(key)) has shape \(abbreviated(entry.shape))")
        }
        guard entry.offsets.count == 2, entry.offsets[0] >= 0, entry.offsets[0] <= entry.offsets[1] else {
            throw .init(message: "\(quoted(key)) has data offsets \(abbreviated(entry.offsets))")
        }
        guard entry.offsets[1] <= dataCount else {
            throw .init(
                message: "\(quoted(key)) ends at byte \(entry.offsets[1]) of the data, which has \(dataCount) bytes")
        }
        // An extent of 0 makes any other product 0, so it may not be left to overflow first.
        let factors = entry.shape.contains(0) ? [0] : entry.shape
        let size = factors.reduce(Int?(type.size)) { product, extent in
            guard let (value, overflow) = product?.multipliedReportingOverflow(by: extent), !overflow else {
                return nil
            }
            return value
        }
        let bytes = entry.offsets[1] - entry.offsets[0]
        guard size == bytes else {
            throw .init(
                message: "\(quoted(key)) has shape \(entry.shape) of \(type.rawValue) but \(bytes) bytes of data")
        }
        // A shape with extents of 0 beside huge ones would overflow where its product is taken again.
        guard size != 0 || entry.shape.allSatisfy({ $0 <= 1 << 7 }) else {
            throw .init(message: "\(quoted(key)) has shape \(entry.shape)")
        }
        return Entry(
            type: type, shape: Shape(entry.shape), bytes: start + entry.offsets[0]..<start + entry.offsets[1])
    }

    private static func checkCoverage(
        _ entries: [String: Entry], start: Int, end: Int
    ) throws(SafetensorsHeader.Fault) {
        var position = start
        let ordered = entries.sorted {
            ($0.value.bytes.lowerBound, $0.value.bytes.upperBound, $0.key)
                < ($1.value.bytes.lowerBound, $1.value.bytes.upperBound, $1.key)
        }
        for (key, entry) in ordered {
            guard entry.bytes.lowerBound >= position else {
                throw .init(message: "\(quoted(key)) overlaps another tensor")
            }
            guard entry.bytes.lowerBound == position else {
                throw .init(
                    message: "\(entry.bytes.lowerBound - position) bytes before \(quoted(key)) belong to no tensor")
            }
            position = entry.bytes.upperBound
        }
        guard position == end else {
            throw .init(message: "\(end - position) bytes at the end belong to no tensor")
        }
    }

    private static func abbreviated(_ values: [Int]) -> String {
        values.count <= 8 ? "\(values)" : "[\(values.prefix(8).map(String.init).joined(separator: ", ")), …]"
    }
}
