import Tensors

/// Joins tensors along an axis.
struct ConcatOperation: ONNXOperation {
    let axis: Int
    let outputShape: Shape
    var isMovement: Bool { true }

    func run(_ inputs: inout [Tensor], in workspace: Workspace) -> Tensor {
        var output = Tensor(uninitialized: outputShape, pool: workspace.pool)
        let outer = outputShape.dimensions[..<axis].reduce(1, *)
        let inner = outputShape.dimensions[(axis + 1)...].reduce(1, *)
        let row = outputShape[axis] * inner
        var offset = 0
        for input in inputs {
            let width = input.shape[axis] * inner
            output.withMutableFloats { output in
                input.withFloats { input in
                    guard let target = output.baseAddress, let source = input.baseAddress else { return }
                    for index in 0..<outer {
                        (target + index * row + offset).update(from: source + index * width, count: width)
                    }
                }
            }
            offset += width
        }
        inputs.removeAll()
        return output
    }
}
