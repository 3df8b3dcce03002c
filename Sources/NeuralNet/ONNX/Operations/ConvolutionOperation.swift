import Tensors

/// A convolution of `[1, Cin, H, W]` at a known size, on the fastest kernel that covers it; optionally ReLU behind.
///
/// This is the one place where an ONNX graph meets a convolution kernel.
struct ConvolutionOperation: ONNXOperation {
    private enum Kernel: Sendable {
        /// 3×3, stride 1, one pixel of padding.
        case direct(Convolution3x3)
        /// 3×3, stride 1, no padding: the border of the padded one is cut.
        case directCut(Convolution3x3, IndexedCopyOperation)
        case gathered(GatheredConvolution)
    }

    let filters: ConvolutionFilters
    /// Rows and columns around the input, none negative.
    let padding: BorderPadding
    let inputShape: Shape
    let outputShape: Shape
    let isRectified: Bool
    private let kernel: Kernel

    /// The output's extent along an axis; at most 0 where the filter does not fit in.
    static func outputExtent(_ input: Int, padding: Int, span: Int, stride: Int) -> Int {
        input + padding < span ? 0 : (input + padding - span) / stride + 1
    }

    /// The filters must fit into the padded input, and its channels to the filters.
    init(filters: ConvolutionFilters, padding: BorderPadding, inputShape: Shape, isRectified: Bool = false) {
        self.filters = filters
        self.padding = padding
        self.inputShape = inputShape
        self.isRectified = isRectified
        let height = Self.outputExtent(
            inputShape[2], padding: padding.top + padding.bottom, span: filters.span.y, stride: filters.strides.y)
        let width = Self.outputExtent(
            inputShape[3], padding: padding.left + padding.right, span: filters.span.x, stride: filters.strides.x)
        outputShape = [1, filters.weight.shape[0], height, width]
        kernel = Self.kernel(filters, padding, inputShape, outputShape, isRectified)
    }

    private static func kernel(
        _ filters: ConvolutionFilters, _ padding: BorderPadding, _ inputShape: Shape, _ outputShape: Shape,
        _ isRectified: Bool
    ) -> Kernel {
        let weight = filters.weight
        let isPlain3x3 =
            weight.shape[2] == 3 && weight.shape[3] == 3 && filters.strides == (1, 1) && filters.dilations == (1, 1)
            && filters.groups == 1
        let pads = [padding.top, padding.left, padding.bottom, padding.right]
        func direct(_ mode: Padding) -> Convolution3x3 {
            Convolution3x3(
                weight: weight, bias: Tensor([filters.bias.count], filters.bias), padding: mode, rectified: isRectified)
        }
        if isPlain3x3, pads == [1, 1, 1, 1] {
            switch padding.mode {
            case .zero: return .direct(direct(.zero))
            case .reflection: return .direct(direct(.reflection))
            case .edge: return .direct(direct(.edge))
            case .wrap: break
            }
        }
        if isPlain3x3, pads == [0, 0, 0, 0] {
            let cut = IndexedCopyOperation(
                inputShape: [1, outputShape[1], inputShape[2], inputShape[3]],
                maps: [[0], IndexedCopyOperation.identity(outputShape[1])]
                    + [2, 3].map { BorderPadding.map(extent: inputShape[$0], before: -1, after: -1, mode: .zero) })
            return .directCut(direct(.zero), cut)
        }
        return .gathered(
            filters.gathered(
                inputShape: inputShape, outputHeight: outputShape[2], outputWidth: outputShape[3], top: padding.top,
                left: padding.left, border: padding.mode))
    }

    var multiplyAdds: Int {
        let (product, overflow) = (outputShape[2] * outputShape[3]).multipliedReportingOverflow(
            by: filters.weight.count)
        return overflow ? Int.max : product
    }

    func rectified() -> (any ONNXOperation)? {
        ConvolutionOperation(filters: filters, padding: padding, inputShape: inputShape, isRectified: true)
    }

    /// The same with another operation's padding taken in, or nil where the two do not go together.
    func preceded(by copy: IndexedCopyOperation) -> ConvolutionOperation? {
        let hasNone = [padding.top, padding.left, padding.bottom, padding.right] == [0, 0, 0, 0]
        guard let outer = copy.padding, outer.mode != .zero || copy.fill == 0,
            hasNone || (outer.mode == .zero && padding.mode == .zero)
        else { return nil }
        return ConvolutionOperation(
            filters: filters,
            padding: BorderPadding(
                mode: outer.mode, top: outer.top + padding.top, left: outer.left + padding.left,
                bottom: outer.bottom + padding.bottom, right: outer.right + padding.right),
            inputShape: copy.inputShape, isRectified: isRectified)
    }

    func run(_ inputs: inout [Tensor], in workspace: Workspace) -> Tensor {
        let input = inputs.removeFirst()
        let planes: Shape = [inputShape[1], inputShape[2], inputShape[3]]
        switch kernel {
        case .direct(let layer):
            return layer.forward(input.reshaped(to: planes), in: workspace).reshaped(to: outputShape)
        case .directCut(let layer, let cut):
            var padded = [layer.forward(input.reshaped(to: planes), in: workspace).reshaped(to: cut.inputShape)]
            return cut.run(&padded, in: workspace)
        case .gathered(let kernel):
            return kernel.run(input, isRectified: isRectified, in: workspace)
        }
    }
}
