import Tensors

extension ONNXOperators {
    static let pad: Builder = { context throws(ONNXFault) in
        let input = try context.shape(0)
        guard let pads = try context.has(1) ? context.integers(1, "padding") : context.ints("pads") else {
            throw context.fault("has no 'pads'")
        }
        let axes = try context.axes(input: 3, rank: input.rank) ?? Array(0..<input.rank)
        guard pads.count == 2 * axes.count,
            pads.allSatisfy({ (-ONNXNodeContext.greatestExtent...ONNXNodeContext.greatestExtent).contains($0) })
        else {
            throw context.fault("'pads' is \(ONNXNodeContext.abbreviated(pads)) for \(input)")
        }
        let name = try context.string("mode", default: "constant")
        let modes: [String: BorderPadding.Mode] = [
            "constant": .zero, "reflect": .reflection, "edge": .edge, "wrap": .wrap,
        ]
        guard let mode = modes[name] else { throw context.fault("'mode' is \(quoted(name))") }
        let fill = try context.has(2) ? context.floats(2, "value").first ?? 0 : context.float("value", default: 0)
        var (before, after) = ([Int](repeating: 0, count: input.rank), [Int](repeating: 0, count: input.rank))
        for (place, axis) in axes.enumerated() { (before[axis], after[axis]) = (pads[place], pads[axes.count + place]) }
        _ = try context.checked((0..<input.rank).map { input[$0] + before[$0] + after[$0] })
        for axis in 0..<input.rank where mode != .zero {
            let limit = mode == .edge ? ONNXNodeContext.greatestExtent : input[axis] - 1
            guard input[axis] > 0, mode == .wrap || max(before[axis], after[axis]) <= max(limit, 0) else {
                throw context.fault(
                    "mirrors \(max(before[axis], after[axis])) pixels of an axis that has \(input[axis])")
            }
        }
        let maps = (0..<input.rank).map {
            BorderPadding.map(extent: input[$0], before: before[$0], after: after[$0], mode: mode)
        }
        let isBorder =
            input.rank == 4 && before[0] == 0 && before[1] == 0 && after[0] == 0 && after[1] == 0
            && (before + after).allSatisfy { $0 >= 0 }
        let padding =
            isBorder
            ? BorderPadding(mode: mode, top: before[2], left: before[3], bottom: after[2], right: after[3]) : nil
        return [
            .operation(IndexedCopyOperation(inputShape: input, maps: maps, fill: fill, padding: padding), reading: [0])
        ]
    }

    static let crop: Builder = { context throws(ONNXFault) in
        let input = try context.imageShape(0)
        let border = try context.ints("border") ?? []
        guard border.count == 4, border.allSatisfy({ (0...ONNXNodeContext.greatestExtent).contains($0) }) else {
            throw context.fault("'border' is \(ONNXNodeContext.abbreviated(border)), not four numbers of at least 0")
        }
        var (bottom, right) = (input[2] - border[3], input[3] - border[2])
        if let scale = try context.ints("scale") {
            guard scale.count == 2, scale.allSatisfy({ (1...ONNXNodeContext.greatestExtent).contains($0) }) else {
                throw context.fault("'scale' is \(ONNXNodeContext.abbreviated(scale))")
            }
            (bottom, right) = (border[1] + scale[0], border[0] + scale[1])
        }
        guard bottom > border[1], right > border[0], bottom <= input[2], right <= input[3] else {
            throw context.fault("cuts \(border) from \(input), which leaves nothing")
        }
        return [copy(input, ranges: [2: range(border[1]..<bottom), 3: range(border[0]..<right)])]
    }

    static let slice: Builder = { context throws(ONNXFault) in
        let input = try context.shape(0)
        let isOld = context.opset < 10
        guard let starts = try isOld ? context.ints("starts") : context.integers(1, "starts"),
            let ends = try isOld ? context.ints("ends") : context.integers(2, "ends")
        else { throw context.fault("has no starts or ends") }
        let axes = try context.axes(input: 3, rank: input.rank) ?? Array(0..<min(starts.count, input.rank))
        let steps = context.has(4) ? try context.integers(4, "steps") : [Int](repeating: 1, count: starts.count)
        guard starts.count == axes.count, ends.count == axes.count, steps.count == axes.count else {
            throw context.fault(
                "has \(starts.count) starts, \(ends.count) ends, \(axes.count) axes and \(steps.count) steps")
        }
        var ranges: [Int: [Int32]] = [:]
        for (place, axis) in axes.enumerated() {
            let (extent, step) = (input[axis], steps[place])
            guard step != 0, (-ONNXNodeContext.greatestExtent...ONNXNodeContext.greatestExtent).contains(step) else {
                throw context.fault("has a step of \(step)")
            }
            var end = ends[place]
            if axis >= 2, step > 0, end > 0, let declared = declaredExtent(context, axis), end <= declared {
                // An end that was counted from the front at the declared size keeps its distance from the back.
                end += extent - declared
            }
            func bounded(_ position: Int, _ low: Int, _ high: Int) -> Int {
                min(max(position < 0 ? max(position, -1 << 32) + extent : position, low), high)
            }
            let first = step > 0 ? bounded(starts[place], 0, extent) : bounded(starts[place], -1, extent - 1)
            let last = step > 0 ? bounded(end, 0, extent) : bounded(end, -1, extent - 1)
            ranges[axis] = stride(from: first, to: last, by: step).map { Int32($0) }
        }
        let result = copy(input, ranges: ranges)
        if case .operation(let operation, _) = result, case .frame = try context.operand(0),
            operation.outputShape.count == 0
        {
            throw context.fault("leaves nothing of \(input)")
        }
        return [result]
    }

    static let split: Builder = { context throws(ONNXFault) in
        let input = try context.shape(0)
        let axis = try context.axis(try context.int("axis", default: 0), rank: input.rank)
        let count = context.node.outputs.count
        let even = (input[axis] + max(count, 1) - 1) / max(count, 1)
        let parts =
            try context.has(1)
            ? context.integers(1, "parts")
            : context.ints("split")
                ?? (0..<count).map { min(even, input[axis] - $0 * even) }
        guard parts.count == count, parts.allSatisfy({ $0 > 0 && $0 <= input[axis] }), parts.reduce(0, +) == input[axis]
        else {
            throw context.fault("splits \(input[axis]) into \(ONNXNodeContext.abbreviated(parts)) for \(count) outputs")
        }
        var start = 0
        return parts.map { part in
            defer { start += part }
            return copy(input, ranges: [axis: range(start..<start + part)])
        }
    }

    static let gather: Builder = { context throws(ONNXFault) in
        let input = try context.shape(0)
        let axis = try context.axis(try context.int("axis", default: 0), rank: input.rank)
        let indices = try context.constant(1, "indices")
        guard indices.shape.rank <= 1 else {
            throw context.fault("its indices have rank \(indices.shape.rank), more than 1")
        }
        var map: [Int32] = []
        for index in try context.integers(1, "indices") {
            guard index >= -input[axis], index < input[axis] else {
                throw context.fault("takes index \(index) of an axis that has \(input[axis])")
            }
            map.append(Int32(index < 0 ? index + input[axis] : index))
        }
        guard !map.isEmpty else { throw context.fault("takes nothing of \(input)") }
        var extents = input.dimensions
        if indices.shape.rank == 1 {
            extents[axis] = map.count
            _ = try context.checked(extents, allowsZero: true)
            return [copy(input, ranges: [axis: map])]
        }
        extents.remove(at: axis)
        return [
            .operation(
                SelectOperation(copy: copyOperation(input, ranges: [axis: map]), outputShape: Shape(extents)),
                reading: [0])
        ]
    }

    static let expand: Builder = { context throws(ONNXFault) in
        let input = try context.shape(0)
        let stated = try context.checked(try context.integers(1, "shape"))
        guard input.rank <= stated.rank || input.count > 0,
            let output = BinaryOperation.broadcast(input, stated)
        else { throw context.fault("cannot bring \(input) to \(stated)") }
        _ = try context.checked(output.dimensions)
        let padded = Shape([Int](repeating: 1, count: output.rank - input.rank) + input.dimensions)
        let maps = (0..<output.rank).map {
            padded[$0] == output[$0]
                ? IndexedCopyOperation.identity(output[$0]) : [Int32](repeating: 0, count: output[$0])
        }
        return [.operation(IndexedCopyOperation(inputShape: padded, maps: maps), reading: [0])]
    }

    private static func declaredExtent(_ context: ONNXNodeContext, _ axis: Int) -> Int? {
        guard let shape = context.declaredShapes?.first ?? nil, axis < shape.rank else { return nil }
        return shape[axis]
    }

    private static func range(_ range: Range<Int>) -> [Int32] { range.map { Int32($0) } }

    private static func copy(_ input: Shape, ranges: [Int: [Int32]]) -> ONNXResult {
        .operation(copyOperation(input, ranges: ranges), reading: [0])
    }

    private static func copyOperation(_ input: Shape, ranges: [Int: [Int32]]) -> IndexedCopyOperation {
        IndexedCopyOperation(
            inputShape: input, maps: (0..<input.rank).map { ranges[$0] ?? IndexedCopyOperation.identity(input[$0]) })
    }
}
