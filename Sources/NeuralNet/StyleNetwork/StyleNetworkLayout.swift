import Tensors

/// The form and extents of a style network; reflection padding, conditional instance normalisation (Dumoulin, Shlens and
/// Kudlur 2017) and ReLU behind every convolution except the last, and no ReLU at the end of a residual block.
package struct StyleNetworkLayout: Sendable, Equatable {
    /// How its layers follow each other.
    package enum Form: String, Sendable, CaseIterable {
        /// Johnson, Alahi and Li 2016, as in PyTorch's examples: 9×9 → widths[0], 3×3 stride 2 → widths[1], 3×3 stride 2
        /// → widths[2], residual blocks of two 3×3 each, twice nearest ×2 and 3×3 back to widths[1] and widths[0], 9×9 → 3.
        case johnson
        /// No activation has the full resolution: the input's 4×4 pixels become channels, 3×3 → widths[1], residual blocks,
        /// nearest ×2 and 3×3 → widths[0], nearest ×2 and, beside the input itself, 5×5 → 3, a sigmoid and, of a
        /// recurrent network, `heldShare` of the previous output. The last convolution is computed at half resolution
        /// (`ShuffledFilters`). Convolutions before a normalisation have no bias.
        case shuffle
    }

    /// How its layers follow each other.
    package let form: Form
    /// 3, or 7: the frame, the previous output warped here times the mask, the mask.
    package let inputChannels: Int
    /// Channels, multiples of 16: `johnson` at the full, half and quarter resolution, 32, 64, 128 or 16, 32, 64; `shuffle` at
    /// the half and quarter resolution.
    package let widths: [Int]
    /// Residual blocks, 5 as published.
    package let residualBlocks: Int
    /// (γ, β) pairs of every normalisation.
    package let styles: Int

    /// Describes a network.
    package init(
        form: Form = .johnson, inputChannels: Int = 3, widths: [Int] = [32, 64, 128], residualBlocks: Int = 5,
        styles: Int = 1
    ) {
        precondition(widths.count == Self.widthCount(form), "widths \(widths) of the form \(form)")
        self.form = form
        self.inputChannels = inputChannels
        self.widths = widths
        self.residualBlocks = residualBlocks
        self.styles = styles
    }

    /// The network that ships and that is trained.
    package static func shipped(styles: Int) -> StyleNetworkLayout {
        StyleNetworkLayout(form: .shuffle, inputChannels: 7, widths: [32, 48], residualBlocks: 4, styles: styles)
    }

    /// The share of a painted pixel that is the previous output's, moved there, where the mask trusts it wholly; the rest
    /// is what the last layer gives. On 200 frames of a real clip that leaves 0.25 of frame-by-frame painting's excess of
    /// E_warp and 1.18 of its sharpness, with the flow preset that goes with it.
    package var heldShare: Float { form == .shuffle && inputChannels == 7 ? 0.8 : 0 }

    /// The widths that a form has.
    static func widthCount(_ form: Form) -> Int { form == .johnson ? 3 : 2 }

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
        /// Rows and columns of the frame for one of what it writes.
        package let reduction: Int

        /// The shape of its filters.
        package var shape: Shape { [outputs, inputs, side, side] }
    }

    /// All convolutions in order.
    package var convolutions: [Convolution] {
        switch form {
        case .johnson:
            let (full, half, quarter) = (widths[0], widths[1], widths[2])
            return [
                Convolution(name: "conv1", norm: "in1", inputs: inputChannels, outputs: full, side: 9, reduction: 1),
                Convolution(name: "conv2", norm: "in2", inputs: full, outputs: half, side: 3, reduction: 2),
                Convolution(name: "conv3", norm: "in3", inputs: half, outputs: quarter, side: 3, reduction: 4),
            ] + residualConvolutions + [
                Convolution(name: "deconv1", norm: "in4", inputs: quarter, outputs: half, side: 3, reduction: 2),
                Convolution(name: "deconv2", norm: "in5", inputs: half, outputs: full, side: 3, reduction: 1),
                Convolution(name: "deconv3", norm: nil, inputs: full, outputs: 3, side: 9, reduction: 1),
            ]
        case .shuffle:
            let (half, quarter) = (widths[0], widths[1])
            return [
                Convolution(
                    name: "stem", norm: "in1", inputs: 16 * inputChannels, outputs: quarter, side: 3, reduction: 4)
            ] + residualConvolutions + [
                Convolution(name: "up", norm: "in2", inputs: quarter, outputs: half, side: 3, reduction: 2),
                Convolution(
                    name: "last", norm: nil, inputs: half + inputChannels, outputs: 3, side: 5, reduction: 1),
            ]
        }
    }

    private var residualConvolutions: [Convolution] {
        (0..<2 * residualBlocks).map { index in
            let (block, part) = (index / 2 + 1, index % 2 + 1)
            return Convolution(
                name: "res\(block).conv\(part)", norm: "res\(block).in\(part)", inputs: widths.last ?? 0,
                outputs: widths.last ?? 0, side: 3, reduction: 4)
        }
    }

    /// The channels of every normalisation, in order.
    package var normWidths: [Int] { convolutions.filter { $0.norm != nil }.map(\.outputs) }

    /// Multiply-adds of one frame.
    package func multiplyAdds(height: Int, width: Int) -> Double {
        let full = Double((height + 3) / 4 * 4) * Double((width + 3) / 4 * 4)
        return convolutions.reduce(0) { sum, convolution in
            sum + full / Double(convolution.reduction * convolution.reduction) * Double(convolution.shape.count)
        }
    }
}
