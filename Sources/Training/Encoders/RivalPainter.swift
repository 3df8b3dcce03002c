import NeuralNet
import Stylization
import Tensors

/// A style network that learns to please an encoder as it stands: networks find other weaknesses than an optimiser of pixels
/// does, such as dots and hatching that the encoder takes for strokes and VGG-19 does not.
package struct RivalPainter: Sendable {
    /// What it learns from in one step.
    package struct Lesson: Sendable {
        /// Whether it begins anew.
        package let isFresh: Bool
        /// Pairs of frames of photographs.
        package let pairs: [TrainingPair]
        /// The style that is learned, below `styles`.
        package let style: Int
        /// Part of its painting, `[3, side, side]`.
        package let painting: Tensor

        /// Collects the parts.
        package init(isFresh: Bool, pairs: [TrainingPair], style: Int, painting: Tensor) {
            precondition((0..<RivalPainter.styles).contains(style) && !pairs.isEmpty, "style \(style)")
            self.isFresh = isFresh
            self.pairs = pairs
            self.style = style
            self.painting = painting
        }
    }

    /// The styles that it learns side by side.
    package static let styles = 4
    /// Steps until a rival has shown what it can find.
    package static let life = 400

    /// All that the next step depends on besides its lesson. What is set has the names and shapes of what was read.
    package private(set) var state: [String: Tensor]
    private let base: StyleNetworkParameters
    private let rows: ParallelRows
    private let pool: TensorPool

    /// The weight of total variation is low, so that nothing hides what pleases the encoder.
    private static let configuration = TrainingConfiguration(
        totalVariationWeight: 2, learningRate: 1e-3, steps: 1 << 23)

    /// Begins as a network that looks at the frame and at what was painted before (7 channels).
    ///
    /// - Parameter encoder: any.
    package init(
        _ network: StyleNetworkParameters, encoder: PerceptualEncoder, rows: ParallelRows, pool: TensorPool
    ) {
        base = StyleNetworkParameters(
            sharing: network, styles: (0..<Self.styles).map { network.style($0 % network.layout.styles) },
            names: (0..<Self.styles).map { "\($0)" })
        self.rows = rows
        self.pool = pool
        state =
            NetworkTrainer(
                network: base, targets: [], encoder: encoder, configuration: Self.configuration, rows: rows, pool: pool
            ).state
    }

    /// Takes up a state.
    package mutating func restore(_ state: [String: Tensor]) { self.state = state }

    /// Takes a step that pleases an encoder.
    package mutating func learn(_ lesson: Lesson, pleasing encoder: PerceptualEncoder) {
        let target = StyleTarget(
            painting: PlanarImage(lesson.painting), height: lesson.painting.shape[1], width: lesson.painting.shape[2],
            scale: 1, statistics: .gram, encoder: encoder, rows: rows, pool: pool)
        var trainer = NetworkTrainer(
            network: base, targets: Array(repeating: target, count: Self.styles), encoder: encoder,
            configuration: Self.configuration, rows: rows, pool: pool)
        if !lesson.isFresh { trainer.state = state }
        _ = trainer.step(lesson.pairs.map { TrainingItem(pair: $0, style: lesson.style) })
        state = trainer.state
    }

    /// Paints pictures, `[3, H, W]` each, in its styles in turn.
    package func paint(_ pictures: [Tensor]) -> [Tensor] {
        guard !pictures.isEmpty else { return [] }
        var network = base
        network.values = state["parameters"] ?? network.values
        let painter = StyleNetwork(network)
        return rows.map(Array(pictures.enumerated())) { [pool] index, picture in
            painter.paint(first: picture, style: painter.styles[index % Self.styles], pool: pool)
        }
    }
}

extension StyleNetwork {
    /// Paints a picture as the first of a shot, by one thread.
    func paint(first picture: Tensor, style: StyleVector, pool: TensorPool?) -> Tensor {
        let workspace = Workspace(rows: ParallelRows(threads: 1), pool: pool)
        let input =
            layout.inputChannels == 7
            ? PaintingNetwork.input(picture, nil, rows: workspace.rows, pool: pool) : picture
        return paint(input, style: style, in: workspace)
    }
}
