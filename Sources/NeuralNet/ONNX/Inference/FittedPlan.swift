import Tensors

/// A plan whose output has the frame's size, with the padding that this takes: graphs round sizes to multiples of their
/// strides, or cut their borders.
struct FittedPlan: Sendable {
    let plan: ONNXPlan
    /// Rows above and columns left of the frame in the plan's input.
    let top: Int
    let left: Int
    let height: Int
    let width: Int

    /// Finds the least padding, at the right and the bottom to a multiple of 1, 2, … 64, and around the frame where the
    /// graph cuts its borders.
    init(_ model: ONNXModel, height: Int, width: Int) throws {
        self.height = height
        self.width = width
        var first: (any Error)?
        var seen: Shape?
        for multiple in [1, 2, 4, 8, 16, 32, 64] {
            let (rows, columns) = (Self.roundedUp(height, multiple), Self.roundedUp(width, multiple))
            do {
                let plan = try model.plan(height: rows, width: columns)
                let output = plan.outputShape
                guard output.rank == 4, output[0] == 1, output[1] == 3 else {
                    throw BrushflowError(
                        .content,
                        "\(model.name): cannot use the network: its output is \(output), not [1, 3, height, width]")
                }
                seen = seen ?? output
                let (cutRows, cutColumns) = (rows - output[2], columns - output[3])
                if cutRows == 0, cutColumns == 0 {
                    (self.plan, top, left) = (plan, 0, 0)
                    return
                }
                guard cutRows >= 0, cutColumns >= 0, cutRows < rows, cutColumns < columns else { continue }
                let wider = try model.plan(height: rows + cutRows, width: columns + cutColumns)
                if wider.outputShape == [1, 3, rows, columns] {
                    (self.plan, top, left) = (wider, cutRows / 2, cutColumns / 2)
                    return
                }
            } catch {
                first = first ?? error
            }
        }
        if let first { throw first }
        throw BrushflowError(
            .content,
            "\(model.name): cannot use the network: for a frame of \(width)×\(height) it gives \(seen?.description ?? "nothing"), another size"
        )
    }

    private static func roundedUp(_ extent: Int, _ multiple: Int) -> Int {
        (extent + multiple - 1) / multiple * multiple
    }

    /// Runs the plan on a picture.
    ///
    /// - Parameters:
    ///   - image: the frame, 0…1, of `height` × `width`.
    ///   - isBGR: whether the graph's channels are blue, green, red.
    /// - Returns: `[3, height, width]`, red first, in the graph's own range.
    func run(_ image: PlanarImage, range: InputRange, isBGR: Bool, in workspace: Workspace) -> Tensor {
        precondition(
            image.height == height && image.width == width,
            "a frame of \(image.width)×\(image.height) for a plan of \(width)×\(height)")
        let result = plan.run(staged(image, range: range, isBGR: isBGR, in: workspace), in: workspace)
        // A graph that cuts its borders gives back what was put around the frame, cut to its size rounded up.
        let shape: Shape = [3, result.shape[2], result.shape[3]]
        let maps: [[Int32]] = [
            isBGR ? [2, 1, 0] : [0, 1, 2], IndexedCopyOperation.identity(height), IndexedCopyOperation.identity(width),
        ]
        guard isBGR || shape != [3, height, width] else { return result.reshaped(to: shape) }
        var inputs = [result.reshaped(to: shape)]
        return IndexedCopyOperation(inputShape: shape, maps: maps).run(&inputs, in: workspace)
    }

    /// The frame in the graph's channel order and range, mirrored where there is more than the frame.
    private func staged(_ image: PlanarImage, range: InputRange, isBGR: Bool, in workspace: Workspace) -> Tensor {
        var input = Tensor(uninitialized: plan.inputShape, pool: workspace.pool)
        let (rows, columns) = (plan.inputShape[2], plan.inputShape[3])
        let map = BorderPadding.map(extent: width, before: left, after: columns - width - left, mode: .reflection)
        input.withMutableFloats { target in
            nonisolated(unsafe) let target = target
            workspace.rows.run(rows: 3 * rows, grain: 8) { _, stripe in
                image.tensor.withFloats { source in
                    for row in stripe {
                        let (channel, y) = row.quotientAndRemainder(dividingBy: rows)
                        let color = isBGR ? 2 - channel : channel
                        let (scale, offset) = range.affine(channel: color)
                        let from =
                            (color * height + Int(BorderPadding.index(y - top, extent: height, mode: .reflection)))
                            * width
                        for x in 0..<columns { target[row * columns + x] = source[from + Int(map[x])] * scale + offset }
                    }
                }
            }
        }
        return input
    }
}
