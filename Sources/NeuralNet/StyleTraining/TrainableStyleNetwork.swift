import Tensors

/// A network of the form `shuffle` with its filters packed for both directions.
///
/// Everything that one frame takes is done by the workspace's threads; the sums over positions by one, so trainers work at
/// several frames at a time, a thread each.
package struct TrainableStyleNetwork: Sendable {
    /// Its form and extents.
    package let layout: StyleNetworkLayout
    private let parameters: StyleNetworkParameters
    private let filters: ShuffleFilters
    /// Of every convolution but the first, which carry a gradient back; of the last, only to what it reads of `up`; of `up`,
    /// times 4.
    private let transposed: [WinogradFilters]
    /// Of the first convolution and of the last, which carry a gradient back to the previous output; none where the network
    /// does not see it.
    private let transposedPrevious: [WinogradFilters]

    /// Packs the filters, one of them a thread.
    package init(_ parameters: StyleNetworkParameters, rows: ParallelRows) {
        layout = parameters.layout
        self.parameters = parameters
        let count = parameters.layout.convolutions.count
        let ends = parameters.layout.inputChannels == 7 ? [0, count - 1] : []
        let all = rows.map(Array(0..<2 * count - 1 + ends.count)) { slot in
            if slot < count { return WinogradFilters(weight: parameters.computedFilters(slot)) }
            if slot < 2 * count - 1 { return Self.turned(parameters, slot + 1 - count) }
            return Self.turnedToPrevious(parameters, ends[slot - (2 * count - 1)])
        }
        filters = ShuffleFilters(all[..<count].map(StyleFilters.float), bias: parameters.lastBias)
        transposed = Array(all[count..<2 * count - 1])
        transposedPrevious = Array(all[(2 * count - 1)...])
    }

    /// The filters of a convolution that carry a gradient back.
    private static func turned(_ parameters: StyleNetworkParameters, _ index: Int) -> WinogradFilters {
        let (weight, last) = (parameters.computedFilters(index), parameters.layout.convolutions.count - 1)
        if index == last { return WinogradFilters(transposing: weight.inputs(0..<parameters.layout.widths[0])) }
        guard index == last - 1 else { return WinogradFilters(transposing: weight) }
        return WinogradFilters(transposing: Tensor(weight.shape, weight.values.map { $0 * 4 }))
    }

    /// Those of the first convolution or the last that carry it back to the previous output: channels 3 to 5 of the input,
    /// 4×4 or 2×2 pixels of which are channels there.
    private static func turnedToPrevious(_ parameters: StyleNetworkParameters, _ index: Int) -> WinogradFilters {
        let (first, area) = index == 0 ? (0, 16) : (parameters.layout.widths[0], 4)
        return WinogradFilters(
            transposing: parameters.computedFilters(index).inputs(first + 3 * area..<first + 6 * area))
    }

    /// The gradient's size: the shared parameters, then those of the style used.
    package var gradientCount: Int {
        StyleNetworkParameters.sharedCount(layout) + StyleNetworkParameters.styleCount(layout)
    }

    /// Paints a frame in a style: `[inputChannels, H, W]` to `[3, H, W]`.
    package func paint(_ input: Tensor, style: Int, in workspace: Workspace) -> Tensor {
        run(input, style: style, in: workspace).paint(memoryBudget: .max)
    }

    /// The same, keeping what the gradient needs.
    package func forward(_ input: Tensor, style: Int, in workspace: Workspace) -> StyleNetworkActivations {
        run(input, style: style, in: workspace).forward()
    }

    private func run(_ input: Tensor, style: Int, in workspace: Workspace) -> ShuffleRun {
        ShuffleRun(
            layout: layout, filters: filters, style: parameters.style(style), input: input, workspace: workspace)
    }

    /// The gradient of a loss on the painted frame by the shared parameters and the γ and β of the style that painted it,
    /// and by what the network saw of its previous output.
    ///
    /// - Parameters:
    ///   - outputGradient: of the painted frame, `[3, H, W]`.
    ///   - styleOnly: leaves those of the shared parameters 0, and out of the work.
    ///   - reachesPrevious: whether that by the previous output is asked for.
    package func gradient(
        _ outputGradient: Tensor, _ activations: StyleNetworkActivations, styleOnly: Bool = false,
        reachesPrevious: Bool = false, in workspace: Workspace
    ) -> StyleNetworkGradient {
        var result = Tensor([gradientCount], filledWith: 0, pool: workspace.pool)
        var (gains, biases): ([[Float]], [[Float]]) = ([], [])
        func normalized(_ index: Int, _ given: BlockTensor) -> BlockTensor {
            let pulls = activations.normalized[index].gradient(of: given, in: workspace)
            gains.append(pulls.gains)
            biases.append(pulls.biases)
            return pulls.pixels
        }
        func filters(
            _ index: Int, _ input: BlockTensor, _ gradient: BlockTensor, reading: ChannelReading? = nil,
            enlargement: Int = 1
        ) {
            guard !styleOnly else { return }
            let first = parameters.filterRange(index).lowerBound
            result.withMutableFloats { sums in
                guard let sums = sums.baseAddress else { return }
                WinogradFilterGradient(
                    rows: Self.axis(input.fullHeight, enlargement), columns: Self.axis(input.width, enlargement),
                    reading: reading
                ).add(input: input, gradient: gradient, to: sums + first, in: workspace)
            }
        }
        let last = layout.convolutions.count - 1
        let up = activations.normalized[last - 1]
        let painted = paintedGradient(outputGradient, activations, in: workspace)
        if !styleOnly { addLastFilters(up, painted, to: &result, in: workspace) }
        addBias(painted, to: &result, in: workspace)
        let halves = normalized(last - 1, back(last, painted, in: workspace))
        filters(last - 1, activations.streams[layout.residualBlocks], halves, enlargement: 2)
        var stream = Pooling2x2(.average).forward(back(last - 1, halves, in: workspace), in: workspace)
        for block in (0..<layout.residualBlocks).reversed() {
            let inner = activations.normalized[1 + 2 * block]
            let outerGradient = normalized(2 + 2 * block, stream)
            filters(2 + 2 * block, inner.pixels, outerGradient, reading: inner.reading)
            let innerGradient = normalized(1 + 2 * block, back(2 + 2 * block, outerGradient, in: workspace))
            filters(1 + 2 * block, activations.streams[block], innerGradient)
            stream = back(1 + 2 * block, innerGradient, plus: stream, in: workspace)
        }
        let stem = normalized(0, stream)
        filters(0, activations.pixels, stem)
        let style = zip(gains, biases).reversed().flatMap { $0 + $1 }
        let first = result.count - style.count
        result.withMutableFloats { sums in
            for (index, value) in style.enumerated() { sums[first + index] = value }
        }
        guard reachesPrevious else { return StyleNetworkGradient(parameters: result, previous: nil) }
        return StyleNetworkGradient(
            parameters: result,
            previous: previousGradient(outputGradient, activations, stem: stem, painted: painted, in: workspace))
    }

    /// The gradient of the input's previous output times the mask, `[3, H, W]`.
    ///
    /// - Parameters:
    ///   - stem: that of what the first convolution gave.
    ///   - painted: that of what the last one gave.
    private func previousGradient(
        _ outputGradient: Tensor, _ activations: StyleNetworkActivations, stem: BlockTensor, painted: BlockTensor,
        in workspace: Workspace
    ) -> Tensor {
        precondition(transposedPrevious.count == 2, "no previous output")
        var result = Tensor(outputGradient.shape, filledWith: 0, pool: workspace.pool)
        back(transposedPrevious[1], painted, in: workspace).addUnshuffled(to: &result, by: 2)
        let input = activations.run.input
        result.withMutableFloats { result in
            input.withFloats { input in
                // The last convolution reads what is there for at least 0.
                for index in result.indices where input[result.count + index] <= 0 { result[index] = 0 }
            }
        }
        back(transposedPrevious[0], stem, in: workspace).addUnshuffled(to: &result, by: 4)
        result.add(layout.heldShare, outputGradient, rows: workspace.rows)
        return result
    }

    private static func axis(_ extent: Int, _ enlargement: Int = 1) -> ReadAxis {
        ReadAxis(extent: extent, enlargement: enlargement, padding: .reflection, before: 1)
    }

    /// The gradient before holding, sigmoid and shuffling.
    private func paintedGradient(
        _ outputGradient: Tensor, _ activations: StyleNetworkActivations, in workspace: Workspace
    ) -> BlockTensor {
        var pull = outputGradient.combined(with: activations.painted, rows: workspace.rows, pool: workspace.pool) {
            $0 * $1 * (1 - $1)
        }
        activations.run.holdGradient(&pull)
        let height = 2 * activations.pixels.fullHeight
        var painted = BlockTensor(
            channels: 12, rows: 0..<height, fullHeight: height, width: 2 * activations.pixels.width,
            pool: workspace.pool)
        painted.unshuffle(pull, by: 2, padding: .zero, in: workspace)
        return painted
    }

    private func addLastFilters(
        _ up: NormalizedActivation, _ painted: BlockTensor, to result: inout Tensor, in workspace: Workspace
    ) {
        let last = layout.convolutions.count - 1
        let joined = up.pixels.channels
        var computed = Tensor([12, joined, 3, 3], filledWith: 0, pool: workspace.pool)
        computed.withMutableFloats { computed in
            result.withMutableFloats { sums in
                guard let computed = computed.baseAddress, let sums = sums.baseAddress else { return }
                WinogradFilterGradient(
                    rows: Self.axis(painted.fullHeight), columns: Self.axis(painted.width),
                    reading: up.reading.continued(to: joined)
                ).add(input: up.pixels, gradient: painted, to: computed, in: workspace)
                parameters.shuffledFilters.add(computed, to: sums + parameters.filterRange(last).lowerBound)
            }
        }
    }

    private func addBias(_ painted: BlockTensor, to result: inout Tensor, in workspace: Workspace) {
        let pixels = Double(painted.fullHeight * painted.width)
        let means = ChannelMoments(of: painted, in: workspace).means
        let first = StyleNetworkParameters.sharedCount(layout) - 3
        result.withMutableFloats { floats in
            for color in 0..<3 { floats[first + color] = Float(means[color * 4..<color * 4 + 4].reduce(0, +) * pixels) }
        }
    }

    /// The gradient of what a convolution read at its own resolution, before any enlargement is undone.
    private func back(
        _ index: Int, _ gradient: BlockTensor, plus addend: BlockTensor? = nil, in workspace: Workspace
    ) -> BlockTensor {
        back(transposed[index - 1], gradient, plus: addend, in: workspace)
    }

    private func back(
        _ filters: WinogradFilters, _ gradient: BlockTensor, plus addend: BlockTensor? = nil, in workspace: Workspace
    ) -> BlockTensor {
        let (height, width) = (gradient.fullHeight, gradient.width)
        // Two more rows and columns: what lies in the padding is then given to the pixels that it mirrors.
        var padded = BlockTensor(
            channels: filters.outputs, rows: 0..<height + 2, fullHeight: height + 2, width: width + 2,
            pool: workspace.pool)
        var none: ChannelMoments?
        WinogradPass(
            filters: filters, bias: [Float](repeating: 0, count: filters.outputBlocks * 16),
            rows: ReadAxis(extent: height, padding: .zero, before: 2),
            columns: ReadAxis(extent: width, padding: .zero, before: 2), reading: nil, rectified: false
        ).run(gradient, outputRows: padded.rows, into: &padded, moments: &none, in: workspace)
        var result = BlockTensor(
            channels: filters.outputs, rows: 0..<height, fullHeight: height, width: width, pool: workspace.pool)
        result.fold(
            padded, rows: Self.axis(height), columns: Self.axis(width), plus: addend, where: nil, in: workspace)
        return result
    }
}

extension Tensor {
    /// The filters `[out, in, 3, 3]` of some of the inputs.
    fileprivate func inputs(_ range: Range<Int>) -> Tensor {
        let (outputs, inputs) = (shape[0], shape[1])
        return withFloats { floats in
            Tensor(
                [outputs, range.count, 3, 3],
                (0..<outputs).flatMap {
                    floats[($0 * inputs + range.lowerBound) * 9..<($0 * inputs + range.upperBound) * 9]
                })
        }
    }
}
