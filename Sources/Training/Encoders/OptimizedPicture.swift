import NeuralNet
import Stylization
import Tensors

/// A picture that is being painted by changing its pixels so that an encoder approves: what an encoder has to judge, and
/// where its weaknesses show.
package struct OptimizedPicture: Sendable {
    /// The picture as it is now, `[3, side, side]`, 0…1.
    package private(set) var image: Tensor
    /// What it shall show, and what it shall look like, of the same shape.
    package let content: Tensor
    package let painting: Tensor
    /// The weights of the style and of total variation; content counts 1.
    package let styleWeight: Double
    package let variationWeight: Double
    private var optimizer = Adam(learningRate: 0.04, beta2: 0.99, epsilon: 1e-10, box: 0...1)

    /// Begins with `image`.
    package init(image: Tensor, content: Tensor, painting: Tensor, styleWeight: Double, variationWeight: Double) {
        precondition(
            image.shape == content.shape && image.shape == painting.shape && styleWeight > 0 && variationWeight >= 0,
            "\(image.shape) from \(content.shape) and \(painting.shape), style \(styleWeight)")
        self.image = image
        self.content = content
        self.painting = painting
        self.styleWeight = styleWeight
        self.variationWeight = variationWeight
    }

    /// What the optimiser remembers.
    var memory: Adam.Memory? {
        get { optimizer.memory }
        set { optimizer.memory = newValue }
    }

    /// Takes steps that please an encoder.
    package mutating func advance(steps: Int, pleasing encoder: PerceptualEncoder, in workspace: Workspace) {
        let (rows, pool) = (workspace.rows, workspace.pool)
        let target = StyleTarget(
            painting: PlanarImage(painting), height: painting.shape[1], width: painting.shape[2], scale: 1,
            statistics: .gram, encoder: encoder, rows: rows, pool: pool)
        let objective = Objective(
            frame: content, style: target, temporal: nil, encoder: encoder,
            configuration: StylizationConfiguration(
                styleWeight: styleWeight, totalVariationWeight: variationWeight, temporalWeight: 0),
            rows: rows, pool: pool)
        for _ in 0..<steps {
            optimizer.step(&image, gradient: objective.evaluate(image).gradient, rows: rows)
        }
    }
}
