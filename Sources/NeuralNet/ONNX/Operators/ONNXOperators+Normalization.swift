import Tensors

extension ONNXOperators {
    static let instanceNormalization: Builder = { context throws(ONNXFault) in
        let shape = try channelShape(context)
        guard shape.count / shape[1] > 0 else { throw context.fault("reads \(shape)") }
        return [
            .operation(
                InstanceNormalizationOperation(
                    scales: try context.channelValues(1, "scale", channels: shape[1]),
                    offsets: try context.channelValues(2, "bias", channels: shape[1]),
                    epsilon: try context.float("epsilon", default: 1e-5), outputShape: shape),
                reading: [0])
        ]
    }

    static let batchNormalization: Builder = { context throws(ONNXFault) in
        let shape = try channelShape(context)
        guard try context.int("training_mode", default: 0) == 0, try context.int("spatial", default: 1) == 1 else {
            throw context.fault("normalises as in training, or every pixel by itself, which is not supported")
        }
        let epsilon = try context.float("epsilon", default: 1e-5)
        let scales = try context.channelValues(1, "scale", channels: shape[1])
        let offsets = try context.channelValues(2, "bias", channels: shape[1])
        let means = try context.channelValues(3, "mean", channels: shape[1])
        let variances = try context.channelValues(4, "variance", channels: shape[1])
        let factors = zip(scales, variances).map { Float(Double($0) / Double($1 + epsilon).squareRoot()) }
        let shifts = (0..<shape[1]).map { offsets[$0] - means[$0] * factors[$0] }
        return [channelAffine(factors, shifts, shape)]
    }

    static let imageScaler: Builder = { context throws(ONNXFault) in
        let shape = try channelShape(context)
        let scale = try context.float("scale", default: 1)
        let bias = try context.floats("bias") ?? [Float](repeating: 0, count: shape[1])
        guard bias.count == shape[1] else {
            throw context.fault("'bias' has \(bias.count) values for \(shape[1]) channels")
        }
        return [channelAffine([Float](repeating: scale, count: shape[1]), bias, shape)]
    }

    static func globalPool(_ function: ReduceOperation.Function) -> Builder {
        { context throws(ONNXFault) in
            let input = try channelShape(context)
            let output = Shape(Array(input.dimensions[..<2]) + [Int](repeating: 1, count: input.rank - 2))
            return [
                .operation(
                    ReduceOperation(function, inputShape: input, axes: Set(2..<input.rank), outputShape: output),
                    reading: [0])
            ]
        }
    }

    static func reduce(_ function: ReduceOperation.Function) -> Builder {
        { context throws(ONNXFault) in
            let input = try context.shape(0)
            let keeps = try context.int("keepdims", default: 1) != 0
            var axes = Set(try context.axes(input: 1, rank: input.rank) ?? [])
            if axes.isEmpty {
                if try context.int("noop_with_empty_axes", default: 0) != 0 {
                    return [.operation(ReshapeOperation(outputShape: input), reading: [0])]
                }
                axes = Set(0..<input.rank)
            }
            guard input.count > 0 else { throw context.fault("reads an empty tensor") }
            let kept = (0..<input.rank).filter { keeps || !axes.contains($0) }
            let output = Shape(kept.map { axes.contains($0) ? 1 : input[$0] })
            return [
                .operation(ReduceOperation(function, inputShape: input, axes: axes, outputShape: output), reading: [0])
            ]
        }
    }

    private static func channelAffine(_ scales: [Float], _ offsets: [Float], _ shape: Shape) -> ONNXResult {
        .operation(
            ChannelAffineOperation(layer: ChannelAffine(scales: scales, offsets: offsets), outputShape: shape),
            reading: [0])
    }

    /// A shape with channels on axis 1 and one image.
    private static func channelShape(_ context: ONNXNodeContext) throws(ONNXFault) -> Shape {
        let shape = try context.shape(0)
        guard shape.rank >= 3, shape[0] == 1, shape.count > 0 else {
            throw context.fault("reads \(shape), not [1, channels, height, width]")
        }
        return shape
    }
}
