import Tensors

/// A transposed convolution of `[1, Cin, H, W]` at a known size, of which rows and columns may be cut; a normalisation and
/// ReLU behind it may be fused.
struct TransposedConvolutionOperation: BlockOperation {
    private enum Packed: Sendable {
        case blocks(TransposedFilters)
        case gathered(GatheredConvolution)
    }

    let filters: ConvolutionFilters
    let inputShape: Shape
    /// Rows and columns cut before the first that counts.
    let top: Int
    let left: Int
    let outputShape: Shape
    var follower: ChannelNormalization?
    var isRectified = false
    private let packed = PackedOnce<Packed>()

    /// An output of `height` rows and `width` columns, from row `top` and column `left` of the whole one on.
    init(filters: ConvolutionFilters, inputShape: Shape, top: Int, left: Int, height: Int, width: Int) {
        self.filters = filters
        self.inputShape = inputShape
        self.top = top
        self.left = left
        outputShape = [1, filters.weight.shape[1] * filters.groups, height, width]
    }

    private var isGathered: Bool {
        filters.groups != 1 || filters.dilations != (1, 1) || filters.strides.y * filters.strides.x > 16
            || !filters.fitsPatch(outputWidth: inputShape[3])
    }

    var multiplyAdds: Int {
        // Every input pixel meets every tap once; what falls outside is not worth telling apart.
        let (product, overflow) = (inputShape[2] * inputShape[3]).multipliedReportingOverflow(by: filters.weight.count)
        return overflow ? Int.max : product
    }

    var keptBytes: Int { isGathered ? filters.weight.count * 4 : filters.packedBytes }

    var scratchBytes: Int {
        isGathered ? 0 : 64 * BlockTensor.blockCount(outputShape[1]) * (inputShape[2] + 1) * (inputShape[3] + 1)
    }

    func layout(of inputs: [ONNXLayout]) -> (inputs: [ONNXLayout], output: ONNXLayout) {
        isGathered ? ([.planes], .planes) : ([.blocks], .blocks)
    }

    // MARK: Fusing

    func rectified() -> (any ONNXOperation)? {
        var copy = self
        copy.isRectified = true
        return copy
    }

    func normalized(_ normalization: ChannelNormalization) -> (any ONNXOperation)? {
        guard !isGathered, follower == nil, !isRectified else { return nil }
        var copy = self
        copy.follower = normalization
        return copy
    }

    /// The same with what another operation cuts off its borders cut, or nil where that does something else.
    func cut(by copy: IndexedCopyOperation) -> TransposedConvolutionOperation? {
        guard follower == nil, !isRectified, let window = copy.window else { return nil }
        return TransposedConvolutionOperation(
            filters: filters, inputShape: inputShape, top: top + window.top, left: left + window.left,
            height: copy.outputShape[2], width: copy.outputShape[3])
    }

    // MARK: Running

    private func pack() -> Packed {
        guard isGathered else {
            return .blocks(
                TransposedFilters(
                    weight: filters.weight, bias: filters.bias, strides: (filters.strides.y, filters.strides.x),
                    dilations: (1, 1)))
        }
        return .gathered(
            filters.transposed(
                inputShape: inputShape, outputHeight: outputShape[2], outputWidth: outputShape[3], top: top,
                left: left))
    }

    func run(_ inputs: inout [ONNXActivation], in workspace: Workspace) -> ONNXActivation {
        switch packed(pack) {
        case .gathered(let kernel):
            return ONNXActivation(kernel.run(inputs[0].takePlanes(), isRectified: isRectified, in: workspace))
        case .blocks(let filters):
            let (blocks, reading) = inputs[0].takeBlocks()
            var output = filters.run(
                blocks, reading: reading, top: top, left: left, height: outputShape[2], width: outputShape[3],
                in: workspace)
            guard let follower else {
                if isRectified { UnaryOperation.rectify(&output.blocks, in: workspace) }
                return ONNXActivation(output)
            }
            let moments = follower.needsMoments ? output.moments(in: workspace) : nil
            return ONNXActivation(output, reading: follower.reading(moments, rectified: isRectified))
        }
    }
}
