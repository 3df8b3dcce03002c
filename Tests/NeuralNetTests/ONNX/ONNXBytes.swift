import Foundation

/// Writes ONNX models field by field, wrong ones too.
struct ONNXBytes {
    private(set) var data = Data()

    static func varint(_ value: UInt64) -> Data {
        var (rest, bytes) = (value, Data())
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
        return bytes
    }

    func number(_ field: UInt64, _ value: Int64) -> ONNXBytes {
        var copy = self
        copy.data += Self.varint(field << 3) + Self.varint(UInt64(bitPattern: value))
        return copy
    }

    func bytes(_ field: UInt64, _ content: Data) -> ONNXBytes {
        var copy = self
        copy.data += Self.varint(field << 3 | 2) + Self.varint(UInt64(content.count)) + content
        return copy
    }

    func text(_ field: UInt64, _ content: String) -> ONNXBytes { bytes(field, Data(content.utf8)) }

    func message(_ field: UInt64, _ content: ONNXBytes) -> ONNXBytes { bytes(field, content.data) }

    func message(_ field: UInt64, all contents: [ONNXBytes]) -> ONNXBytes {
        contents.reduce(self) { $0.message(field, $1) }
    }

    // MARK: Parts of a model

    static func node(
        _ type: String, _ inputs: [String], _ output: String, name: String = "", _ attributes: [ONNXBytes] = []
    ) -> ONNXBytes {
        var node = ONNXBytes()
        for input in inputs { node = node.text(1, input) }
        return node.text(2, output).text(3, name).text(4, type).message(5, all: attributes)
    }

    static func ints(_ name: String, _ values: [Int64]) -> ONNXBytes {
        values.reduce(ONNXBytes().text(1, name).number(20, 7)) { $0.number(8, $1) }
    }

    static func tensor(_ name: String, _ extents: [Int64], type: Int64 = 1, raw: Data) -> ONNXBytes {
        extents.reduce(ONNXBytes()) { $0.number(1, $1) }.number(2, type).text(8, name).bytes(9, raw)
    }

    static func weights(_ name: String, _ extents: [Int64]) -> ONNXBytes {
        tensor(name, extents, raw: Data(repeating: 0, count: Int(extents.reduce(4, *))))
    }

    static func value(_ name: String, _ extents: [Int64]) -> ONNXBytes {
        let shape = ONNXBytes().message(
            1, all: extents.map { $0 < 0 ? ONNXBytes().text(2, "any") : ONNXBytes().number(1, $0) })
        return ONNXBytes().text(1, name).message(2, ONNXBytes().message(1, ONNXBytes().number(1, 1).message(2, shape)))
    }

    static func model(
        _ nodes: [ONNXBytes], weights: [ONNXBytes] = [], input: [Int64] = [1, 3, -1, -1], output: String = "y",
        opset: Int64 = 13
    ) -> Data {
        let graph = ONNXBytes().message(1, all: nodes).message(5, all: weights).message(11, value("x", input))
            .message(12, value(output, [1, 3, -1, -1]))
        return ONNXBytes().number(1, 7).message(8, ONNXBytes().number(2, opset)).message(7, graph).data
    }
}
