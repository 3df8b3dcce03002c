import NeuralNet
import Stylization
import Tensors
import Training

/// The network that learning starts from.
struct StartingNetwork {
    /// Its numbers; its styles have the names of those to be learned.
    let parameters: StyleNetworkParameters
    /// Adam's step at the beginning: what has learned something may not be thrown about.
    let learningRate: Double

    /// A network that has learned nothing.
    init(names: [String], seed: UInt64) {
        parameters = StyleNetworkParameters(seeded: .shipped(styles: names.count), names: names, seed: seed)
        learningRate = 2e-3
    }

    /// A learned network's filters; every style begins as the base's style of its name, or as the one whose painting of a
    /// drawn picture comes nearest to it.
    ///
    /// - Throws: `.input` and `.content` where the file is no network of our own form; `.content` where it does not look
    ///   back at the previous frame.
    init(
        base path: String, names: [String], targets: [StyleTarget], encoder: PerceptualEncoder, side: Int, seed: UInt64,
        in workspace: Workspace
    ) throws {
        let base = try StyleNetworkParameters.load(path: path)
        guard base.layout.inputChannels == 7 else {
            throw BrushflowError(
                .content,
                "\(path): looks at \(base.layout.inputChannels) channels, not at the previous painted frame; give a network "
                    + "that `brushflow learn` made")
        }
        let layout = StyleNetworkLayout(
            form: base.layout.form, inputChannels: 7, widths: base.layout.widths,
            residualBlocks: base.layout.residualBlocks, styles: names.count)
        let shared = StyleNetworkParameters.sharedCount(layout)
        var values = Tensor([StyleNetworkParameters.count(layout)])
        values.withMutableFloats { values in
            base.values.withFloats { _ = values[..<shared].update(fromContentsOf: $0[..<shared]) }
        }
        var network = StyleNetworkParameters(layout: layout, names: names, values: values)
        let pair = try PairSequence(
            pictures: DrawnPictures(count: 1, seed: seed), ranges: .none, side: side, batch: 1, seed: seed
        ).batch(0)[0]
        for (index, name) in names.enumerated() {
            let nearest =
                base.names.firstIndex(of: name)
                ?? Self.nearest(to: targets[index], in: base, frame: pair.earlier, encoder: encoder, in: workspace)
            network.setStyle(index, to: base.style(nearest))
        }
        parameters = network
        learningRate = 1e-3
    }

    /// The style of a network that paints a frame nearest to a target.
    private static func nearest(
        to target: StyleTarget, in base: StyleNetworkParameters, frame: Tensor, encoder: PerceptualEncoder,
        in workspace: Workspace
    ) -> Int {
        let network = StyleNetwork(base)
        let plane = frame.count / 3
        let input = Tensor(
            [7, frame.shape[1], frame.shape[2]], frame.values + [Float](repeating: 0, count: 4 * plane))
        let distances = network.styles.map { style in
            Objective(
                frame: frame, style: target, temporal: nil, encoder: encoder, configuration: StylizationConfiguration(),
                rows: workspace.rows, pool: workspace.pool
            ).evaluateParts(network.paint(input, style: style, in: workspace)).parts.style
        }
        return distances.indices.min { distances[$0] < distances[$1] } ?? 0
    }
}
