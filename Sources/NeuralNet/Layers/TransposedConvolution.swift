import Tensors

/// A transposed convolution (a "deconvolution"): `[Cin, H, W]` to `[Cout, H', W']`, output pixel
/// i · stride + k · dilation − top gets input pixel i times tap k,
/// H' = (H − 1) · stride + dilation · (rows − 1) + 1 − top − bottom + extra rows.
///
/// It is parted into one plain convolution for each phase of the stride, so no product with a zero is made.
package struct TransposedConvolution: Sendable {
    package let inputs: Int
    package let outputs: Int
    private let groups: Int
    private let side: Convolution.Steps
    private let stride: Convolution.Steps
    private let dilation: Convolution.Steps
    private let pads: Convolution.Pads
    private let extra: (rows: Int, columns: Int)
    private let filters: [TransposedFilters]

    /// Packs the filters.
    ///
    /// - Parameters:
    ///   - weight: `[Cin, Cout / groups, rows, columns]`, as in PyTorch and ONNX.
    ///   - bias: `[Cout]`, nil for none.
    ///   - pads: rows and columns cut off.
    ///   - extra: rows and columns added below and at the right (output padding).
    package init(
        weight: Tensor, bias: Tensor?, stride: Convolution.Steps, dilation: Convolution.Steps = .init(1),
        pads: Convolution.Pads = .init(0), extra: (rows: Int, columns: Int) = (0, 0), groups: Int = 1
    ) {
        precondition(
            weight.shape.rank == 4 && weight.count > 0 && groups > 0 && weight.shape[0] % groups == 0
                && bias.map { $0.shape == [weight.shape[1] * groups] } ?? true,
            "filters \(weight.shape) with bias \(bias.map { "\($0.shape)" } ?? "none") in \(groups) groups")
        inputs = weight.shape[0]
        outputs = weight.shape[1] * groups
        self.groups = groups
        side = .init(rows: weight.shape[2], columns: weight.shape[3])
        self.stride = stride
        self.dilation = dilation
        self.pads = pads
        self.extra = extra
        let (each, biases) = (weight.shape[1], bias?.values ?? [])
        filters = (0..<groups).map { group in
            TransposedFilters(
                weight: weight.channels(group * weight.shape[0] / groups..<(group + 1) * weight.shape[0] / groups),
                bias: biases.isEmpty ? [] : Array(biases[group * each..<(group + 1) * each]),
                strides: (stride.rows, stride.columns), dilations: (dilation.rows, dilation.columns))
        }
    }

    /// The output's shape for an input `[Cin, H, W]`, or nil where nothing is left.
    package func outputShape(height: Int, width: Int) -> Shape? {
        let rows = (height - 1) * stride.rows + dilation.rows * (side.rows - 1) + 1 - pads.top - pads.bottom
        let columns = (width - 1) * stride.columns + dilation.columns * (side.columns - 1) + 1 - pads.left - pads.right
        guard rows + extra.rows > 0, columns + extra.columns > 0 else { return nil }
        return [outputs, rows + extra.rows, columns + extra.columns]
    }

    /// The layer's output for `input`.
    package func forward(_ input: Tensor, in workspace: Workspace) -> Tensor {
        guard input.shape.rank == 3, input.shape[0] == inputs, input.count > 0,
            let shape = outputShape(height: input.shape[1], width: input.shape[2])
        else { preconditionFailure("input \(input.shape) of a transposed convolution with \(inputs) channels") }
        let parts = (0..<groups).map { group in
            let part = groups == 1 ? input : input.channels(group * inputs / groups..<(group + 1) * inputs / groups)
            return filters[group].run(
                BlockTensor(planar: part, in: workspace), top: pads.top, left: pads.left, height: shape[1],
                width: shape[2], in: workspace
            ).planar(in: workspace)
        }
        return groups == 1 ? parts[0] : Tensor(concatenating: parts, pool: workspace.pool)
    }
}
