import Tensors

/// An operation that always computes in blocks, or from or to them.
protocol BlockOperation: ONNXOperation {
    /// The shape of its one input.
    var inputShape: Shape { get }
}

extension BlockOperation {
    func run(_ inputs: inout [Tensor], in workspace: Workspace) -> Tensor {
        let layout = layout(of: [.planes])
        var values = [ONNXActivation(inputs.removeFirst())]
        func convert(_ shape: Shape, from: ONNXLayout, to: ONNXLayout) {
            guard from != to else { return }
            values = [LayoutOperation(outputShape: shape, target: to).run(&values, in: workspace)]
        }
        convert(inputShape, from: .planes, to: layout.inputs[0])
        values = [run(&values, in: workspace)]
        convert(outputShape, from: layout.output, to: .planes)
        return values[0].takePlanes()
    }
}
