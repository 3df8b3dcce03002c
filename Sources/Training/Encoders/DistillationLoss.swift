import NeuralNet
import Stylization
import Tensors

/// How much of a teacher's features a slim encoder with its maps leaves unexplained: at every tap the mean squared error of
/// the mapped features, relative to the variance of the teacher's.
package struct DistillationLoss: Sendable {
    private let parameters: SlimEncoderParameters
    private let encoder: PerceptualEncoder
    private let variances: [Double]

    /// Prepares a loss of `parameters`.
    ///
    /// - Parameters:
    ///   - encoder: that of the parameters.
    ///   - variances: of the teacher's features at each tap.
    package init(_ parameters: SlimEncoderParameters, encoder: PerceptualEncoder, variances: [Double]) {
        precondition(
            encoder.isSlim && variances.count == SlimEncoderParameters.taps && variances.allSatisfy { $0 > 0 },
            "variances \(variances) of \(encoder.name)")
        self.parameters = parameters
        self.encoder = encoder
        self.variances = variances
    }

    /// The errors at each tap.
    ///
    /// - Parameters:
    ///   - picture: `[3, H, W]`.
    ///   - targets: the teacher's features of it, `[its channels, h · w]`.
    package func errors(of picture: Tensor, targets: [Tensor], in workspace: Workspace) -> [Double] {
        let activations = activations(of: picture, in: workspace)
        return targets.indices.map { tap in
            compare(plane(activations, tap, in: workspace), targets[tap], tap, in: workspace).error
        }
    }

    /// The errors at each tap, and the gradient of their sum by all parameters, `[SlimEncoderParameters.count]`.
    package func evaluate(
        _ picture: Tensor, targets: [Tensor], in workspace: Workspace
    ) -> (errors: [Double], gradient: Tensor) {
        let activations = activations(of: picture, in: workspace)
        var gradient = Tensor([SlimEncoderParameters.count], filledWith: 0, pool: workspace.pool)
        var errors: [Double] = []
        var pulls: [Int: BlockTensor] = [:]
        for tap in targets.indices {
            guard let block = activations.features[tap] else { continue }
            let features = plane(activations, tap, in: workspace)
            let (error, difference) = compare(features, targets[tap], tap, in: workspace)
            errors.append(error)
            let scale = Float(2 / (Double(difference.count) * variances[tap]))
            addMapGradient(difference, features, tap, scale: scale, to: &gradient)
            let pull = pull(difference, features, tap, scale: scale, in: workspace)
            pulls[tap] = BlockTensor(
                planar: pull.reshaped(to: [features.shape[0], block.rows.count, block.width]), in: workspace)
        }
        encoder.addParameterGradients(activations, tapGradients: pulls, to: &gradient, in: workspace)
        return (errors, gradient)
    }

    private func activations(of picture: Tensor, in workspace: Workspace) -> EncoderActivations {
        encoder.evaluate(
            picture, taps: Set(0..<SlimEncoderParameters.taps), rows: workspace.rows, pool: workspace.pool)
    }

    /// The slim features at a tap, `[C, positions]`.
    private func plane(_ activations: EncoderActivations, _ tap: Int, in workspace: Workspace) -> Tensor {
        guard let features = activations.features[tap] else { preconditionFailure("no features at tap \(tap)") }
        return features.planar(in: workspace).reshaped(
            to: [features.channels, features.rows.count * features.width])
    }

    /// A F − T, for the map A, the slim features F and the teacher's T, and its relative mean square.
    private func compare(
        _ features: Tensor, _ target: Tensor, _ tap: Int, in workspace: Workspace
    ) -> (error: Double, difference: Tensor) {
        let (map, first) = SlimEncoderParameters.map(at: tap)
        let positions = features.shape[1]
        precondition(target.shape == [map[0], positions], "target \(target.shape) for \(positions) positions")
        var difference = Tensor(uninitialized: target.shape, pool: workspace.pool)
        withPointers(features) { values, features in
            difference.withMutableFloats { difference in
                target.withFloats { _ = difference.update(fromContentsOf: $0) }
                guard let c = difference.baseAddress else { return }
                MatrixMultiply.multiply(
                    m: map[0], n: positions, k: map[1], a: values + first, lda: map[1], b: features, ldb: positions,
                    beta: -1, c: c, ldc: positions)
            }
        }
        let square = difference.squaredNorm(rows: workspace.rows)
        return (square / (Double(difference.count) * variances[tap]), difference)
    }

    /// scale · E Fᵀ, to the elements of the map at a tap.
    private func addMapGradient(
        _ difference: Tensor, _ features: Tensor, _ tap: Int, scale: Float, to gradient: inout Tensor
    ) {
        let (map, first) = SlimEncoderParameters.map(at: tap)
        let positions = features.shape[1]
        withPointers(features) { _, features in
            difference.withFloats { difference in
                gradient.withMutableFloats { gradient in
                    guard let a = difference.baseAddress, let c = gradient.baseAddress else { return }
                    MatrixMultiply.multiply(
                        m: map[0], n: map[1], k: positions, alpha: scale, a: a, lda: positions, b: features,
                        ldb: positions, transposeB: true, c: c + first, ldc: map[1])
                }
            }
        }
    }

    /// scale · Aᵀ E: the gradient of the slim features.
    private func pull(
        _ difference: Tensor, _ features: Tensor, _ tap: Int, scale: Float, in workspace: Workspace
    ) -> Tensor {
        let (map, first) = SlimEncoderParameters.map(at: tap)
        let positions = features.shape[1]
        var pull = Tensor(uninitialized: features.shape, pool: workspace.pool)
        withPointers(difference) { values, difference in
            pull.withMutableFloats { pull in
                guard let c = pull.baseAddress else { return }
                MatrixMultiply.multiply(
                    m: map[1], n: positions, k: map[0], alpha: scale, a: values + first, lda: map[1],
                    transposeA: true, b: difference, ldb: positions, c: c, ldc: positions)
            }
        }
        return pull
    }

    /// Lends the parameters and a tensor.
    private func withPointers(
        _ tensor: Tensor, _ body: (UnsafePointer<Float>, UnsafePointer<Float>) -> Void
    ) {
        parameters.values.withFloats { values in
            tensor.withFloats { tensor in
                guard let values = values.baseAddress, let tensor = tensor.baseAddress else { return }
                body(values, tensor)
            }
        }
    }
}
