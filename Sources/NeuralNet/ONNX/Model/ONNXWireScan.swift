/// Counts what a serialized ONNX model would become before it is decoded.
///
/// A few bytes on the wire can become hundreds in memory (an empty node takes two), so the number of messages and
/// strings and the bytes of variable-length numbers are bounded first. Whether the content is valid is left to
/// the decoder; a record that does not fit its message ends the scan, as it will end the decoding.
struct ONNXWireScan {
    private(set) var records = 0
    private(set) var numberBytes = 0

    private enum Kind {
        case model, graph, node, attribute, tensor, value, type, tensorType, shape, flat

        /// What a length-delimited field holds; nil for bytes that are skipped or copied as they are.
        func content(of field: UInt64) -> Content? {
            switch (self, field) {
            case (.model, 7): .message(.graph)
            case (.model, 8), (.model, 14): .message(.flat)
            case (.graph, 1): .message(.node)
            case (.graph, 5), (.attribute, 5): .message(.tensor)
            case (.graph, 11), (.graph, 12): .message(.value)
            case (.graph, 15), (.node, 1), (.node, 2): .string
            case (.node, 5): .message(.attribute)
            case (.attribute, 8), (.tensor, 1), (.tensor, 5), (.tensor, 7): .numbers
            case (.tensor, 13): .message(.flat)
            case (.value, 2): .message(.type)
            case (.type, 1): .message(.tensorType)
            case (.tensorType, 2): .message(.shape)
            case (.shape, 1): .message(.flat)
            default: nil
            }
        }
    }

    private enum Content {
        case message(Kind)
        case string
        case numbers
    }

    /// Scans a whole file; stops early once `limits` are passed.
    init(_ bytes: UnsafeRawBufferPointer, limits: ONNXLimits) {
        scan(bytes, kind: .model, limits: limits)
    }

    private mutating func scan(_ bytes: UnsafeRawBufferPointer, kind: Kind, limits: ONNXLimits) {
        var position = 0
        while position < bytes.count, records <= limits.records, numberBytes <= limits.numberBytes {
            guard let key = Self.varint(bytes, &position) else { return }
            switch key & 7 {
            case 0:
                let start = position
                guard Self.varint(bytes, &position) != nil else { return }
                numberBytes += position - start
            case 1: position += 8
            case 5: position += 4
            case 2:
                guard let length = Self.varint(bytes, &position), length <= UInt64(bytes.count - position) else {
                    return
                }
                let end = position + Int(length)
                switch kind.content(of: key >> 3) {
                case .message(let inner):
                    records += 1
                    scan(UnsafeRawBufferPointer(rebasing: bytes[position..<end]), kind: inner, limits: limits)
                case .string: records += 1
                case .numbers: numberBytes += end - position
                case nil: break
                }
                position = end
            default: return
            }
            if position > bytes.count { return }
        }
    }

    private static func varint(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard position < bytes.count else { return nil }
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }
}
