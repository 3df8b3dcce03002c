import Tensors

/// Mean, sum, least or greatest over some axes.
struct ReduceOperation: ONNXOperation {
    enum Function: Sendable {
        case mean, sum, minimum, maximum
    }

    let function: Function
    let outputShape: Shape
    /// Where the elements of one result lie from its first; nil where they follow one another.
    private let offsets: [Int]?
    private let count: Int
    /// Extents and input strides of the axes that stay.
    private let kept: [(extent: Int, stride: Int)]

    /// - Parameter axes: those that are reduced, distinct and within the rank.
    init(_ function: Function, inputShape: Shape, axes: Set<Int>, outputShape: Shape) {
        self.function = function
        self.outputShape = outputShape
        var stride = 1
        var (kept, reduced): ([(extent: Int, stride: Int)], [(extent: Int, stride: Int)]) = ([], [])
        for axis in (0..<inputShape.rank).reversed() {
            if axes.contains(axis) {
                reduced.insert((inputShape[axis], stride), at: 0)
            } else {
                kept.insert((inputShape[axis], stride), at: 0)
            }
            stride *= inputShape[axis]
        }
        self.kept = kept
        count = reduced.reduce(1) { $0 * $1.extent }
        let trails = axes.allSatisfy { $0 >= inputShape.rank - axes.count }
        offsets =
            trails
            ? nil
            : reduced.reduce([0]) { offsets, axis in
                offsets.flatMap { offset in (0..<axis.extent).map { offset + $0 * axis.stride } }
            }
    }

    var keptBytes: Int { 8 * (offsets?.count ?? 0) }
    var visits: Int { outputShape.count * count }

    func run(_ inputs: inout [Tensor], in workspace: Workspace) -> Tensor {
        let input = inputs.removeFirst()
        var output = Tensor(uninitialized: outputShape, pool: workspace.pool)
        output.withMutableFloats { output in
            nonisolated(unsafe) let output = output
            workspace.rows.run(rows: output.count, grain: max(1, (1 << 12) / count)) { _, range in
                input.withFloats { input in
                    for index in range { output[index] = reduce(input, at: base(of: index)) }
                }
            }
        }
        return output
    }

    private func base(of index: Int) -> Int {
        var (rest, base) = (index, 0)
        for axis in kept.reversed() {
            let position: Int
            (rest, position) = rest.quotientAndRemainder(dividingBy: axis.extent)
            base += position * axis.stride
        }
        return base
    }

    private func reduce(_ input: UnsafeBufferPointer<Float>, at base: Int) -> Float {
        func element(_ index: Int) -> Float { input[base + (offsets.map { $0[index] } ?? index)] }
        switch function {
        case .mean, .sum:
            var sum = 0.0
            for index in 0..<count { sum += Double(element(index)) }
            return Float(function == .mean ? sum / Double(count) : sum)
        case .minimum: return (0..<count).reduce(Float.infinity) { min($0, element($1)) }
        case .maximum: return (0..<count).reduce(-Float.infinity) { max($0, element($1)) }
        }
    }
}
