/// The element types of ONNX that are read; the raw value is `TensorProto.DataType`'s.
enum ONNXElementType: Int32 {
    case float = 1
    case uint8 = 2
    case int32 = 6
    case int64 = 7
    case bool = 9
    case float16 = 10
    case double = 11

    /// Bytes of one element in `raw_data`.
    var size: Int {
        switch self {
        case .uint8, .bool: 1
        case .float16: 2
        case .float, .int32: 4
        case .int64, .double: 8
        }
    }

    /// Whether values of this type are whole numbers.
    var isInteger: Bool {
        switch self {
        case .float, .float16, .double: false
        case .uint8, .int32, .int64, .bool: true
        }
    }
}
