import Tensors

/// Copies elements by an index map for every axis: slices, crops, pads, gathers, nearest resizing, expansion.
struct IndexedCopyOperation: ONNXOperation {
    let inputShape: Shape
    /// For every axis, the input index of every output index; negative for `fill`.
    let maps: [[Int32]]
    /// What stands where a map has no index.
    let fill: Float
    /// Rows and columns that were put around the last two axes, where that is all this does.
    let padding: BorderPadding?
    let outputShape: Shape
    /// The longest stretch of the last axis that is copied as it is.
    private let run: Range<Int>

    private static let grainElements = 1 << 14

    /// - Parameter maps: one for every axis of `inputShape`, of at least one index each.
    init(inputShape: Shape, maps: [[Int32]], fill: Float = 0, padding: BorderPadding? = nil) {
        precondition(maps.count == inputShape.rank, "\(maps.count) maps for shape \(inputShape)")
        self.inputShape = inputShape
        self.maps = maps
        self.fill = fill
        self.padding = padding
        outputShape = Shape(maps.map(\.count))
        run = Self.longestRun(maps.last ?? [])
    }

    /// The map that changes nothing.
    static func identity(_ extent: Int) -> [Int32] { (0..<Int32(extent)).map { $0 } }

    /// Whether rows and columns of `[1, C, H, W]` are all that is copied, missing ones being zeros.
    private var isSpatial: Bool {
        maps.count == 4 && maps[0] == [0] && maps[1] == Self.identity(inputShape[1])
            && (fill == 0 || maps[2...].allSatisfy { $0.allSatisfy { $0 >= 0 } })
    }

    /// Where the copy begins in the input, if a window of its rows and columns is all that is copied.
    var window: (top: Int, left: Int)? {
        guard isSpatial, let top = maps[2].first, let left = maps[3].first, min(top, left) >= 0,
            maps[2].enumerated().allSatisfy({ Int($1) == $0 + Int(top) }),
            maps[3].enumerated().allSatisfy({ Int($1) == $0 + Int(left) })
        else { return nil }
        return (Int(top), Int(left))
    }

    /// Whether every row and column is copied twice.
    var isDoubling: Bool {
        isSpatial
            && (2..<4).allSatisfy { axis in
                maps[axis].count == 2 * inputShape[axis] && maps[axis].enumerated().allSatisfy { $1 == $0 / 2 }
            }
    }

    func layout(of inputs: [ONNXLayout]) -> (inputs: [ONNXLayout], output: ONNXLayout) {
        isSpatial ? (inputs, inputs[0]) : ([.planes], .planes)
    }

    func run(blocks inputs: inout [ONNXActivation], in workspace: Workspace) -> ONNXActivation {
        let (blocks, reading) = inputs[0].takeBlocks()
        return ONNXActivation(blocks.copied(rows: maps[2], columns: maps[3], reading: reading, in: workspace))
    }

    var keptBytes: Int { maps.reduce(0) { $0 + 4 * $1.count } }

    var isMovement: Bool { maps.allSatisfy { $0.allSatisfy { $0 >= 0 } } }

    func run(_ inputs: inout [Tensor], in workspace: Workspace) -> Tensor {
        let input = inputs.removeFirst()
        guard let last = maps.last else { return input.reshaped(to: outputShape) }
        var output = Tensor(uninitialized: outputShape, pool: workspace.pool)
        let width = last.count
        // A slice may be empty.
        guard width > 0 else { return output }
        let rows = outputShape.count / width
        output.withMutableFloats { output in
            nonisolated(unsafe) let output = output
            workspace.rows.run(rows: rows, grain: max(1, Self.grainElements / width)) { _, range in
                input.withFloats { input in
                    for row in range { copy(row: row, from: input, to: output, last: last) }
                }
            }
        }
        return output
    }

    private func copy(
        row: Int, from input: UnsafeBufferPointer<Float>, to output: UnsafeMutableBufferPointer<Float>, last: [Int32]
    ) {
        guard let target = output.baseAddress.map({ $0 + row * last.count }) else { return }
        guard let base = source(ofRow: row), let source = input.baseAddress.map({ $0 + base }) else {
            target.update(repeating: fill, count: last.count)
            return
        }
        for x in 0..<run.lowerBound { target[x] = last[x] < 0 ? fill : source[Int(last[x])] }
        if !run.isEmpty { (target + run.lowerBound).update(from: source + Int(last[run.lowerBound]), count: run.count) }
        for x in run.upperBound..<last.count { target[x] = last[x] < 0 ? fill : source[Int(last[x])] }
    }

    /// Where the input row that an output row reads begins; nil for a row of `fill`.
    private func source(ofRow row: Int) -> Int? {
        var (rest, stride, base) = (row, inputShape[inputShape.rank - 1], 0)
        for axis in maps.indices.dropLast().reversed() {
            let index: Int
            (rest, index) = rest.quotientAndRemainder(dividingBy: maps[axis].count)
            let mapped = Int(maps[axis][index])
            if mapped < 0 { return nil }
            base += mapped * stride
            stride *= inputShape[axis]
        }
        return base
    }

    private static func longestRun(_ map: [Int32]) -> Range<Int> {
        var (best, start) = (0..<0, 0)
        for index in map.indices {
            let continues = index > start && map[index] == map[index - 1] + 1 && map[index - 1] >= 0
            if !continues { start = index }
            if map[index] >= 0, index + 1 - start > best.count { best = start..<index + 1 }
        }
        return best
    }
}
