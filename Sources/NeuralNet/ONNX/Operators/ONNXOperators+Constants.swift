import Tensors

extension ONNXOperators {
    static let constant: Builder = { context throws(ONNXFault) in
        let attributes = context.node.attributes
        if case .tensor(let constant)? = attributes["value"] { return [.constant(constant)] }
        if let value = attributes["value_float"], case .float(let float) = value {
            return [.constant(ONNXConstant(Tensor([], [float])))]
        }
        if let value = attributes["value_int"], case .int(let int) = value {
            return [.constant(ONNXConstant([], integers: [int]))]
        }
        if let floats = try context.floats("value_floats") {
            return [.constant(ONNXConstant(Tensor([floats.count], floats)))]
        }
        if let ints = try context.ints("value_ints") { return [.constant(ONNXConstant([ints.count], integers: ints))] }
        throw context.fault("holds a value that is not supported")
    }

    static let constantOfShape: Builder = { context throws(ONNXFault) in
        let shape = try context.checked(try context.integers(0, "shape"), allowsZero: true)
        switch context.node.attributes["value"] {
        case nil: return [.constant(ONNXConstant(Tensor(shape)))]
        case .tensor(let value)? where value.shape.count == 1:
            guard value.isInteger else {
                return [.constant(ONNXConstant(Tensor(shape, filledWith: value.tensor.values[0])))]
            }
            guard shape.count <= 1 << 16 else { throw context.fault("makes \(shape) whole numbers") }
            return [.constant(ONNXConstant(shape, integers: [Int](repeating: value.integers[0], count: shape.count)))]
        default: throw context.fault("'value' is no single number")
        }
    }

    static let shape: Builder = { context throws(ONNXFault) in
        let shape = try context.shape(0)
        func place(_ position: Int) -> Int {
            min(max(position < 0 ? max(position, -shape.rank) + shape.rank : position, 0), shape.rank)
        }
        let start = place(try context.int("start", default: 0))
        let end = max(start, place(try context.int("end", default: shape.rank)))
        return [.constant(ONNXConstant([end - start], integers: Array(shape.dimensions[start..<end])))]
    }

    static let cast: Builder = { context throws(ONNXFault) in
        let stated = try context.int("to", default: 0)
        guard let type = Int32(exactly: stated).flatMap({ ONNXElementType(rawValue: $0) }) else {
            throw context.fault("casts to element type \(stated), which is not supported")
        }
        switch try context.operand(0) {
        case .constant(let constant):
            guard type.isInteger else { return [.constant(ONNXConstant(constant.tensor))] }
            guard constant.shape.count <= 1 << 20 else {
                throw context.fault("casts \(constant.shape) to whole numbers")
            }
            let integers = type == .bool ? constant.tensor.values.map { $0 == 0 ? 0 : 1 } : constant.integers
            return [.constant(ONNXConstant(constant.shape, integers: integers))]
        case .frame(let shape):
            guard type.isInteger else { return [.operation(ReshapeOperation(outputShape: shape), reading: [0])] }
            guard type != .bool else { throw context.fault("casts pixels to Boolean, which is not supported") }
            if type == .uint8 {
                return [.operation(UnaryOperation(function: .byte, outputShape: shape), reading: [0])]
            }
            return [.operation(UnaryOperation(function: .truncate, outputShape: shape), reading: [0])]
        }
    }
}
