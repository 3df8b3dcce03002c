import Tensors

/// A convolution of any shape as matrix products: for every stripe of output rows, the pixels under the filter taps
/// are gathered into a matrix and multiplied by the filters.
///
/// A transposed convolution is run as one ordinary convolution for each position of its output within a stride. Every
/// stripe is computed by itself, so the result does not depend on the number of threads.
struct GatheredConvolution: Sendable {
    /// An ordinary convolution whose results are spread over the output at regular steps.
    struct Phase: Sendable {
        /// Rows and columns of results.
        let rows: Int
        let columns: Int
        /// Where the first result stands in the output.
        let firstRow: Int
        let firstColumn: Int
        /// For each tap, how far it lies from (result row · step, result column · step) in the input.
        let taps: [(y: Int, x: Int)]
        /// `[Cout, Cin / groups · taps]`.
        let weights: Tensor
    }

    let inputShape: Shape
    let outputShape: Shape
    let groups: Int
    let bias: [Float]
    let border: BorderPadding.Mode
    /// Input rows and columns from result to result.
    let inputStep: (y: Int, x: Int)
    /// Output rows and columns from result to result.
    let outputStep: (y: Int, x: Int)
    let phases: [Phase]

    private static let patchFloats = 1 << 17

    /// Multiply-adds of one run, at most `Int.max`.
    var multiplyAdds: Int {
        phases.reduce(0) { total, phase in
            let (product, overflow) = (phase.rows * phase.columns).multipliedReportingOverflow(by: phase.weights.count)
            let (sum, carries) = total.addingReportingOverflow(product)
            return overflow || carries ? Int.max : sum
        }
    }

    /// Runs the convolution on `[1, Cin, H, W]`, with ReLU behind it if `isRectified`.
    func run(_ input: Tensor, isRectified: Bool, in workspace: Workspace) -> Tensor {
        var output = Tensor(uninitialized: outputShape, pool: workspace.pool)
        output.withMutableFloats { output in
            nonisolated(unsafe) let output = output
            for phase in phases where phase.rows > 0 && phase.columns > 0 {
                let depth = inputShape[1] / groups * phase.taps.count
                let grain = max(1, min(16, Self.patchFloats / max(1, depth * phase.columns)))
                workspace.rows.run(rows: phase.rows, grain: grain) { _, rows in
                    input.withFloats { input in
                        guard let source = input.baseAddress, let target = output.baseAddress else { return }
                        compute(phase, rows: rows, source, target, isRectified: isRectified, pool: workspace.pool)
                    }
                }
            }
        }
        return output
    }

    private func compute(
        _ phase: Phase, rows: Range<Int>, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>,
        isRectified: Bool, pool: TensorPool
    ) {
        let (channels, outputs) = (inputShape[1] / groups, outputShape[1] / groups)
        let (depth, count) = (channels * phase.taps.count, rows.count * phase.columns)
        var patches = Tensor(uninitialized: [max(depth, 1), count], pool: pool)
        var results = Tensor(uninitialized: [outputs, count], pool: pool)
        for group in 0..<groups {
            patches.withMutableFloats { patches in
                guard let patches = patches.baseAddress else { return }
                gather(phase, rows: rows, group: group, from: input, to: patches)
                results.withMutableFloats { results in
                    guard let results = results.baseAddress else { return }
                    if depth == 0 {
                        results.update(repeating: 0, count: outputs * count)
                    } else {
                        phase.weights.withFloats { weights in
                            guard let weights = weights.baseAddress else { return }
                            MatrixMultiply.multiply(
                                m: outputs, n: count, k: depth, a: weights + group * outputs * depth, lda: depth,
                                b: patches,
                                ldb: count, c: results, ldc: count)
                        }
                    }
                    spread(phase, rows: rows, group: group, results, to: output, isRectified: isRectified)
                }
            }
        }
    }

    private func gather(
        _ phase: Phase, rows: Range<Int>, group: Int, from input: UnsafePointer<Float>,
        to patches: UnsafeMutablePointer<Float>
    ) {
        let (height, width) = (inputShape[2], inputShape[3])
        let channels = inputShape[1] / groups
        var target = patches
        for channel in group * channels..<(group + 1) * channels {
            for tap in phase.taps {
                for row in rows {
                    let y = Int(BorderPadding.index(row * inputStep.y + tap.y, extent: height, mode: border))
                    if y < 0 {
                        target.update(repeating: 0, count: phase.columns)
                    } else {
                        gatherRow(input + (channel * height + y) * width, width, tap.x, to: target, phase.columns)
                    }
                    target += phase.columns
                }
            }
        }
    }

    /// Copies columns `offset`, `offset` + step, … of a row.
    private func gatherRow(
        _ source: UnsafePointer<Float>, _ width: Int, _ offset: Int, to target: UnsafeMutablePointer<Float>,
        _ count: Int
    ) {
        let step = inputStep.x
        let first = min(count, offset < 0 ? (-offset + step - 1) / step : 0)
        let end = offset >= width ? first : max(first, min(count, (width - 1 - offset) / step + 1))
        for x in 0..<first { target[x] = value(source, x * step + offset, width) }
        if step == 1 {
            if end > first { (target + first).update(from: source + first + offset, count: end - first) }
        } else {
            for x in first..<end { target[x] = source[x * step + offset] }
        }
        for x in end..<count { target[x] = value(source, x * step + offset, width) }
    }

    private func value(_ source: UnsafePointer<Float>, _ x: Int, _ width: Int) -> Float {
        let index = Int(BorderPadding.index(x, extent: width, mode: border))
        return index < 0 ? 0 : source[index]
    }

    private func spread(
        _ phase: Phase, rows: Range<Int>, group: Int, _ results: UnsafePointer<Float>,
        to output: UnsafeMutablePointer<Float>,
        isRectified: Bool
    ) {
        let (height, width) = (outputShape[2], outputShape[3])
        let outputs = outputShape[1] / groups
        var source = results
        for channel in group * outputs..<(group + 1) * outputs {
            let offset = bias[channel]
            for row in rows {
                let y = phase.firstRow + row * outputStep.y
                let target = output + (channel * height + y) * width + phase.firstColumn
                let least: Float = isRectified ? 0 : -.infinity
                if outputStep.x == 1 {
                    for x in 0..<phase.columns { target[x] = max(source[x] + offset, least) }
                } else {
                    for x in 0..<phase.columns { target[x * outputStep.x] = max(source[x] + offset, least) }
                }
                source += phase.columns
            }
        }
    }
}
