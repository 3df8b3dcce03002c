import Tensors

/// The mean or the greatest value under a window that moves over `[1, C, H, W]`.
struct PoolingOperation: ONNXOperation {
    enum Function: Sendable {
        /// Whether zeros of the padding count.
        case average(countsPadding: Bool)
        case maximum
    }

    let function: Function
    let inputShape: Shape
    let outputShape: Shape
    let kernel: (y: Int, x: Int)
    let strides: (y: Int, x: Int)
    let dilations: (y: Int, x: Int)
    /// Rows above and columns left of the input.
    let before: (y: Int, x: Int)
    /// Rows and columns with the padding of both sides.
    let padded: (y: Int, x: Int)

    var visits: Int {
        let (product, overflow) = outputShape.count.multipliedReportingOverflow(by: kernel.y * kernel.x)
        return overflow ? Int.max : product
    }

    func run(_ inputs: inout [Tensor], in workspace: Workspace) -> Tensor {
        let input = inputs.removeFirst()
        var output = Tensor(uninitialized: outputShape, pool: workspace.pool)
        let (height, width) = (outputShape[2], outputShape[3])
        output.withMutableFloats { output in
            nonisolated(unsafe) let output = output
            workspace.rows.run(rows: outputShape[1] * height, grain: 4) { _, range in
                input.withFloats { input in
                    for row in range {
                        let (channel, y) = row.quotientAndRemainder(dividingBy: height)
                        for x in 0..<width { output[row * width + x] = pool(input, channel, y, x) }
                    }
                }
            }
        }
        return output
    }

    private func pool(_ input: UnsafeBufferPointer<Float>, _ channel: Int, _ y: Int, _ x: Int) -> Float {
        let (height, width) = (inputShape[2], inputShape[3])
        var (sum, greatest, inside, counted): (Float, Float, Int, Int) = (0, -.infinity, 0, 0)
        for ky in 0..<kernel.y {
            let row = y * strides.y + ky * dilations.y - before.y
            guard row < padded.y - before.y else { break }
            for kx in 0..<kernel.x {
                let column = x * strides.x + kx * dilations.x - before.x
                guard column < padded.x - before.x else { break }
                counted += 1
                guard row >= 0, row < height, column >= 0, column < width else { continue }
                let value = input[(channel * height + row) * width + column]
                inside += 1
                sum += value
                greatest = max(greatest, value)
            }
        }
        switch function {
        case .maximum: return greatest
        case .average(let countsPadding): return sum / Float(max(countsPadding ? counted : inside, 1))
        }
    }
}
