import Tensors

extension ONNXOperators {
    static func unary(_ function: UnaryOperation.Function) -> Builder {
        { context throws(ONNXFault) in [try apply(function, context)] }
    }

    private static func apply(_ function: UnaryOperation.Function, _ context: ONNXNodeContext) throws(ONNXFault)
        -> ONNXResult
    {
        .operation(UnaryOperation(function: function, outputShape: try context.shape(0)), reading: [0])
    }

    static let clip: Builder = { context throws(ONNXFault) in
        let widest = Float.greatestFiniteMagnitude
        let low =
            context.has(1) ? try context.floats(1, "lower bound").first : try context.float("min", default: -widest)
        let high =
            context.has(2) ? try context.floats(2, "upper bound").first : try context.float("max", default: widest)
        guard let low, let high else { throw context.fault("a bound is empty") }
        return [try apply(.clip(low, high), context)]
    }

    static let leakyRelu: Builder = { context throws(ONNXFault) in
        [try apply(.leakyRelu(try context.float("alpha", default: 0.01)), context)]
    }

    static let elu: Builder = { context throws(ONNXFault) in
        [try apply(.elu(try context.float("alpha", default: 1)), context)]
    }

    static let hardSigmoid: Builder = { context throws(ONNXFault) in
        [
            try apply(
                .hardSigmoid(try context.float("alpha", default: 0.2), try context.float("beta", default: 0.5)), context
            )
        ]
    }

    static let affine: Builder = { context throws(ONNXFault) in
        [try apply(.affine(try context.float("alpha", default: 1), try context.float("beta", default: 0)), context)]
    }

    static func binary(_ function: BinaryOperation.Function) -> Builder {
        { context throws(ONNXFault) in
            let (a, b) = (try context.operand(0), try context.operand(1))
            guard let broadcast = BinaryOperation.broadcast(a.shape, b.shape) else {
                throw context.fault("\(a.shape) and \(b.shape) do not go together")
            }
            let shape = try context.checked(broadcast.dimensions)
            if case (.constant(let a), .constant(let b)) = (a, b), a.isInteger, b.isInteger {
                return [.constant(try integers(function, a, b, shape: shape, context))]
            }
            return [.operation(BinaryOperation(function, a: a.shape, b: b.shape, outputShape: shape), reading: [0, 1])]
        }
    }

    /// A function of any number of tensors of one shape, or with scalars among them; two at a time.
    static func folded(_ function: BinaryOperation.Function) -> Builder {
        { context throws(ONNXFault) in
            switch context.operands.count {
            case 1: return [.operation(ReshapeOperation(outputShape: try context.shape(0)), reading: [0])]
            case 2: return try binary(function)(context)
            default: throw context.fault("has \(context.operands.count) inputs, more than 2 are not supported")
            }
        }
    }

    /// Whole numbers, as PyTorch computes shapes: division cuts towards zero.
    private static func integers(
        _ function: BinaryOperation.Function, _ a: ONNXConstant, _ b: ONNXConstant, shape: Shape,
        _ context: ONNXNodeContext
    ) throws(ONNXFault) -> ONNXConstant {
        guard shape.count <= 1 << 16 else {
            throw context.fault("computes \(shape) whole numbers, too many for a shape")
        }
        let (x, y) = (expanded(a, to: shape), expanded(b, to: shape))
        var values: [Int] = []
        for (x, y) in zip(x, y) {
            let result: (partialValue: Int, overflow: Bool)
            switch function {
            case .add: result = x.addingReportingOverflow(y)
            case .subtract: result = x.subtractingReportingOverflow(y)
            case .multiply: result = x.multipliedReportingOverflow(by: y)
            case .divide: result = x.dividedReportingOverflow(by: y)
            case .minimum: result = (min(x, y), false)
            case .maximum: result = (max(x, y), false)
            case .power, .parametricRelu: throw context.fault("is not supported for whole numbers")
            }
            guard !result.overflow else { throw context.fault("computes with \(x) and \(y), which has no result") }
            values.append(result.partialValue)
        }
        return ONNXConstant(shape, integers: values)
    }

    /// The elements of a constant broadcast to a shape.
    private static func expanded(_ constant: ONNXConstant, to shape: Shape) -> [Int] {
        let values = constant.integers
        if values.count == shape.count || values.isEmpty { return values }
        return (0..<shape.count).map { index in
            var (rest, position, stride) = (index, 0, 1)
            for axis in (0..<shape.rank).reversed() {
                let place: Int
                (rest, place) = rest.quotientAndRemainder(dividingBy: shape[axis])
                let own = axis - (shape.rank - constant.shape.rank)
                guard own >= 0 else { continue }
                if constant.shape[own] != 1 { position += place * stride }
                stride *= constant.shape[own]
            }
            return values[position]
        }
    }
}
