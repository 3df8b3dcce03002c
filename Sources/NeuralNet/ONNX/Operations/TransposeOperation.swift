import Tensors

/// Reorders axes: axis i of the result is axis `permutation[i]` of the input.
struct TransposeOperation: ONNXOperation {
    let permutation: [Int]
    let inputShape: Shape
    var outputShape: Shape { Shape(permutation.map { inputShape[$0] }) }
    var isMovement: Bool { true }

    func run(_ inputs: inout [Tensor], in workspace: Workspace) -> Tensor {
        let input = inputs.removeFirst()
        let shape = outputShape
        var output = Tensor(uninitialized: shape, pool: workspace.pool)
        guard let width = shape.dimensions.last, shape.count > 0 else { return input.reshaped(to: shape) }
        var inputStrides = [Int](repeating: 1, count: inputShape.rank)
        for axis in inputStrides.indices.dropLast().reversed() {
            inputStrides[axis] = inputStrides[axis + 1] * inputShape[axis + 1]
        }
        let strides = permutation.map { inputStrides[$0] }
        let step = strides[strides.count - 1]
        output.withMutableFloats { output in
            nonisolated(unsafe) let output = output
            workspace.rows.run(rows: shape.count / width, grain: max(1, (1 << 14) / width)) { _, range in
                input.withFloats { input in
                    for row in range {
                        var (rest, base) = (row, 0)
                        for axis in (0..<shape.rank - 1).reversed() {
                            let index: Int
                            (rest, index) = rest.quotientAndRemainder(dividingBy: shape[axis])
                            base += index * strides[axis]
                        }
                        for x in 0..<width { output[row * width + x] = input[base + x * step] }
                    }
                }
            }
        }
        return output
    }
}
