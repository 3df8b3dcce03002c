import NeuralNet
import Tensors

/// A fixed network whose features say what a picture shows (content) and how it is painted (style): VGG-19 to
/// relu5_1, or the slim encoder, which carries VGG-19's features at a quarter of its widths.
///
/// Immutable once loaded; any number of threads may use one at once.
package final class PerceptualEncoder: Sendable {
    /// The name of the network: `slim-vgg19` or `vgg19`.
    package let name: String
    /// The taps, from the image inwards.
    package let layers: [EncoderTap]
    /// Whether the weight file did not say how images are normalised, so that the usual way for its network was
    /// assumed (torchvision's for VGG-19). The user should be told.
    package let assumedNormalization: Bool
    /// How four pixels become one between blocks.
    package let pooling: Pooling2x2.Kind
    private let normalization: ChannelAffine
    private let steps: [EncoderStep]

    init(
        name: String,
        layers: [EncoderTap],
        assumedNormalization: Bool,
        pooling: Pooling2x2.Kind,
        normalization: ChannelAffine,
        steps: [EncoderStep]
    ) {
        self.name = name
        self.layers = layers
        self.assumedNormalization = assumedNormalization
        self.pooling = pooling
        self.normalization = normalization
        self.steps = steps
    }

    /// Whether it is of the slim kind.
    package var isSlim: Bool { name == EncoderArchitecture.slim.rawValue }

    /// The indices of the taps that style losses look at by default.
    package var styleTaps: [Int] { layers.indices.filter { layers[$0].isStyle } }

    /// The index of the tap that the content loss looks at by default.
    package var contentTap: Int { layers.firstIndex { $0.isContent } ?? layers.count - 1 }

    /// The least width and height of an image: one feature at the last tap. Callers enlarge smaller images or
    /// refuse them.
    package var minimumSide: Int { layers.map(\.stride).max() ?? 1 }

    /// Runs the network as far as the deepest of `taps`.
    ///
    /// - Parameters:
    ///   - image: `[3, H, W]`, R G B, 0…1; H and W at least `minimumSide`.
    ///   - taps: indices in `layers`; at least one.
    ///   - pool: where all tensors come from.
    /// - Returns: the features of `taps`, and what `imageGradient` needs.
    package func evaluate(
        _ image: Tensor, taps: Set<Int>, rows: ParallelRows, pool: TensorPool?
    ) -> EncoderActivations {
        precondition(
            image.shape.rank == 3 && image.shape[0] == 3 && min(image.shape[1], image.shape[2]) >= minimumSide,
            "an image of \(image.shape) for an encoder of [3, \(minimumSide)…, \(minimumSide)…]")
        precondition(
            !taps.isEmpty && taps.isSubset(of: layers.indices), "taps \(taps.sorted()) of \(layers.count)")
        let workspace = Workspace(rows: rows, pool: pool)
        let normalized = normalization.forward(image, in: workspace)
        var features: [Int: BlockTensor] = [:]
        var outputs: [BlockTensor] = []
        for step in steps where features.count < taps.count {
            let output =
                switch (step, outputs.last) {
                case (.convolution(let layer, _), let input?): layer.forward(input, in: workspace)
                case (.convolution(let layer, _), nil): layer.blocks(normalized, in: workspace)
                case (.pooling(let layer), let input):
                    layer.forward(input ?? BlockTensor(planar: normalized, in: workspace), in: workspace)
                }
            outputs.append(output)
            if case .convolution(_, let tap?) = step, taps.contains(tap) { features[tap] = output }
        }
        return EncoderActivations(features: features, normalized: normalized, outputs: outputs)
    }

    /// The gradient to the image of a loss on the features.
    ///
    /// - Parameters:
    ///   - activations: what `evaluate` gave for the image.
    ///   - tapGradients: dL/dfeatures by tap, `[C, h, w]` each, for any taps up to the deepest one evaluated.
    /// - Returns: dL/dimage, `[3, H, W]`.
    package func imageGradient(
        _ activations: EncoderActivations, tapGradients: [Int: BlockTensor], rows: ParallelRows, pool: TensorPool?
    ) -> Tensor {
        let workspace = Workspace(rows: rows, pool: pool)
        guard
            let gradient = descend(
                activations, tapGradients: tapGradients, toImage: true, in: workspace, visit: { _, _, _ in })
        else { return Tensor(activations.normalized.shape, pool: pool) }
        return normalization.inputGradient(
            outputGradient: gradient.planar(in: workspace), input: activations.normalized,
            output: activations.normalized, in: workspace)
    }

    /// The gradient of a loss on the features by the filters and biases, `[Cout, Cin, 3, 3]` and `[Cout]` of one
    /// convolution after the other, added to the first elements of `sums`. By one thread.
    ///
    /// - Parameters: as `imageGradient`.
    package func addParameterGradients(
        _ activations: EncoderActivations, tapGradients: [Int: BlockTensor], to sums: inout Tensor,
        in workspace: Workspace
    ) {
        var positions: [Int: Int] = [:]
        var position = 0
        for (index, step) in steps.enumerated() {
            guard case .convolution(let layer, _) = step else { continue }
            positions[index] = position
            position += layer.outputs * (layer.inputs * 9 + 1)
        }
        _ = descend(activations, tapGradients: tapGradients, toImage: false, in: workspace) { index, layer, gradient in
            let input =
                index > 0
                ? activations.outputs[index - 1] : BlockTensor(planar: activations.normalized, in: workspace)
            layer.addParameterGradients(
                preactivationGradient: gradient, input: input, to: &sums, at: positions[index] ?? 0, in: workspace)
        }
    }

    /// Takes the gradient of a loss on the features back through the network; nil where there is none.
    ///
    /// - Parameters:
    ///   - toImage: whether the gradient of the normalised image is wanted, `[3, H, W]`.
    ///   - visit: is told of every convolution, the deepest first, the gradient of its output before ReLU.
    private func descend(
        _ activations: EncoderActivations, tapGradients: [Int: BlockTensor], toImage: Bool, in workspace: Workspace,
        visit: (_ index: Int, _ layer: Convolution3x3, _ gradient: BlockTensor) -> Void
    ) -> BlockTensor? {
        let outputs = activations.outputs
        func tapGradient(_ index: Int) -> BlockTensor? {
            guard index >= 0, case .convolution(_, let tap?) = steps[index] else { return nil }
            return tapGradients[tap]
        }
        // What ReLU wrote: gradients are taken to before it as they are written.
        func rectified(_ index: Int) -> BlockTensor? {
            guard index >= 0, case .convolution(let layer, _) = steps[index], layer.rectified else { return nil }
            return outputs[index]
        }
        let met = outputs.indices.filter { tapGradient($0) != nil }
        precondition(
            met.count == tapGradients.count, "gradients for taps \(tapGradients.keys.sorted()), \(met) evaluated")
        guard let deepest = met.last, let pull = tapGradient(deepest) else { return nil }
        var gradient = BlockTensor(gradient: pull, plus: nil, where: rectified(deepest), in: workspace)
        for index in (0...deepest).reversed() {
            switch steps[index] {
            case .convolution(let convolution, _):
                visit(index, convolution, gradient)
                guard index > 0 || toImage else { return nil }
                gradient = convolution.inputGradient(
                    preactivationGradient: gradient, plus: tapGradient(index - 1), where: rectified(index - 1),
                    in: workspace)
            case .pooling(let pooling):
                guard index > 0 else { continue }
                let addend = tapGradient(index - 1)
                gradient = pooling.inputGradient(
                    outputGradient: gradient, input: outputs[index - 1],
                    rectified: addend == nil && rectified(index - 1) != nil, in: workspace)
                if let addend {
                    gradient = BlockTensor(
                        gradient: gradient, plus: addend, where: rectified(index - 1), in: workspace)
                }
            }
        }
        return gradient
    }
}
