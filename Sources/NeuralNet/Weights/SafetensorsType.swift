/// The element types that are read; all become Float32, exactly.
enum SafetensorsType: String, CaseIterable {
    case float32 = "F32"
    case float16 = "F16"
    case bfloat16 = "BF16"

    /// Bytes of one element.
    var size: Int { self == .float32 ? 4 : 2 }

    /// Converts little-endian elements. - bytes: `size` bytes for every element of `floats`.
    func convert(_ bytes: UnsafeRawBufferPointer, to floats: UnsafeMutableBufferPointer<Float>) {
        switch self {
        case .float32:
            for index in floats.indices {
                floats[index] = Float(
                    bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)))
            }
        case .float16:
            for index in floats.indices {
                floats[index] = Float(Float16(bitPattern: Self.load(bytes, index)))
            }
        case .bfloat16:
            for index in floats.indices {
                floats[index] = Float(bitPattern: UInt32(Self.load(bytes, index)) << 16)
            }
        }
    }

    private static func load(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> UInt16 {
        UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self))
    }
}
