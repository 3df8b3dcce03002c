import Tensors

extension ONNXOperators {
    static let upsample: Builder = { context throws(ONNXFault) in
        guard let scales = try context.has(1) ? context.floats(1, "scales") : context.floats("scales") else {
            throw context.fault("has no scales")
        }
        let mode = try context.string("mode", default: "nearest")
        guard mode == "nearest" || mode == "linear" || mode == "bilinear" else {
            throw context.fault("'mode' is \(quoted(mode))")
        }
        return try resized(
            context, scales: scales, sizes: nil, filter: mode == "nearest" ? .nearest(.floor) : .linear,
            coordinates: .asymmetric)
    }

    static let resize: Builder = { context throws(ONNXFault) in
        let mode = try context.string("mode", default: "nearest")
        if context.opset < 11 {
            guard mode == "nearest" || mode == "linear" else { throw context.fault("'mode' is \(quoted(mode))") }
            return try resized(
                context, scales: try context.floats(1, "scales"), sizes: nil,
                filter: mode == "nearest" ? .nearest(.floor) : .linear, coordinates: .asymmetric)
        }
        let coordinatesName = try context.string("coordinate_transformation_mode", default: "half_pixel")
        guard let coordinates = ResizeTaps.Coordinates(rawValue: coordinatesName) else {
            throw context.fault("'coordinate_transformation_mode' is \(quoted(coordinatesName))")
        }
        let roundingName = try context.string("nearest_mode", default: "round_prefer_floor")
        guard let rounding = ResizeTaps.Rounding(rawValue: roundingName) else {
            throw context.fault("'nearest_mode' is \(quoted(roundingName))")
        }
        guard try context.int("antialias", default: 0) == 0,
            try context.string("keep_aspect_ratio_policy", default: "stretch") == "stretch"
        else { throw context.fault("antialiasing and keeping the aspect ratio are not supported") }
        let filter: ResizeTaps.Filter
        switch mode {
        case "nearest": filter = .nearest(rounding)
        case "linear": filter = .linear
        case "cubic":
            filter = .cubic(
                a: Double(try context.float("cubic_coeff_a", default: -0.75)),
                excludesOutside: try context.int("exclude_outside", default: 0) != 0)
        default: throw context.fault("'mode' is \(quoted(mode))")
        }
        let scales = context.has(2) ? try context.floats(2, "scales") : []
        let sizes = context.has(3) ? try context.integers(3, "sizes") : []
        return try resized(
            context, scales: scales.isEmpty ? nil : scales, sizes: sizes.isEmpty ? nil : sizes, filter: filter,
            coordinates: coordinates)
    }

    private static func resized(
        _ context: ONNXNodeContext, scales: [Float]?, sizes: [Int]?, filter: ResizeTaps.Filter,
        coordinates: ResizeTaps.Coordinates
    ) throws(ONNXFault) -> [ONNXResult] {
        let input = try context.imageShape(0)
        guard input.count > 0 else { throw context.fault("reads \(input)") }
        var axes = [0, 1, 2, 3]
        if let stated = try context.ints("axes") {
            axes = []
            for axis in stated { axes.append(try context.axis(axis, rank: 4)) }
        }
        guard (scales?.count ?? sizes?.count) == axes.count else {
            throw context.fault("has \(scales?.count ?? sizes?.count ?? 0) scales or sizes for \(axes.count) axes")
        }
        let usesRegion = coordinates == .cropAndResize
        let region = usesRegion ? try context.floats(1, "region") : []
        guard !usesRegion || region.count == 2 * axes.count else {
            throw context.fault("its region has \(region.count) values")
        }
        var plans = input.dimensions.map { ResizeTaps.Axis(input: $0, output: $0, scale: 1, coordinates: coordinates) }
        for (place, axis) in axes.enumerated() {
            if usesRegion {
                plans[axis].region = (Double(region[place]), Double(region[axes.count + place]))
                plans[axis].extrapolation = try context.float("extrapolation_value", default: 0)
            }
            if let scales {
                let extent = Float(input[axis]) * scales[place]
                guard scales[place] > 0, extent >= 1, extent <= Float(ONNXNodeContext.greatestExtent) else {
                    throw context.fault("scales an axis of \(input[axis]) by \(scales[place])")
                }
                plans[axis].scale = Double(scales[place])
                plans[axis].output = Int(extent)
            } else if let sizes {
                plans[axis].output = try size(context, stated: sizes[place], input: input[axis], axis: axis)
                plans[axis].scale = Double(plans[axis].output) / Double(input[axis])
            }
        }
        let output = try context.checked(plans.map(\.output))
        guard output[0] == 1, output[1] == input[1] else {
            throw context.fault("resizes \(input) to \(output): more than rows and columns")
        }
        let vertical = ResizeTaps(plans[2], filter: filter)
        let horizontal = ResizeTaps(plans[3], filter: filter)
        guard case .nearest = filter, !usesRegion else {
            return [
                .operation(
                    ResizeOperation(inputShape: input, outputShape: output, vertical: vertical, horizontal: horizontal),
                    reading: [0])
            ]
        }
        let maps =
            [[0], IndexedCopyOperation.identity(input[1])]
            + [vertical, horizontal].map { $0.indices.map { Int32($0) } }
        return [.operation(IndexedCopyOperation(inputShape: input, maps: maps), reading: [0])]
    }

    /// A stated size; at another frame size than the declared one, in the proportion that it had there.
    private static func size(_ context: ONNXNodeContext, stated: Int, input: Int, axis: Int) throws(ONNXFault) -> Int {
        guard (1...ONNXNodeContext.greatestExtent).contains(stated) else {
            throw context.fault("resizes an axis to \(stated)")
        }
        guard axis >= 2, let declared = context.declaredShapes?.first ?? nil, declared.rank == 4, declared[axis] > 0
        else {
            return stated
        }
        return max(1, (input * stated + declared[axis] / 2) / declared[axis])
    }
}
