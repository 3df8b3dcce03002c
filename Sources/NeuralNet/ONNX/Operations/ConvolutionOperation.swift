import Tensors

/// A convolution of `[1, Cin, H, W]` at a known size, on the kernel that covers it best; padding, a nearest ×2 enlargement
/// before it, and a normalisation and ReLU behind it may be fused.
struct ConvolutionOperation: BlockOperation {
    /// The kernels.
    private enum Method {
        /// Blocks, or a few planes, to blocks.
        case blocks(readsPlanes: Bool)
        /// Blocks to at most four planes.
        case folded
        /// Planes to planes, for groups and for filters that reach too far.
        case gathered
    }

    private enum Packed: Sendable {
        case blocks(BlockConvolution)
        case folded(FoldedFilters)
        case gathered(GatheredConvolution)
    }

    let filters: ConvolutionFilters
    /// Rows and columns around the enlarged input, none negative.
    let padding: BorderPadding
    let inputShape: Shape
    /// How many times every row and column is read, 1 or 2.
    let enlargement: Int
    let outputShape: Shape
    let follower: ChannelNormalization?
    let isRectified: Bool
    private let packed = PackedOnce<Packed>()

    /// The output's extent along an axis; at most 0 where the filter does not fit in.
    static func outputExtent(_ input: Int, padding: Int, span: Int, stride: Int) -> Int {
        input + padding < span ? 0 : (input + padding - span) / stride + 1
    }

    /// The filters must fit into the padded input, and its channels to the filters.
    init(
        filters: ConvolutionFilters, padding: BorderPadding, inputShape: Shape, enlargement: Int = 1,
        follower: ChannelNormalization? = nil, isRectified: Bool = false
    ) {
        self.filters = filters
        self.padding = padding
        self.inputShape = inputShape
        self.enlargement = enlargement
        self.follower = follower
        self.isRectified = isRectified
        let height = Self.outputExtent(
            inputShape[2] * enlargement, padding: padding.top + padding.bottom, span: filters.span.y,
            stride: filters.strides.y)
        let width = Self.outputExtent(
            inputShape[3] * enlargement, padding: padding.left + padding.right, span: filters.span.x,
            stride: filters.strides.x)
        outputShape = [1, filters.weight.shape[0], height, width]
    }

    private var isPlain: Bool { filters.strides == (1, 1) && filters.dilations == (1, 1) }

    private var isGathered: Bool {
        filters.groups != 1 || padding.mode.blockPadding == nil || !filters.fitsPatch(outputWidth: outputShape[3])
    }

    private var method: Method {
        let weight = filters.weight.shape
        if isGathered { return .gathered }
        if isPlain, weight[0] <= 4, weight[1] >= 16, weight[3] <= 16, follower == nil { return .folded }
        let isWinograd = isPlain && weight[2] == 3 && weight[3] == 3 && weight[1] >= 7
        return .blocks(readsPlanes: !isWinograd && weight[1] < 16)
    }

    var multiplyAdds: Int {
        let (product, overflow) = (outputShape[2] * outputShape[3]).multipliedReportingOverflow(
            by: filters.weight.count)
        return overflow ? Int.max : product
    }

    var keptBytes: Int { isGathered ? 0 : filters.packedBytes }

    func layout(of inputs: [ONNXLayout]) -> (inputs: [ONNXLayout], output: ONNXLayout) {
        switch method {
        case .blocks(let readsPlanes): ([readsPlanes ? .planes : .blocks], .blocks)
        case .folded: ([.blocks], .planes)
        case .gathered: ([.planes], .planes)
        }
    }

    // MARK: Fusing

    func rectified() -> (any ONNXOperation)? {
        ConvolutionOperation(
            filters: filters, padding: padding, inputShape: inputShape, enlargement: enlargement, follower: follower,
            isRectified: true)
    }

    func normalized(_ normalization: ChannelNormalization) -> (any ONNXOperation)? {
        guard !isGathered, follower == nil, !isRectified else { return nil }
        return ConvolutionOperation(
            filters: filters, padding: padding, inputShape: inputShape, enlargement: enlargement,
            follower: normalization)
    }

    /// The same with another operation's padding or enlargement taken in, or nil where the two do not go together.
    func preceded(by copy: IndexedCopyOperation) -> ConvolutionOperation? {
        guard enlargement == 1 else { return nil }
        if copy.isDoubling, !isGathered {
            return ConvolutionOperation(
                filters: filters, padding: padding, inputShape: copy.inputShape, enlargement: 2, follower: follower,
                isRectified: isRectified)
        }
        let hasNone = [padding.top, padding.left, padding.bottom, padding.right] == [0, 0, 0, 0]
        guard let outer = copy.padding, outer.mode != .zero || copy.fill == 0, outer.mode.blockPadding != nil,
            hasNone || (outer.mode == .zero && padding.mode == .zero)
        else { return nil }
        return ConvolutionOperation(
            filters: filters,
            padding: BorderPadding(
                mode: outer.mode, top: outer.top + padding.top, left: outer.left + padding.left,
                bottom: outer.bottom + padding.bottom, right: outer.right + padding.right),
            inputShape: copy.inputShape, follower: follower, isRectified: isRectified)
    }

    // MARK: Running

    private func pack() -> Packed {
        let isWrittenRectified = isRectified && follower == nil
        switch method {
        case .blocks:
            return .blocks(
                BlockConvolution(
                    weight: filters.weight, bias: filters.bias, rectified: isWrittenRectified, plain: isPlain))
        case .folded: return .folded(FoldedFilters(weight: filters.weight, bias: filters.bias))
        case .gathered:
            return .gathered(
                filters.gathered(
                    inputShape: inputShape, outputHeight: outputShape[2], outputWidth: outputShape[3],
                    top: padding.top, left: padding.left, border: padding.mode))
        }
    }

    private func axis(_ place: Int, before: Int, stride: Int, dilation: Int) -> ReadAxis {
        ReadAxis(
            extent: inputShape[place], enlargement: enlargement, padding: padding.mode.blockPadding ?? .zero,
            before: before, stride: stride, dilation: dilation)
    }

    func run(_ inputs: inout [ONNXActivation], in workspace: Workspace) -> ONNXActivation {
        let rows = axis(2, before: padding.top, stride: filters.strides.y, dilation: filters.dilations.y)
        let columns = axis(3, before: padding.left, stride: filters.strides.x, dilation: filters.dilations.x)
        switch packed(pack) {
        case .gathered(let kernel):
            return ONNXActivation(kernel.run(inputs[0].takePlanes(), isRectified: isRectified, in: workspace))
        case .folded(let filters):
            let (blocks, reading) = inputs[0].takeBlocks()
            var planes = Tensor(
                uninitialized: [outputShape[1], outputShape[2], outputShape[3]], pool: workspace.pool)
            FoldedPass(filters: filters, rows: rows, columns: columns).run(
                blocks, reading: reading, outputRows: 0..<outputShape[2], into: &planes, in: workspace)
            if isRectified { UnaryOperation.rectify(&planes, in: workspace) }
            return ONNXActivation(planes.reshaped(to: outputShape))
        case .blocks(let convolution):
            let input: DirectPass.Input
            if convolution.readsPlanes {
                input = .planes(inputs[0].takePlanes().reshaped(to: [inputShape[1], inputShape[2], inputShape[3]]))
            } else {
                let (blocks, reading) = inputs[0].takeBlocks()
                input = .blocks(blocks, reading)
            }
            var output = BlockTensor(
                channels: outputShape[1], rows: 0..<outputShape[2], fullHeight: outputShape[2], width: outputShape[3],
                pool: workspace.pool)
            var moments = follower?.needsMoments == true ? ChannelMoments(channels: outputShape[1]) : nil
            convolution.run(input, rows: rows, columns: columns, into: &output, moments: &moments, in: workspace)
            return ONNXActivation(output, reading: follower?.reading(moments, rectified: isRectified))
        }
    }
}
