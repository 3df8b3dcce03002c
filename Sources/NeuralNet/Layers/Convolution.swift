import Tensors

/// A convolution of any filter size, stride, dilation, padding and number of groups, with bias and optionally ReLU:
/// `[Cin, H, W]` to `[Cout, H', W']`, H' = (H + top + bottom − dilation · (rows − 1) − 1) / stride + 1, rounded down.
///
/// Every output is summed in an order of its own that depends on the shape alone, never on threads.
package struct Convolution: Layer {
    /// Rows and columns added around the input.
    package struct Pads: Sendable, Equatable {
        package let top: Int
        package let bottom: Int
        package let left: Int
        package let right: Int

        /// Names the four.
        package init(top: Int, bottom: Int, left: Int, right: Int) {
            self.top = top
            self.bottom = bottom
            self.left = left
            self.right = right
        }

        /// The same at every side.
        package init(_ all: Int) { self.init(top: all, bottom: all, left: all, right: all) }
    }

    /// Steps down and across.
    package struct Steps: Sendable, Equatable {
        package let rows: Int
        package let columns: Int

        /// Names both, each at least 1.
        package init(rows: Int, columns: Int) {
            precondition(rows > 0 && columns > 0, "steps of \(rows) and \(columns)")
            self.rows = rows
            self.columns = columns
        }

        /// The same down and across.
        package init(_ both: Int) { self.init(rows: both, columns: both) }
    }

    package let inputs: Int
    package let outputs: Int
    package let groups: Int
    /// Rows and columns of the filters.
    package let side: Steps
    package let stride: Steps
    package let dilation: Steps
    package let pads: Pads
    package let padding: Padding
    package let rectified: Bool
    private let convolutions: [BlockConvolution]
    private let transposed: [TransposedFilters]

    /// Packs the filters.
    ///
    /// - Parameters:
    ///   - weight: `[Cout, Cin / groups, rows, columns]`, a correlation as in PyTorch.
    ///   - bias: `[Cout]`, nil for none.
    ///   - trainable: whether `inputGradient` will be called, whose filters are packed apart.
    package init(
        weight: Tensor, bias: Tensor?, stride: Steps = Steps(1), dilation: Steps = Steps(1), pads: Pads = Pads(0),
        padding: Padding = .zero, groups: Int = 1, rectified: Bool = false, trainable: Bool = false
    ) {
        precondition(
            weight.shape.rank == 4 && weight.count > 0 && groups > 0 && weight.shape[0] % groups == 0
                && bias.map { $0.shape == [weight.shape[0]] } ?? true,
            "filters \(weight.shape) with bias \(bias.map { "\($0.shape)" } ?? "none") in \(groups) groups")
        precondition(
            min(pads.top, pads.bottom, pads.left, pads.right) >= 0, "padding \(pads)")
        outputs = weight.shape[0]
        inputs = weight.shape[1] * groups
        self.groups = groups
        side = Steps(rows: weight.shape[2], columns: weight.shape[3])
        self.stride = stride
        self.dilation = dilation
        self.pads = pads
        self.padding = padding
        self.rectified = rectified
        let plain = stride == Steps(1) && dilation == Steps(1)
        let each = weight.shape[0] / groups
        let (values, biases) = (bias?.values ?? [], weight.values)
        let parts = (0..<groups).map { group in
            Tensor(
                [each, weight.shape[1], weight.shape[2], weight.shape[3]],
                Array(biases[group * biases.count / groups..<(group + 1) * biases.count / groups]))
        }
        convolutions = parts.enumerated().map { group, part in
            BlockConvolution(
                weight: part, bias: values.isEmpty ? [] : Array(values[group * each..<(group + 1) * each]),
                rectified: rectified, plain: plain)
        }
        transposed =
            trainable
            ? parts.map {
                TransposedFilters(
                    weight: $0, bias: [], strides: (stride.rows, stride.columns),
                    dilations: (dilation.rows, dilation.columns))
            } : []
    }

    /// The output's shape for an input `[Cin, H, W]`, or nil where the input is too small for the filters.
    package func outputShape(height: Int, width: Int) -> Shape? {
        let rows = height + pads.top + pads.bottom - dilation.rows * (side.rows - 1) - 1
        let columns = width + pads.left + pads.right - dilation.columns * (side.columns - 1) - 1
        guard rows >= 0, columns >= 0 else { return nil }
        return [outputs, rows / stride.rows + 1, columns / stride.columns + 1]
    }

    func rowAxis(_ height: Int) -> ReadAxis {
        ReadAxis(
            extent: height, padding: padding, before: pads.top, stride: stride.rows, dilation: dilation.rows)
    }

    func columnAxis(_ width: Int) -> ReadAxis {
        ReadAxis(
            extent: width, padding: padding, before: pads.left, stride: stride.columns, dilation: dilation.columns)
    }

    package func forward(_ input: Tensor, in workspace: Workspace) -> Tensor {
        precondition(
            input.shape.rank == 3 && input.shape[0] == inputs && input.count > 0,
            "input \(input.shape) of a convolution with \(inputs) channels")
        if groups == 1 {
            let read: DirectPass.Input =
                convolutions[0].readsPlanes
                ? .planes(input) : .blocks(BlockTensor(planar: input, in: workspace), nil)
            return run(0, read, height: input.shape[1], width: input.shape[2], in: workspace).planar(in: workspace)
        }
        return Tensor(
            concatenating: (0..<groups).map { group in
                let part = input.channels(group * inputs / groups..<(group + 1) * inputs / groups)
                let read: DirectPass.Input =
                    convolutions[group].readsPlanes
                    ? .planes(part) : .blocks(BlockTensor(planar: part, in: workspace), nil)
                return run(group, read, height: input.shape[1], width: input.shape[2], in: workspace)
                    .planar(in: workspace)
            }, pool: workspace.pool)
    }

    /// The same on blocks of channels; groups must be 1, and Cin so many that they are read as blocks (at least 16, or
    /// 7 of a 3×3 filter with stride 1).
    package func forward(_ input: BlockTensor, in workspace: Workspace) -> BlockTensor {
        precondition(groups == 1 && !convolutions[0].readsPlanes, "blocks of \(inputs) channels in \(groups) groups")
        return run(0, .blocks(input, nil), height: input.fullHeight, width: input.width, in: workspace)
    }

    /// The same from planes to blocks, however many channels there are.
    package func blocks(_ input: Tensor, in workspace: Workspace) -> BlockTensor {
        precondition(groups == 1, "\(groups) groups")
        guard convolutions[0].readsPlanes else {
            return forward(BlockTensor(planar: input, in: workspace), in: workspace)
        }
        return run(0, .planes(input), height: input.shape[1], width: input.shape[2], in: workspace)
    }

    private func run(
        _ group: Int, _ input: DirectPass.Input, height: Int, width: Int, in workspace: Workspace
    ) -> BlockTensor {
        guard let shape = outputShape(height: height, width: width) else {
            preconditionFailure("input of \(width)×\(height) for filters of \(side), padding \(pads)")
        }
        var output = BlockTensor(
            channels: outputs / groups, rows: 0..<shape[1], fullHeight: shape[1], width: shape[2], pool: workspace.pool)
        convolutions[group].run(input, rows: rowAxis(height), columns: columnAxis(width), into: &output, in: workspace)
        return output
    }

    package func inputGradient(
        outputGradient: Tensor, input: Tensor, output: Tensor, in workspace: Workspace
    ) -> Tensor {
        let parts = (0..<groups).map { group in
            func part(_ tensor: Tensor) -> BlockTensor {
                BlockTensor(
                    planar: groups == 1
                        ? tensor : tensor.channels(group * outputs / groups..<(group + 1) * outputs / groups),
                    in: workspace)
            }
            let gradient = part(outputGradient)
            return inputGradient(
                group: group,
                preactivationGradient: rectified
                    ? BlockTensor(gradient: gradient, plus: nil, where: part(output), in: workspace) : gradient,
                height: input.shape[1], width: input.shape[2], in: workspace
            ).planar(in: workspace)
        }
        return groups == 1 ? parts[0] : Tensor(concatenating: parts, pool: workspace.pool)
    }

    /// dL/dinput (+ `addend`), `[Cin / groups, height, width]`, where `input` is above 0; without an input, everywhere.
    ///
    /// - Parameter preactivationGradient: dL/doutput before the ReLU, where one follows.
    func inputGradient(
        group: Int = 0, preactivationGradient: BlockTensor, height: Int, width: Int, plus addend: BlockTensor? = nil,
        where input: BlockTensor? = nil, in workspace: Workspace
    ) -> BlockTensor {
        precondition(!transposed.isEmpty, "gradient of a convolution that was made for inference alone")
        if padding == .zero || pads == Pads(0) {
            let gradient = transposed[group].run(
                preactivationGradient, top: pads.top, left: pads.left, height: height, width: width, in: workspace)
            guard input != nil || addend != nil else { return gradient }
            return BlockTensor(gradient: gradient, plus: addend, where: input, in: workspace)
        }
        let padded = transposed[group].run(
            preactivationGradient, top: 0, left: 0, height: height + pads.top + pads.bottom,
            width: width + pads.left + pads.right, in: workspace)
        var result = BlockTensor(
            channels: inputs / groups, rows: 0..<height, fullHeight: height, width: width, pool: workspace.pool)
        result.fold(
            padded, rows: rowAxis(height), columns: columnAxis(width), plus: addend, where: input, in: workspace)
        return result
    }
}
