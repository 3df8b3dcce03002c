import Foundation
import Tensors

extension ONNXConstant {
    /// Reads a tensor of a file, from its raw bytes (little-endian) or its typed numbers. Nothing is allocated
    /// before the number of elements is known to be that of the data.
    ///
    /// - Parameter label: what the tensor is called in messages.
    init(_ proto: Onnx_TensorProto, label: String, limits: ONNXLimits) throws(ONNXFault) {
        guard proto.dataLocation == .default, proto.externalData.isEmpty else {
            throw ONNXFault("\(label) keeps its data in another file; save the model with its weights inside")
        }
        guard !proto.hasSegment else { throw ONNXFault("\(label) is stored in segments, which is not supported") }
        guard let type = ONNXElementType(rawValue: proto.dataType) else {
            throw ONNXFault(
                "\(label) has element type \(proto.dataType), not one of float, float16, double, int64, int32, uint8, bool"
            )
        }
        let shape = try Self.shape(proto.dims, label: label, limits: limits)
        let raw = proto.hasRawData
        let stored = raw ? proto.rawData.count : Self.storedCount(proto, type)
        // The count is at most the greatest file's, so this cannot overflow.
        guard shape.count * (raw ? type.size : 1) == stored else {
            throw ONNXFault(
                "\(label) has shape \(shape), which is \(shape.count) elements, but \(stored) \(raw ? "bytes" : "values") of data"
            )
        }
        if type.isInteger {
            self.init(shape, integers: raw ? Self.integers(proto.rawData, type) : Self.integers(proto, type))
        } else {
            self.init(Tensor(shape, raw ? Self.floats(proto.rawData, type) : Self.floats(proto, type)))
        }
    }

    /// Checks extents from a file: rank, sign, and a product that a file could hold.
    static func shape(_ extents: [Int64], label: String, limits: ONNXLimits) throws(ONNXFault) -> Shape {
        guard extents.count <= limits.rank else {
            throw ONNXFault("\(label) has rank \(extents.count), more than \(limits.rank)")
        }
        guard extents.allSatisfy({ $0 >= 0 }) else { throw ONNXFault("\(label) has a negative extent: \(extents)") }
        var product = 1
        for extent in extents {
            let (value, overflow) = product.multipliedReportingOverflow(by: max(Int(extent), 1))
            guard !overflow, value <= limits.fileBytes else {
                throw ONNXFault("\(label) has shape \(extents), more than \(limits.fileBytes) elements")
            }
            product = value
        }
        return Shape(extents.map { Int($0) })
    }

    private static func storedCount(_ proto: Onnx_TensorProto, _ type: ONNXElementType) -> Int {
        switch type {
        case .float: proto.floatData.count
        case .double: proto.doubleData.count
        case .int64: proto.int64Data.count
        case .float16, .int32, .uint8, .bool: proto.int32Data.count
        }
    }

    private static func floats(_ proto: Onnx_TensorProto, _ type: ONNXElementType) -> [Float] {
        switch type {
        case .double: proto.doubleData.map { Float($0) }
        case .float16: proto.int32Data.map { Float(Float16(bitPattern: UInt16(truncatingIfNeeded: $0))) }
        default: proto.floatData
        }
    }

    private static func integers(_ proto: Onnx_TensorProto, _ type: ONNXElementType) -> [Int] {
        type == .int64 ? proto.int64Data.map { Int($0) } : proto.int32Data.map { Int($0) }
    }

    private static func floats(_ data: Data, _ type: ONNXElementType) -> [Float] {
        data.withUnsafeBytes { bytes in
            (0..<bytes.count / type.size).map { index in
                switch type {
                case .double: Float(Double(bitPattern: UInt64(littleEndian: load(bytes, index))))
                case .float16: Float(Float16(bitPattern: UInt16(littleEndian: load(bytes, index))))
                default: Float(bitPattern: UInt32(littleEndian: load(bytes, index)))
                }
            }
        }
    }

    private static func integers(_ data: Data, _ type: ONNXElementType) -> [Int] {
        data.withUnsafeBytes { bytes in
            (0..<bytes.count / type.size).map { index in
                switch type {
                case .int64: Int(Int64(littleEndian: load(bytes, index)))
                case .int32: Int(Int32(littleEndian: load(bytes, index)))
                default: Int(bytes[index])
                }
            }
        }
    }

    private static func load<Bits: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Bits {
        bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Bits>.size, as: Bits.self)
    }
}
