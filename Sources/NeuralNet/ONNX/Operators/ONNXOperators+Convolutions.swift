import Tensors

extension ONNXOperators {
    /// How a window moves over an image: padding on four sides, from `pads` or `auto_pad`.
    private struct Window {
        var pads: (top: Int, left: Int, bottom: Int, right: Int) = (0, 0, 0, 0)
        let strides: (y: Int, x: Int)
        let dilations: (y: Int, x: Int)
        let automatic: String

        init(_ context: ONNXNodeContext) throws(ONNXFault) {
            strides = try context.pair("strides", default: (1, 1))
            dilations = try context.pair("dilations", default: (1, 1))
            automatic = try context.string("auto_pad", default: "NOTSET")
            guard ["NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER", ""].contains(automatic) else {
                throw context.fault("'auto_pad' is \(quoted(automatic))")
            }
            guard automatic == "NOTSET" || automatic.isEmpty, let values = try context.ints("pads"), !values.isEmpty
            else { return }
            guard values.count == 4, values.allSatisfy({ (0...ONNXNodeContext.greatestExtent).contains($0) }) else {
                throw context.fault("'pads' is \(ONNXNodeContext.abbreviated(values)), not four numbers of at least 0")
            }
            pads = (values[0], values[1], values[2], values[3])
        }

        /// Whether the output's extent is the input's, divided by the stride and rounded up.
        var isSame: Bool { automatic.hasPrefix("SAME") }

        /// Shares padding between the two sides of an axis; the odd one goes below unless the graph says above.
        func shared(_ total: Int) -> (Int, Int) {
            let half = max(total, 0) / 2
            let rest = max(total, 0) - half
            return automatic == "SAME_LOWER" ? (rest, half) : (half, rest)
        }

        mutating func resolve(_ input: Shape, span: (y: Int, x: Int)) {
            guard isSame else { return }
            let (height, width) = ((input[2] + strides.y - 1) / strides.y, (input[3] + strides.x - 1) / strides.x)
            let (top, bottom) = shared((height - 1) * strides.y + span.y - input[2])
            let (left, right) = shared((width - 1) * strides.x + span.x - input[3])
            pads = (top, left, bottom, right)
        }
    }

    /// Weights of rank 4, bias and groups that fit together.
    private static func filters(
        _ context: ONNXNodeContext, _ window: Window, input: Shape, transposed: Bool
    ) throws(ONNXFault) -> ConvolutionFilters {
        let weight = try context.constant(1, "weights").tensor
        let groups = try context.int("group", default: 1)
        guard weight.shape.rank == 4, weight.count > 0, groups >= 1, groups <= weight.shape[0],
            weight.shape[0] % groups == 0
        else {
            throw context.fault(
                "has weights \(weight.shape) in \(groups) groups, not [channels, channels, rows, columns]")
        }
        let expected = transposed ? weight.shape[0] : weight.shape[1] * groups
        guard input[1] == expected else {
            throw context.fault(
                "reads \(input[1]) channels, but its weights \(weight.shape) in \(groups) groups need \(expected)")
        }
        if let kernel = try context.ints("kernel_shape"), kernel != [weight.shape[2], weight.shape[3]] {
            throw context.fault(
                "'kernel_shape' is \(ONNXNodeContext.abbreviated(kernel)), but its weights are \(weight.shape)")
        }
        let outputs = transposed ? weight.shape[1] * groups : weight.shape[0]
        let bias =
            context.has(2)
            ? try context.channelValues(2, "bias", channels: outputs) : [Float](repeating: 0, count: outputs)
        return ConvolutionFilters(
            weight: weight, bias: bias, strides: window.strides, dilations: window.dilations, groups: groups)
    }

    static let convolution: Builder = { context throws(ONNXFault) in
        let input = try context.imageShape(0)
        var window = try Window(context)
        let filters = try filters(context, window, input: input, transposed: false)
        window.resolve(input, span: filters.span)
        let pads = window.pads
        let height = ConvolutionOperation.outputExtent(
            input[2], padding: pads.top + pads.bottom, span: filters.span.y, stride: window.strides.y)
        let width = ConvolutionOperation.outputExtent(
            input[3], padding: pads.left + pads.right, span: filters.span.x, stride: window.strides.x)
        guard height > 0, width > 0 else {
            throw context.fault(
                "its filters span \(filters.span.x)×\(filters.span.y) pixels, more than its padded input \(input)")
        }
        _ = try context.checked([1, filters.weight.shape[0], height, width])
        try checkPatches(context, filters.weight.count / filters.weight.shape[0], columns: width)
        let padding = BorderPadding(mode: .zero, top: pads.top, left: pads.left, bottom: pads.bottom, right: pads.right)
        return [.operation(ConvolutionOperation(filters: filters, padding: padding, inputShape: input), reading: [0])]
    }

    static let transposedConvolution: Builder = { context throws(ONNXFault) in
        let input = try context.imageShape(0)
        let window = try Window(context)
        let filters = try filters(context, window, input: input, transposed: true)
        let extra = try context.ints("output_padding") ?? [0, 0]
        guard extra.count == 2, extra.allSatisfy({ (0...ONNXNodeContext.greatestExtent).contains($0) }) else {
            throw context.fault(
                "'output_padding' is \(ONNXNodeContext.abbreviated(extra)), not two numbers of at least 0")
        }
        let stated = try context.ints("output_shape")
        guard stated.map({ $0.count == 2 || $0.count == 4 }) ?? true else {
            throw context.fault("'output_shape' has \(stated?.count ?? 0) extents, not 2")
        }
        var extents: [Int] = []
        var starts: [Int] = []
        for axis in 0..<2 {
            let (stride, span) = axis == 0 ? (window.strides.y, filters.span.y) : (window.strides.x, filters.span.x)
            let pads = axis == 0 ? (window.pads.top, window.pads.bottom) : (window.pads.left, window.pads.right)
            func full(_ input: Int) -> Int { (input - 1) * stride + span + extra[axis] }
            guard var target = stated?.suffix(2)[(stated?.count ?? 2) - 2 + axis] else {
                let same = window.isSame ? window.shared(full(input[2 + axis]) - input[2 + axis] * stride) : pads
                extents.append(full(input[2 + axis]) - same.0 - same.1)
                starts.append(same.0)
                continue
            }
            guard (1...ONNXNodeContext.greatestExtent).contains(target) else {
                throw context.fault("'output_shape' has an extent of \(target)")
            }
            if let declared = context.declaredShapes?.first ?? nil, declared.rank == 4 {
                target += full(input[2 + axis]) - full(declared[2 + axis])
            }
            // A total below 0 adds rows behind, as ONNX Runtime's does.
            extents.append(target)
            let cut = max(full(input[2 + axis]) - target, 0)
            starts.append(window.automatic == "SAME_UPPER" ? cut / 2 : cut - cut / 2)
        }
        let shape = try context.checked([1, filters.weight.shape[1] * filters.groups, extents[0], extents[1]])
        guard max(window.strides.y, window.strides.x) <= 64 else { throw context.fault("its stride is more than 64") }
        try checkPatches(context, filters.weight.count / filters.weight.shape[1], columns: shape[3])
        let operation = TransposedConvolutionOperation(
            filters: filters, inputShape: input, top: starts[0], left: starts[1], height: shape[2], width: shape[3])
        return [.operation(operation, reading: [0])]
    }

    /// A row of results gathers `depth` values for each.
    private static func checkPatches(_ context: ONNXNodeContext, _ depth: Int, columns: Int) throws(ONNXFault) {
        let (values, overflow) = depth.multipliedReportingOverflow(by: columns)
        guard !overflow, values <= context.limits.activationBytes / 16 else {
            throw context.fault("gathers \(depth) values for each of \(columns) columns, too many")
        }
    }

    static let averagePool: Builder = { context throws(ONNXFault) in
        try pool(context, .average(countsPadding: try context.int("count_include_pad", default: 0) != 0))
    }

    static let maxPool: Builder = { context throws(ONNXFault) in try pool(context, .maximum) }

    private static func pool(
        _ context: ONNXNodeContext, _ function: PoolingOperation.Function
    ) throws(ONNXFault) -> [ONNXResult] {
        let input = try context.imageShape(0)
        var window = try Window(context)
        let kernel = try context.pair("kernel_shape", default: (0, 0))
        guard kernel.y > 0, kernel.y <= 1 << 10, kernel.x <= 1 << 10 else {
            throw context.fault("pools over \(kernel.x)×\(kernel.y) pixels, not 1 to 1024")
        }
        let span = (y: (kernel.y - 1) * window.dilations.y + 1, x: (kernel.x - 1) * window.dilations.x + 1)
        window.resolve(input, span: span)
        let pads = window.pads
        guard max(pads.top, pads.bottom) < span.y, max(pads.left, pads.right) < span.x else {
            throw context.fault("'pads' are wider than the window")
        }
        let roundsUp = try context.int("ceil_mode", default: 0) != 0
        func extent(_ padded: Int, _ span: Int, _ stride: Int, _ start: Int) -> Int {
            guard padded >= span else { return 0 }
            let (whole, rest) = (padded - span).quotientAndRemainder(dividingBy: stride)
            // A window that would begin in the padding behind is left out.
            return whole + (roundsUp && rest > 0 && (whole + 1) * stride < start ? 2 : 1)
        }
        let padded = (y: input[2] + pads.top + pads.bottom, x: input[3] + pads.left + pads.right)
        let output = try context.checked([
            1, input[1], extent(padded.y, span.y, window.strides.y, input[2] + pads.top),
            extent(padded.x, span.x, window.strides.x, input[3] + pads.left),
        ])
        return [
            .operation(
                PoolingOperation(
                    function: function, inputShape: input, outputShape: output, kernel: kernel, strides: window.strides,
                    dilations: window.dilations, before: (pads.top, pads.left), padded: padded),
                reading: [0])
        ]
    }
}
