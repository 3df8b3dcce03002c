import Foundation
import Tensors

/// A function of two tensors, element by element, with ONNX's broadcasting.
struct BinaryOperation: ONNXOperation {
    enum Function: Sendable {
        case add, subtract, multiply, divide, power, minimum, maximum
        /// a where it is above 0, a · b elsewhere.
        case parametricRelu
    }

    let function: Function
    let outputShape: Shape
    /// Extents of the output, neighbours that both operands treat alike taken together; the last is a row.
    private let extents: [Int]
    private let strides: (a: [Int], b: [Int])
    private let inPlace: (a: Bool, b: Bool)
    private let isRectified: Bool

    private static let chunk = 1 << 14

    /// The shape that two shapes broadcast to, or nil.
    static func broadcast(_ a: Shape, _ b: Shape) -> Shape? {
        let rank = max(a.rank, b.rank)
        var extents: [Int] = []
        for axis in 0..<rank {
            let (x, y) = (extent(a, axis, rank), extent(b, axis, rank))
            guard x == y || x == 1 || y == 1 else { return nil }
            extents.append(x == 1 ? y : x)
        }
        return Shape(extents)
    }

    /// `outputShape` is what `a` and `b` broadcast to.
    init(_ function: Function, a: Shape, b: Shape, outputShape: Shape, isRectified: Bool = false) {
        self.function = function
        self.outputShape = outputShape
        self.isRectified = isRectified
        inPlace = (a == outputShape, b == outputShape)
        let rank = outputShape.rank
        var extents: [Int] = []
        var strides: (a: [Int], b: [Int]) = ([], [])
        var (strideA, strideB) = (1, 1)
        var previous: (a: Bool, b: Bool)?
        for axis in (0..<rank).reversed() where outputShape[axis] != 1 {
            let (x, y) = (Self.extent(a, axis, rank), Self.extent(b, axis, rank))
            let moves = (a: x != 1, b: y != 1)
            if let before = previous, before == moves {
                extents[0] *= outputShape[axis]
            } else {
                extents.insert(outputShape[axis], at: 0)
                strides.a.insert(moves.a ? strideA : 0, at: 0)
                strides.b.insert(moves.b ? strideB : 0, at: 0)
            }
            previous = moves
            strideA *= x
            strideB *= y
        }
        self.extents = extents.isEmpty ? [1] : extents
        self.strides = extents.isEmpty ? ([0], [0]) : strides
    }

    func rectified() -> (any ONNXOperation)? {
        BinaryOperation(copying: self, isRectified: true)
    }

    private init(copying other: BinaryOperation, isRectified: Bool) {
        function = other.function
        outputShape = other.outputShape
        extents = other.extents
        strides = other.strides
        inPlace = other.inPlace
        self.isRectified = isRectified
    }

    var overwritesInput: Bool { true }

    func layout(of inputs: [ONNXLayout]) -> (inputs: [ONNXLayout], output: ONNXLayout) {
        let isBlockSum = function == .add && inPlace == (true, true) && inputs.contains(.blocks)
        let layout: ONNXLayout = isBlockSum ? .blocks : .planes
        return ([layout, layout], layout)
    }

    /// The sum of two activations, one of them read as it was left, the other written over.
    func run(blocks inputs: inout [ONNXActivation], in workspace: Workspace) -> ONNXActivation {
        let addend = inputs[0].isReadRectified ? 1 : 0
        var sum = inputs[1 - addend].takeFinishedBlocks(in: workspace)
        var other = inputs[addend]
        inputs.removeAll()
        if other.isReadRectified { other = ONNXActivation(other.takeFinishedBlocks(in: workspace)) }
        let (blocks, reading) = other.takeBlocks()
        sum.add(
            blocks, reading: ChannelReading(reading, channels: sum.channels, rectified: isRectified), rows: sum.rows,
            in: workspace)
        return ONNXActivation(sum)
    }

    func run(_ inputs: inout [Tensor], in workspace: Workspace) -> Tensor {
        let b = inputs.removeLast()
        let a = inputs.removeLast()
        return inPlace.a || !inPlace.b ? run(into: .a, a, b, workspace) : run(into: .b, a, b, workspace)
    }

    private enum Target { case a, b }

    /// Writes over an operand where it has the result's shape; `Tensor` copies it first if another holds it too.
    private func run(into target: Target, _ a: consuming Tensor, _ b: consuming Tensor, _ workspace: Workspace)
        -> Tensor
    {
        let isOver = target == .a ? inPlace.a : inPlace.b
        var output: Tensor
        let other: Tensor
        let first: Tensor?
        switch (target, isOver) {
        case (.a, true): (output, other, first) = (a, b, nil)
        case (.b, true): (output, other, first) = (b, a, nil)
        case (_, false): (output, other, first) = (Tensor(uninitialized: outputShape, pool: workspace.pool), b, a)
        }
        output.withMutableFloats { output in
            other.withFloats { other in
                if let first {
                    first.withFloats { compute($0.baseAddress, other.baseAddress, output, workspace) }
                } else if target == .a {
                    compute(UnsafePointer(output.baseAddress), other.baseAddress, output, workspace)
                } else {
                    compute(other.baseAddress, UnsafePointer(output.baseAddress), output, workspace)
                }
            }
        }
        return output
    }

    private func compute(
        _ first: UnsafePointer<Float>?, _ second: UnsafePointer<Float>?, _ output: UnsafeMutableBufferPointer<Float>,
        _ workspace: Workspace
    ) {
        guard let first, let second, let start = output.baseAddress, let width = extents.last,
            let stepA = strides.a.last,
            let stepB = strides.b.last
        else { return }
        nonisolated(unsafe) let (a, b, target) = (first, second, start)
        let chunks = (width + Self.chunk - 1) / Self.chunk
        let rows = output.count / width
        workspace.rows.run(rows: rows * chunks, grain: max(1, Self.chunk / width)) { _, range in
            for item in range {
                let (row, chunk) = item.quotientAndRemainder(dividingBy: chunks)
                let (baseA, baseB) = bases(ofRow: row)
                let start = chunk * Self.chunk
                let count = min(Self.chunk, width - start)
                let destination = target + row * width + start
                apply(a + baseA + start * stepA, stepA, b + baseB + start * stepB, stepB, destination, count)
                if isRectified { for x in 0..<count { destination[x] = max(destination[x], 0) } }
            }
        }
    }

    private func bases(ofRow row: Int) -> (Int, Int) {
        var (rest, baseA, baseB) = (row, 0, 0)
        for axis in stride(from: extents.count - 2, through: 0, by: -1) {
            let index: Int
            (rest, index) = rest.quotientAndRemainder(dividingBy: extents[axis])
            baseA += index * strides.a[axis]
            baseB += index * strides.b[axis]
        }
        return (baseA, baseB)
    }

    private func apply(
        _ a: UnsafePointer<Float>, _ stepA: Int, _ b: UnsafePointer<Float>, _ stepB: Int,
        _ target: UnsafeMutablePointer<Float>, _ count: Int
    ) {
        switch function {
        case .add: map(a, stepA, b, stepB, target, count) { $0 + $1 }
        case .subtract: map(a, stepA, b, stepB, target, count) { $0 - $1 }
        case .multiply: map(a, stepA, b, stepB, target, count) { $0 * $1 }
        case .divide: map(a, stepA, b, stepB, target, count) { $0 / $1 }
        case .power: map(a, stepA, b, stepB, target, count) { $1 == 2 ? $0 * $0 : pow($0, $1) }
        case .minimum: map(a, stepA, b, stepB, target, count) { min($0, $1) }
        case .maximum: map(a, stepA, b, stepB, target, count) { max($0, $1) }
        case .parametricRelu: map(a, stepA, b, stepB, target, count) { $0 > 0 ? $0 : $0 * $1 }
        }
    }

    @inline(__always)
    private func map(
        _ a: UnsafePointer<Float>, _ stepA: Int, _ b: UnsafePointer<Float>, _ stepB: Int,
        _ target: UnsafeMutablePointer<Float>, _ count: Int, _ body: (Float, Float) -> Float
    ) {
        switch (stepA, stepB) {
        case (0, 0): target.update(repeating: body(a[0], b[0]), count: count)
        case (0, _):
            let value = a[0]
            for x in 0..<count { target[x] = body(value, b[x]) }
        case (_, 0):
            let value = b[0]
            for x in 0..<count { target[x] = body(a[x], value) }
        default: for x in 0..<count { target[x] = body(a[x], b[x]) }
        }
    }

    private static func extent(_ shape: Shape, _ axis: Int, _ rank: Int) -> Int {
        let own = axis - (rank - shape.rank)
        return own < 0 ? 1 : shape[own]
    }
}
