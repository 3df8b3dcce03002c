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

    var overwritesInput: Bool { true }

    /// Whether zero stays zero, as it must in the channels that fill up a block.
    private var keepsZero: Bool {
        switch function {
        case .relu, .leakyRelu, .tanh, .sqrt, .abs, .floor, .ceil, .round, .truncate, .elu: true
        case .clip(let low, let high): low <= 0 && high >= 0
        case .sigmoid, .affine, .exp, .log, .byte, .reciprocal, .softplus, .hardSigmoid: false
        }
    }

    func layout(of inputs: [ONNXLayout]) -> (inputs: [ONNXLayout], output: ONNXLayout) {
        keepsZero ? (inputs, inputs[0]) : ([.planes], .planes)
    }

    func run(_ inputs: inout [Tensor], in workspace: Workspace) -> Tensor {
        var tensor = inputs.removeFirst()
        run(on: &tensor, in: workspace)
        return tensor
    }

    func run(blocks inputs: inout [ONNXActivation], in workspace: Workspace) -> ONNXActivation {
        var tensor = inputs[0].takeFinishedBlocks(in: workspace)
        run(on: &tensor.blocks, in: workspace)
        return ONNXActivation(tensor)
    }

    /// max(·, 0) of every element.
    static func rectify(_ tensor: inout Tensor, in workspace: Workspace) {
        UnaryOperation(function: .relu, outputShape: tensor.shape).run(on: &tensor, in: workspace)
    }

    private func run(on tensor: inout Tensor, in workspace: Workspace) {
        let count = tensor.count
        tensor.withMutableFloats { values in
            nonisolated(unsafe) let values = values
            workspace.rows.run(rows: count, grain: Self.grain) { _, range in
                apply(UnsafeMutableBufferPointer(rebasing: values[range]))
            }
        }
    }

    private func apply(_ values: UnsafeMutableBufferPointer<Float>) {
        switch function {
        case .relu: map(values) { $0 > 0 ? $0 : 0 }
        case .leakyRelu(let slope): map(values) { $0 >= 0 ? $0 : slope * $0 }
        case .tanh: map(values) { 1 - 2 / (1 + Self.exponential(2 * $0)) }
        case .sigmoid: map(values) { 1 / (1 + Self.exponential(-$0)) }
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

    /// eˣ, beyond −87…88 as there, to 2·10⁻⁷ of itself near 0 and 10⁻⁵ at the ends: Taylor's polynomial over half a power of
    /// two around 0, for loops that the compiler makes vectors of.
    @inline(__always)
    private static func exponential(_ x: Float) -> Float {
        let powers = min(max(x, -87), 88) * 1.442_695_04
        // Adding and taking away 1.5 · 2²³ rounds to a whole number, which then stands in the low bits.
        let shifted = powers + 12_582_912
        let whole = shifted - 12_582_912
        let t = (powers - whole) * 0.693_147_18
        let series = 1 + t * (1 + t * (0.5 + t * (1 / 6 + t * (1 / 24 + t * (1 / 120 + t * (1 / 720))))))
        let exponent = (Int32(bitPattern: shifted.bitPattern) &- 0x4B40_0000 &+ 127) << 23
        return x.isNaN ? x : series * Float(bitPattern: UInt32(bitPattern: exponent))
    }

    @inline(__always)
    private func map(_ values: UnsafeMutableBufferPointer<Float>, _ body: (Float) -> Float) {
        for index in values.indices { values[index] = body(values[index]) }
    }
}
