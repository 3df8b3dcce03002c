import NeuralNet
import OpticalFlow
import Stylization
import Tensors

/// A pair's clip, painted frame by frame, and the way of the gradient back through it (Werbos 1990, truncated).
///
/// Every painting is tied to the one before it, moved to its place. Losses are asked of the first frame and of the last ones,
/// as far as the gradient reaches: content, style, total variation, and of a tied frame consistency with what is expected: the
/// painting before it where the motion is reliable, and for the rest what would be painted there without it. The gradient
/// goes back through both ways in which a painting depends on the one before it: what the network sees, and what is expected.
struct UnrolledPair {
    let trainable: TrainableStyleNetwork
    let encoder: PerceptualEncoder
    let configuration: TrainingConfiguration
    let target: StyleTarget
    let style: Int
    /// Whether the gradient by the shared parameters is left out.
    let styleOnly: Bool
    let workspace: Workspace

    /// What one pair gives.
    struct Result: Sendable {
        /// Means over the frames that losses were asked of, the first's times its weight; it has no consistency.
        var losses = LossParts()
        /// By all that `TrainableStyleNetwork.gradient` has, one of each of these frames.
        var gradients: [Tensor] = []
    }

    /// A painting of which losses were asked.
    private struct Painting {
        let index: Int
        let activations: StyleNetworkActivations
        let losses: LossParts
        /// Of the losses, times what they weigh, by this painting.
        let gradient: Tensor
        /// Its consistency with what was expected; nil of the first frame.
        let consistency: TemporalLoss?
    }

    /// Paints the clip and takes the gradients of its mean loss.
    ///
    /// - Parameter approach: frames before the pair's earlier one.
    func run(_ pair: TrainingPair, approach: Int) -> Result {
        let clip = pair.clip(approach: approach, pool: workspace.pool)
        let reached = clip.count - 1 - configuration.reach
        var paintings = [learn(clip[0], index: 0, after: nil)]
        var painted = paintings[0].activations.output
        for index in 1..<clip.count {
            guard index >= reached else {
                painted = paint(clip[index], makeTie(clip[index], to: painted))
                continue
            }
            let painting = learn(clip[index], index: index, after: painted)
            painted = painting.activations.output
            paintings.append(painting)
        }
        var result = Result()
        for painting in paintings {
            result.losses.add(painting.losses, scale: weight(of: painting.index) / Double(paintings.count))
        }
        var carried: Tensor?
        for painting in paintings.reversed() {
            let goesOn = painting.index > max(reached, 0)
            var gradient = painting.gradient
            if let carried { gradient.add(1, carried, rows: workspace.rows) }
            let pulls = trainable.gradient(
                gradient, painting.activations, styleOnly: styleOnly, reachesPrevious: goesOn, in: workspace)
            result.gradients.append(pulls.parameters)
            carried = pulls.previous.flatMap { carry($0, painting, clip[painting.index].motion) }
        }
        return result
    }

    /// What ties a frame to the painting before it; nil where it has no motion or nothing was painted.
    private func makeTie(_ frame: FlowedImage, to painted: Tensor?) -> PaintingTie? {
        guard let painted, let motion = frame.motion else { return nil }
        return PaintingTie(
            warped: BackwardWarp.warp(painted, by: motion.flow, .bicubic, rows: workspace.rows, pool: workspace.pool),
            reliability: motion.mask)
    }

    private func input(_ frame: FlowedImage, _ tie: PaintingTie?) -> Tensor {
        PaintingNetwork.input(frame.image.tensor, tie, rows: workspace.rows, pool: workspace.pool)
    }

    private func paint(_ frame: FlowedImage, _ tie: PaintingTie?) -> Tensor {
        trainable.paint(input(frame, tie), style: style, in: workspace)
    }

    private func learn(_ frame: FlowedImage, index: Int, after painted: Tensor?) -> Painting {
        let tie = makeTie(frame, to: painted)
        let activations = trainable.forward(input(frame, tie), style: style, in: workspace)
        let consistency = tie.map { makeConsistency(frame, $0) }
        let objective = Objective(
            frame: frame.image.tensor, style: target, temporal: consistency, encoder: encoder,
            configuration: configuration.losses, rows: workspace.rows, pool: workspace.pool)
        var (losses, gradient) = objective.evaluateParts(activations.output)
        gradient.multiply(by: Float(weight(of: index)), rows: workspace.rows)
        return Painting(
            index: index, activations: activations, losses: losses, gradient: gradient, consistency: consistency)
    }

    /// What the losses of a frame weigh.
    private func weight(of index: Int) -> Double { index == 0 ? configuration.firstWeight : 1 }

    /// What a tied frame's painting is asked to be. Where the motion is reliable that weighs half: little comes into view from
    /// one frame to the next, and equal weights that are large enough for it keep a moving painting from its style.
    private func makeConsistency(_ frame: FlowedImage, _ tie: PaintingTie) -> TemporalLoss {
        let expected = paint(frame, nil).blended(
            with: tie.warped, by: tie.reliability, rows: workspace.rows, pool: workspace.pool)
        var weights = Tensor(tie.reliability.tensor.shape, filledWith: 1, pool: workspace.pool)
        weights.add(-0.5, tie.reliability.tensor, rows: workspace.rows)
        return TemporalLoss(warped: expected, reliability: ReliabilityMask(weights))
    }

    /// The gradient by the painting before one, from that by what the network saw of it and that by what was expected, which
    /// both are its moved picture times the mask.
    private func carry(_ previous: Tensor, _ painting: Painting, _ motion: FlowedImage.Motion?) -> Tensor? {
        guard let motion, let consistency = painting.consistency else { return nil }
        var pull = previous
        // What was expected is subtracted from the painting, so its gradient is that of the painting, turned round.
        _ = consistency.evaluate(
            painting.activations.output, weight: -configuration.losses.temporalWeight, addingTo: &pull,
            rows: workspace.rows)
        pull.withMutableFloats { pull in
            motion.mask.tensor.withFloats { mask in
                for index in pull.indices { pull[index] *= mask[index % mask.count] }
            }
        }
        return BackwardWarp.bicubicGradient(pull, by: motion.flow, pool: workspace.pool)
    }
}
