import Tensors

/// The extents of a style network of Johnson's form (Johnson, Alahi and Li 2016, as in PyTorch's examples): 9×9 →
/// widths[0], 3×3 stride 2 → widths[1], 3×3 stride 2 → widths[2], residual blocks of two 3×3 each, twice nearest ×2 and
/// 3×3 back to widths[1] and widths[0], 9×9 → 3; reflection padding; conditional instance normalisation (Dumoulin,
/// Shlens and Kudlur 2017) and ReLU behind every convolution except the last, and no ReLU at the end of a residual block.
package struct StyleNetworkLayout: Sendable, Equatable {
    /// 3, or 7: the frame, the previous output warped here times the mask, the mask.
    package let inputChannels: Int
    /// Channels at the full, half and quarter resolution, multiples of 16: 32, 64, 128 or 16, 32, 64.
    package let widths: [Int]
    /// Residual blocks, 5 as published.
    package let residualBlocks: Int
    /// (γ, β) pairs of every normalisation.
    package let styles: Int

    /// Describes a network.
    package init(inputChannels: Int = 3, widths: [Int] = [32, 64, 128], residualBlocks: Int = 5, styles: Int = 1) {
        self.inputChannels = inputChannels
        self.widths = widths
        self.residualBlocks = residualBlocks
        self.styles = styles
    }

    /// One convolution and the normalisation behind it.
    package struct Convolution: Sendable, Equatable {
        /// The name of its tensors: `res1.conv1`, for `res1.conv1.weight` and `res1.conv1.bias`.
        package let name: String
        /// The name of its normalisation's tensors; nil where there is none.
        package let norm: String?
        package let inputs: Int
        package let outputs: Int
        /// Rows and columns of the filters.
        package let side: Int
    }

    /// All convolutions in order.
    package var convolutions: [Convolution] {
        let (full, half, quarter) = (widths[0], widths[1], widths[2])
        var all = [
            Convolution(name: "conv1", norm: "in1", inputs: inputChannels, outputs: full, side: 9),
            Convolution(name: "conv2", norm: "in2", inputs: full, outputs: half, side: 3),
            Convolution(name: "conv3", norm: "in3", inputs: half, outputs: quarter, side: 3),
        ]
        for block in 1...residualBlocks {
            for index in 1...2 {
                all.append(
                    Convolution(
                        name: "res\(block).conv\(index)", norm: "res\(block).in\(index)", inputs: quarter,
                        outputs: quarter, side: 3))
            }
        }
        return all + [
            Convolution(name: "deconv1", norm: "in4", inputs: quarter, outputs: half, side: 3),
            Convolution(name: "deconv2", norm: "in5", inputs: half, outputs: full, side: 3),
            Convolution(name: "deconv3", norm: nil, inputs: full, outputs: 3, side: 9),
        ]
    }

    /// Multiply-adds of one frame.
    package func multiplyAdds(height: Int, width: Int) -> Double {
        let full = Double((height + 3) / 4 * 4) * Double((width + 3) / 4 * 4)
        return convolutions.reduce(0) { sum, convolution in
            let reduction: Double
            switch convolution.name {
            case "conv1", "deconv2", "deconv3": reduction = 1
            case "conv2", "deconv1": reduction = 4
            default: reduction = 16
            }
            let taps = convolution.inputs * convolution.outputs * convolution.side * convolution.side
            return sum + full / reduction * Double(taps)
        }
    }
}
