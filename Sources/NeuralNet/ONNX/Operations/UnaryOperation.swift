import Foundation
import Tensors

/// A function of every element by itself.
struct UnaryOperation: ONNXOperation {
    enum Function: Sendable, Equatable {
        case relu
        /// The slope below 0.
        case leakyRelu(Float)
        case tanh
        case sigmoid
        /// Lowest and highest value.
        case clip(Float, Float)
        /// Scale and offset.
        case affine(Float, Float)
        case sqrt
        case abs
        case exp
        case log
        case floor
        case ceil
        /// To the nearest, halves to even.
        case round
        /// Towards zero, as in a cast to whole numbers.
        case truncate
        /// Towards zero and to 0…255, as in a cast to bytes of what lies within their range.
        case byte
        /// The scale below 0.
        case elu(Float)
        case reciprocal
        case softplus
        /// Slope and offset of the line that is clipped to 0…1.
        case hardSigmoid(Float, Float)
    }

    let function: Function
    let outputShape: Shape

    private static let grain = 1 << 14

    func run(_ inputs: inout [Tensor], in workspace: Workspace) -> Tensor {
        var tensor = inputs.removeFirst()
        let count = tensor.count
        tensor.withMutableFloats { values in
            nonisolated(unsafe) let values = values
            workspace.rows.run(rows: count, grain: Self.grain) { _, range in
                apply(UnsafeMutableBufferPointer(rebasing: values[range]))
            }
        }
        return tensor
    }

    private func apply(_ values: UnsafeMutableBufferPointer<Float>) {
        switch function {
        case .relu: map(values) { $0 > 0 ? $0 : 0 }
        case .leakyRelu(let slope): map(values) { $0 >= 0 ? $0 : slope * $0 }
        case .tanh: map(values) { Foundation.tanh($0) }
        case .sigmoid: map(values) { 1 / (1 + Foundation.exp(-$0)) }
        case .clip(let low, let high): map(values) { min(max($0, low), high) }
        case .affine(let scale, let offset): map(values) { $0 * scale + offset }
        case .sqrt: map(values) { $0.squareRoot() }
        case .abs: map(values) { Swift.abs($0) }
        case .exp: map(values) { Foundation.exp($0) }
        case .log: map(values) { Foundation.log($0) }
        case .floor: map(values) { $0.rounded(.down) }
        case .ceil: map(values) { $0.rounded(.up) }
        case .round: map(values) { $0.rounded(.toNearestOrEven) }
        case .truncate: map(values) { $0.rounded(.towardZero) }
        case .byte: map(values) { min(max($0.rounded(.towardZero), 0), 255) }
        case .elu(let scale): map(values) { $0 >= 0 ? $0 : scale * expm1($0) }
        case .reciprocal: map(values) { 1 / $0 }
        case .softplus: map(values) { max($0, 0) + log1p(Foundation.exp(-Swift.abs($0))) }
        case .hardSigmoid(let slope, let offset): map(values) { min(max(slope * $0 + offset, 0), 1) }
        }
    }

    @inline(__always)
    private func map(_ values: UnsafeMutableBufferPointer<Float>, _ body: (Float) -> Float) {
        for index in values.indices { values[index] = body(values[index]) }
    }
}
