import Foundation
import NeuralNet
import Tensors
import Testing

/// A golden case: a model, what went in, and what ONNX Runtime or PyTorch gave. See Scripts/golden/onnx_graphs.py.
struct ONNXCase: CustomTestStringConvertible, Sendable {
    let name: String
    let model: Data
    let input: Tensor
    let output: Tensor

    var testDescription: String { name }

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Golden/onnx")

    /// The cases of a file; a case without a model runs the one before it.
    static func read(_ file: String) throws -> [ONNXCase] {
        let data = try Data(contentsOf: folder.appendingPathComponent(file))
        var position = 0
        func count() -> Int {
            defer { position += 4 }
            return data.withUnsafeBytes {
                Int(UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: UInt32.self)))
            }
        }
        func bytes(_ count: Int) -> Data {
            defer { position += count }
            return data.subdata(in: position..<position + count)
        }
        func tensor() -> Tensor {
            let rank = count()
            let shape = Shape((0..<rank).map { _ in count() })
            let values = bytes(shape.count * 4).withUnsafeBytes { raw in
                (0..<shape.count).map { raw.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
            }
            return Tensor(shape, values)
        }
        var cases: [ONNXCase] = []
        while position < data.count {
            let name = String(decoding: bytes(count()), as: UTF8.self)
            let model = bytes(count())
            cases.append(
                ONNXCase(
                    name: name, model: model.isEmpty ? cases.last?.model ?? Data() : model, input: tensor(),
                    output: tensor()))
        }
        return cases
    }
}
