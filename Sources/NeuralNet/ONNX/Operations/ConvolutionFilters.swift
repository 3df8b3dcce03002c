import Tensors

/// A convolution's weights and how they move over an image, at no particular size.
struct ConvolutionFilters: Sendable {
    /// `[Cout, Cin / groups, kh, kw]`, or `[Cin, Cout / groups, kh, kw]` where it is transposed.
    let weight: Tensor
    /// `[Cout]`.
    let bias: [Float]
    let strides: (y: Int, x: Int)
    let dilations: (y: Int, x: Int)
    let groups: Int

    /// Rows and columns that the filter spans.
    var span: (y: Int, x: Int) {
        ((weight.shape[2] - 1) * dilations.y + 1, (weight.shape[3] - 1) * dilations.x + 1)
    }

    /// Floats of a staged patch above which the block engine's kernels would take too much memory.
    private static let greatestPatch = 1 << 22

    /// Whether what a short row of outputs reads is a patch of reasonable size: filters may be large, and their taps far
    /// apart.
    func fitsPatch(outputWidth: Int) -> Bool {
        let (width, reach) = ((min(outputWidth, 28) - 1) * strides.x + span.x, span.y + strides.y)
        let (pixels, overflow) = width.multipliedReportingOverflow(by: reach)
        return !overflow && pixels <= Self.greatestPatch / (BlockTensor.blockCount(weight.shape[1]) * 16)
    }

    /// Bytes of the filters as the block engine's kernels read them, at most.
    var packedBytes: Int {
        let taps = weight.shape[2] == 3 && weight.shape[3] == 3 ? 36 : weight.shape[2] * weight.shape[3]
        return (0..<2).reduce(4 * taps) { $0 * BlockTensor.blockCount(weight.shape[$1]) * 16 }
    }

    /// The convolution of `[1, Cin, H, W]`, padded at the top and the left, to an output of known size.
    func gathered(
        inputShape: Shape, outputHeight: Int, outputWidth: Int, top: Int, left: Int, border: BorderPadding.Mode
    ) -> GatheredConvolution {
        let (rows, columns) = (weight.shape[2], weight.shape[3])
        let taps = (0..<rows).flatMap { y in
            (0..<columns).map { x in (y: y * dilations.y - top, x: x * dilations.x - left) }
        }
        let outputs = weight.shape[0]
        let phase = GatheredConvolution.Phase(
            rows: outputHeight, columns: outputWidth, firstRow: 0, firstColumn: 0, taps: taps,
            weights: weight.reshaped(to: [outputs, weight.count / outputs]))
        return GatheredConvolution(
            inputShape: inputShape, outputShape: [1, outputs, outputHeight, outputWidth], groups: groups, bias: bias,
            border: border, inputStep: strides, outputStep: (1, 1), phases: [phase])
    }

    /// The transposed convolution of `[1, Cin, H, W]` to an output of known size, of which `top` rows and `left`
    /// columns are cut.
    func transposed(
        inputShape: Shape, outputHeight: Int, outputWidth: Int, top: Int, left: Int
    ) -> GatheredConvolution {
        var phases: [GatheredConvolution.Phase] = []
        let vertical = Self.phases(outputHeight, weight.shape[2], strides.y, dilations.y, top)
        let horizontal = Self.phases(outputWidth, weight.shape[3], strides.x, dilations.x, left)
        for y in vertical {
            for x in horizontal {
                phases.append(
                    .init(
                        rows: y.count, columns: x.count, firstRow: y.first, firstColumn: x.first,
                        taps: y.taps.flatMap { row in x.taps.map { (y: row.offset, x: $0.offset) } },
                        weights: transposedWeights(rows: y.taps.map(\.index), columns: x.taps.map(\.index))))
            }
        }
        return GatheredConvolution(
            inputShape: inputShape, outputShape: [1, weight.shape[1] * groups, outputHeight, outputWidth],
            groups: groups,
            bias: bias, border: .zero, inputStep: (1, 1), outputStep: strides, phases: phases)
    }

    private struct AxisPhase {
        let first: Int
        let count: Int
        let taps: [(index: Int, offset: Int)]
    }

    /// For each position within a stride, the filter taps that reach it: output o takes tap k from input i where
    /// o = i · stride − cut + k · dilation.
    private static func phases(_ output: Int, _ taps: Int, _ stride: Int, _ dilation: Int, _ cut: Int) -> [AxisPhase] {
        (0..<min(stride, output)).map { first in
            let reaching = (0..<taps).compactMap { tap -> (index: Int, offset: Int)? in
                let distance = first + cut - tap * dilation
                return distance % stride == 0 ? (tap, distance / stride) : nil
            }
            return AxisPhase(first: first, count: (output - first + stride - 1) / stride, taps: reaching)
        }
    }

    /// The taps at some rows and columns as `[Cout, Cin / groups · taps]`.
    private func transposedWeights(rows: [Int], columns: [Int]) -> Tensor {
        let (inputs, outputs) = (weight.shape[0] / groups, weight.shape[1])
        let (height, width) = (weight.shape[2], weight.shape[3])
        var values: [Float] = []
        values.reserveCapacity(outputs * groups * inputs * rows.count * columns.count)
        weight.withFloats { weight in
            for group in 0..<groups {
                for output in 0..<outputs {
                    for input in 0..<inputs {
                        let base = ((group * inputs + input) * outputs + output) * height * width
                        for row in rows { for column in columns { values.append(weight[base + row * width + column]) } }
                    }
                }
            }
        }
        return Tensor([outputs * groups, inputs * rows.count * columns.count], values)
    }
}
