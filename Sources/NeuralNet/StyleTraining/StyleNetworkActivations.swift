import Tensors

/// What a network of the form `shuffle` made of one frame, kept for the gradient.
package struct StyleNetworkActivations: Sendable {
    /// The frame painted, `[3, H, W]`, 0…1.
    package let output: Tensor
    /// What of it the last layer gave, before the previous output was held.
    let painted: Tensor
    /// The way through the network that the frame took.
    let run: ShuffleRun
    /// The input's 4×4 pixels as channels.
    let pixels: BlockTensor
    /// What stands before every normalisation, in the order of the layers; behind the last one the frame's 2×2 pixels.
    let normalized: [NormalizedActivation]
    /// What every residual block read, and what the last one gave.
    let streams: [BlockTensor]
}

extension ShuffleRun {
    /// Paints the frame whole and keeps what the gradient needs.
    func forward() -> StyleNetworkActivations {
        var normalized: [NormalizedActivation] = []
        func layer(
            _ pass: any ConvolutionPass, _ input: BlockTensor, channels: Int, into output: BlockTensor,
            rectified: Bool = true
        ) -> NormalizedActivation {
            var output = output
            var moments: ChannelMoments? = ChannelMoments(channels: channels)
            pass.run(input, outputRows: output.rows, into: &output, moments: &moments, in: workspace)
            let norm = normalized.count
            let result = NormalizedActivation(
                output, moments: moments ?? ChannelMoments(channels: channels), gains: style.gains[norm],
                biases: style.biases[norm], rectified: rectified)
            normalized.append(result)
            return result
        }
        let (height, width, wide) = (quarterHeight, quarterWidth, layout.widths[1])
        func empty(_ channels: Int, scale: Int = 1) -> BlockTensor {
            BlockTensor(
                channels: channels, rows: 0..<scale * height, fullHeight: scale * height, width: scale * width,
                pool: workspace.pool)
        }
        var pixels = empty(16 * layout.inputChannels)
        pixels.unshuffle(input, by: 4, in: workspace)
        let stem = layer(
            pass(filters.stem, height: height, width: width), pixels, channels: wide, into: empty(wide))
        var stream = stem.pixels
        stream.normalize(stem.reading, in: workspace)
        var streams = [stream]
        for block in 0..<layout.residualBlocks {
            let inner = layer(
                pass(filters.residual[2 * block], height: height, width: width), stream, channels: wide,
                into: empty(wide))
            let outer = layer(
                pass(filters.residual[2 * block + 1], reading: inner.reading, height: height, width: width),
                inner.pixels, channels: wide, into: empty(wide), rectified: false)
            stream.add(outer.pixels, reading: outer.reading, rows: stream.rows, in: workspace)
            streams.append(stream)
        }
        var joint = empty(joined, scale: 2)
        joint.unshuffle(input, by: 2, firstBlock: layout.widths[0] / 16, in: workspace)
        let up = layer(
            pass(filters.up, height: height, width: width, enlargement: 2), stream, channels: layout.widths[0],
            into: joint)
        var painted = empty(12, scale: 2)
        var none: ChannelMoments?
        pass(
            filters.last, bias: filters.bias, reading: up.reading.continued(to: joined), height: 2 * height,
            width: 2 * width
        ).run(up.pixels, outputRows: painted.rows, into: &painted, moments: &none, in: workspace)
        var colours = Tensor(uninitialized: [3, self.height, self.width], pool: workspace.pool)
        painted.shuffle(into: &colours, in: workspace)
        var output = colours
        hold(&output)
        return StyleNetworkActivations(
            output: output, painted: colours, run: self, pixels: pixels, normalized: normalized, streams: streams)
    }
}
