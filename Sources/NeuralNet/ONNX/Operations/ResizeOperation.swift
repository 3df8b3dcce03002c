import Tensors

/// Resizes the last two axes by weighted sums along each: linear and cubic interpolation.
struct ResizeOperation: ONNXOperation {
    let inputShape: Shape
    let outputShape: Shape
    let vertical: ResizeTaps
    let horizontal: ResizeTaps

    var keptBytes: Int { 12 * (vertical.indices.count + horizontal.indices.count) }
    var scratchBytes: Int { 4 * inputShape.count / inputShape[inputShape.rank - 1] * outputShape[outputShape.rank - 1] }
    var visits: Int {
        scratchBytes / 4 * horizontal.width + outputShape.count * vertical.width
    }

    func run(_ inputs: inout [Tensor], in workspace: Workspace) -> Tensor {
        let input = inputs.removeFirst()
        let rank = inputShape.rank
        let (inputHeight, inputWidth) = (inputShape[rank - 2], inputShape[rank - 1])
        let (height, width) = (outputShape[rank - 2], outputShape[rank - 1])
        let planes = inputShape.count / (inputHeight * inputWidth)
        var widened = Tensor(uninitialized: [planes * inputHeight, width], pool: workspace.pool)
        widened.withMutableFloats { target in
            nonisolated(unsafe) let target = target
            workspace.rows.run(rows: planes * inputHeight, grain: 8) { _, range in
                input.withFloats { source in
                    for row in range {
                        for x in 0..<width {
                            var sum: Float = horizontal.outside[x]
                            for tap in x * horizontal.width..<(x + 1) * horizontal.width {
                                sum += horizontal.weights[tap] * source[row * inputWidth + horizontal.indices[tap]]
                            }
                            target[row * width + x] = sum
                        }
                    }
                }
            }
        }
        let narrow = widened
        var output = Tensor(uninitialized: outputShape, pool: workspace.pool)
        output.withMutableFloats { target in
            nonisolated(unsafe) let target = target
            workspace.rows.run(rows: planes * height, grain: 8) { _, range in
                narrow.withFloats { source in
                    for row in range {
                        let (plane, y) = row.quotientAndRemainder(dividingBy: height)
                        for x in 0..<width { target[row * width + x] = vertical.outside[y] }
                        for tap in y * vertical.width..<(y + 1) * vertical.width {
                            let weight = vertical.weights[tap]
                            let base = (plane * inputHeight + vertical.indices[tap]) * width
                            if weight == 0 { continue }
                            for x in 0..<width { target[row * width + x] += weight * source[base + x] }
                        }
                    }
                }
            }
        }
        return output
    }
}
