import Tensors

extension ONNXOperators {
    static let identity: Builder = { context throws(ONNXFault) in
        [.operation(ReshapeOperation(outputShape: try context.shape(0)), reading: [0])]
    }

    static let reshape: Builder = { context throws(ONNXFault) in
        let input = try context.shape(0)
        let stated = try context.integers(1, "shape")
        if let declared = context.declaredShapes?.first ?? nil, declared != input,
            let saved = try? reshaped(context, stated, input: declared),
            let carried = carried(saved, from: declared, to: input)
        {
            return [.operation(ReshapeOperation(outputShape: try context.checked(carried)), reading: [0])]
        }
        return [.operation(ReshapeOperation(outputShape: try reshaped(context, stated, input: input)), reading: [0])]
    }

    private static func reshaped(_ context: ONNXNodeContext, _ stated: [Int], input: Shape) throws(ONNXFault) -> Shape {
        let keepsZero = try context.int("allowzero", default: 0) != 0
        var extents: [Int] = []
        for (axis, extent) in stated.enumerated() {
            guard extent == 0, !keepsZero else {
                extents.append(extent)
                continue
            }
            guard axis < input.rank else {
                throw context.fault("shape \(ONNXNodeContext.abbreviated(stated)) has a 0 beyond \(input)")
            }
            extents.append(input[axis])
        }
        if let open = extents.firstIndex(of: -1) {
            extents[open] = 1
            let known = try context.checked(extents, allowsZero: true).count
            extents[open] = known == 0 ? 0 : input.count / known
        }
        let shape = try context.checked(extents, allowsZero: true)
        guard shape.count == input.count else {
            let isDeclared = context.declaredShapes != nil
            throw context.fault(
                "cannot bring \(input) to \(ONNXNodeContext.abbreviated(stated))"
                    + (isDeclared ? "; this graph runs at the frame size that it was saved for and at no other" : ""))
        }
        return shape
    }

    /// A shape that was saved for `declared`, for `input` instead: extents are grouped so that both sides of a group have the
    /// same product, and a group whose extents change must become one extent. Nil where that is not so.
    private static func carried(_ saved: Shape, from declared: Shape, to input: Shape) -> [Int]? {
        guard declared.rank == input.rank, declared.count > 0, saved.count == declared.count else { return nil }
        var (result, from, to): ([Int], Int, Int) = ([], 0, 0)
        while from < declared.rank || to < saved.rank {
            let (firstFrom, firstTo) = (from, to)
            var (before, after) = (1, 1)
            repeat {
                if before <= after, from < declared.rank || to == saved.rank {
                    before *= declared[from]
                    from += 1
                } else {
                    after *= saved[to]
                    to += 1
                }
            } while before != after || (from == firstFrom && from < declared.rank) || (to == firstTo && to < saved.rank)
            let sources = input.dimensions[firstFrom..<from]
            if sources == declared.dimensions[firstFrom..<from] {
                result += saved.dimensions[firstTo..<to]
            } else if to - firstTo == 1 {
                result.append(sources.reduce(1, *))
            } else {
                return nil
            }
        }
        return result
    }

    static let flatten: Builder = { context throws(ONNXFault) in
        let input = try context.shape(0)
        let stated = try context.int("axis", default: 1)
        let axis = stated == input.rank ? stated : try context.axis(stated, rank: max(input.rank, 1))
        let shape = Shape([input.dimensions.prefix(axis).reduce(1, *), input.dimensions.dropFirst(axis).reduce(1, *)])
        return [.operation(ReshapeOperation(outputShape: shape), reading: [0])]
    }

    static let squeeze: Builder = { context throws(ONNXFault) in
        let input = try context.shape(0)
        let axes = try context.axes(input: 1, rank: input.rank) ?? (0..<input.rank).filter { input[$0] == 1 }
        guard axes.allSatisfy({ input[$0] == 1 }) else { throw context.fault("cannot take axes \(axes) from \(input)") }
        let kept = (0..<input.rank).filter { !axes.contains($0) }.map { input[$0] }
        return [.operation(ReshapeOperation(outputShape: Shape(kept)), reading: [0])]
    }

    static let unsqueeze: Builder = { context throws(ONNXFault) in
        let input = try context.shape(0)
        let count = try context.has(1) ? context.integers(1, "axes").count : context.ints("axes")?.count ?? 0
        guard count > 0, input.rank + count <= context.limits.rank,
            let axes = try context.axes(input: 1, rank: input.rank + count)
        else { throw context.fault("adds \(count) axes to \(input)") }
        var rest = input.dimensions[...]
        let extents = (0..<input.rank + count).map { axes.contains($0) ? 1 : rest.removeFirst() }
        return [.operation(ReshapeOperation(outputShape: Shape(extents)), reading: [0])]
    }

    static let transpose: Builder = { context throws(ONNXFault) in
        let input = try context.shape(0)
        let permutation = try context.ints("perm") ?? Array((0..<input.rank).reversed())
        guard permutation.count == input.rank, Set(permutation) == Set(0..<input.rank) else {
            throw context.fault("'perm' is \(ONNXNodeContext.abbreviated(permutation)) for \(input)")
        }
        return [.operation(TransposeOperation(permutation: permutation, inputShape: input), reading: [0])]
    }

    static let concat: Builder = { context throws(ONNXFault) in
        let first = try context.shape(0)
        let axis = try context.axis(try context.int("axis", default: 1), rank: first.rank)
        var extents = first.dimensions
        extents[axis] = 0
        for index in context.operands.indices {
            let shape = try context.shape(index)
            guard shape.rank == first.rank, (0..<first.rank).allSatisfy({ $0 == axis || shape[$0] == first[$0] }) else {
                throw context.fault("cannot join \(first) and \(shape) along axis \(axis)")
            }
            extents[axis] += shape[axis]
        }
        let shape = try context.checked(extents, allowsZero: true)
        return [.operation(ConcatOperation(axis: axis, outputShape: shape), reading: Array(context.operands.indices))]
    }

    static let depthToSpace: Builder = { context throws(ONNXFault) in
        let input = try context.imageShape(0)
        let block = try context.int("blocksize", default: 0)
        guard (1...64).contains(block), input[1] % (block * block) == 0 else {
            throw context.fault("spreads \(input[1]) channels over blocks of \(block)")
        }
        let (channels, height, width) = (input[1] / (block * block), input[2], input[3])
        let columnsFirst = try context.string("mode", default: "DCR") == "CRD"
        let operation = DepthToSpaceOperation(
            split: columnsFirst ? [channels, block, block, height, width] : [block, block, channels, height, width],
            permutation: columnsFirst ? [0, 3, 1, 4, 2] : [2, 3, 0, 4, 1],
            outputShape: try context.checked([1, channels, height * block, width * block]))
        return [.operation(operation, reading: [0])]
    }
}
