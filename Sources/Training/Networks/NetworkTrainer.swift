import NeuralNet
import OpticalFlow
import Stylization
import Tensors

/// Trains a network of the form `shuffle` in several styles at once.
///
/// Of every pair of a batch up to `repeats` frames before the earlier one, and then that one, are painted, the first of them
/// as the first of a shot, so that the network meets what its own work becomes; the later frame is painted with the last of
/// these moved to its place, which counts as given (Ruder, Dosovitskiy and Brox 2018). Content, style and total variation
/// are asked of the first and of the last painting, consistency of the last: what came into view shall look as in the first
/// frame of a shot, all else as before. The gradients of the pairs are computed side by side, one thread each, and summed in
/// the order of the batch, so that the same bits come out for any number of threads. Whoever gives the same batches from a
/// checkpoint on gets the same weights as without the interruption.
package struct NetworkTrainer {
    /// How it is trained.
    package let configuration: TrainingConfiguration
    private let base: StyleNetworkParameters
    private var descent: ParameterDescent
    private let targets: [StyleTarget]
    private let encoder: PerceptualEncoder
    private let rows: ParallelRows
    private let pool: TensorPool

    /// Starts from a network.
    ///
    /// - Parameters:
    ///   - targets: one for each of the network's styles that batches will name, at the pairs' size.
    ///   - pool: where tensors come from; it grows to what a batch takes.
    package init(
        network: StyleNetworkParameters, targets: [StyleTarget], encoder: PerceptualEncoder,
        configuration: TrainingConfiguration, rows: ParallelRows, pool: TensorPool
    ) {
        precondition(
            targets.count <= network.layout.styles && network.layout.inputChannels == 7,
            "\(targets.count) targets for \(network.layout)")
        base = network
        descent = ParameterDescent(
            network.values, decay: configuration.decay, gradientNorm: configuration.gradientNorm,
            matrices: network.normalizedFilters)
        self.targets = targets
        self.encoder = encoder
        self.configuration = configuration
        self.rows = rows
        self.pool = pool
    }

    /// The network as it is now.
    package var network: StyleNetworkParameters {
        StyleNetworkParameters(layout: base.layout, names: base.names, values: descent.parameters)
    }

    /// Steps taken.
    package var steps: Int { descent.steps }

    /// All that the next step depends on besides its batch. What is set has the names and shapes of what was read.
    package var state: [String: Tensor] {
        get { descent.state }
        set { descent.state = newValue }
    }

    /// Takes one step along the mean gradient of a batch.
    ///
    /// - Returns: the losses before the step, means over the batch's frames, the earlier of which have no consistency. A step
    ///   whose gradient is not finite changes nothing.
    package mutating func step(_ batch: [TrainingItem]) -> LossParts {
        precondition(
            !batch.isEmpty && batch.allSatisfy { targets.indices.contains($0.style) },
            "styles \(batch.map(\.style)) of \(targets.count)")
        let (losses, gradient) = mean(of: batch)
        descent.step(gradient, rows: rows)
        return losses
    }

    /// Whether γ and β are trained alone; what the optimisers are told of all others is 0 then, and they leave them as they are.
    private var trainsStylesAlone: Bool { steps < configuration.styleSteps }

    /// What one pair gives.
    private struct Share: Sendable {
        var losses = LossParts()
        /// As `TrainableStyleNetwork.gradient` has it, of the earlier and of the later frame.
        var gradients: [Tensor] = []
    }

    /// The mean losses and the mean gradient by all parameters.
    private func mean(of batch: [TrainingItem]) -> (LossParts, Tensor) {
        let trainable = TrainableStyleNetwork(network, rows: rows)
        let shares = rows.map(Array(batch.enumerated())) { index, item in
            share(of: item, repeats: (steps + index) % (configuration.repeats + 1), trainable)
        }
        var losses = LossParts()
        for share in shares { losses.add(share.losses, scale: 1 / Double(batch.count)) }
        return (losses, sum(shares, batch))
    }

    private func share(of item: TrainingItem, repeats: Int, _ trainable: TrainableStyleNetwork) -> Share {
        let serial = Workspace(rows: ParallelRows(threads: 1), pool: pool)
        let pair = item.pair
        let everywhere = ReliabilityMask(Tensor(pair.reliability.tensor.shape, filledWith: 1, pool: pool))
        var share = Share()
        func input(_ frame: Tensor, _ tie: PaintingTie?) -> Tensor {
            PaintingNetwork.input(frame, tie, rows: serial.rows, pool: pool)
        }
        func learn(_ frame: Tensor, _ tie: PaintingTie?, expected: Tensor? = nil) -> Tensor {
            let activations = trainable.forward(input(frame, tie), style: item.style, in: serial)
            let objective = Objective(
                frame: frame, style: targets[item.style],
                temporal: expected.map { TemporalLoss(warped: $0, reliability: everywhere) }, encoder: encoder,
                configuration: configuration.losses, rows: serial.rows, pool: pool)
            let (parts, gradient) = objective.evaluateParts(activations.output)
            share.losses.add(parts, scale: 0.5)
            share.gradients.append(
                trainable.gradient(gradient, activations, styleOnly: trainsStylesAlone, in: serial))
            return activations.output
        }
        var painted = learn(pair.view(before: repeats).frame, nil)
        for count in (0..<repeats).reversed() {
            let view = pair.view(before: count)
            let tie = pair.tie(painted, from: count + 1, rows: serial.rows, pool: pool)
            painted = trainable.paint(input(view.frame, tie), style: item.style, in: serial)
        }
        let moved = pair.moved(painted, rows: serial.rows, pool: pool)
        let anew = trainable.paint(input(pair.later, nil), style: item.style, in: serial)
        _ = learn(
            pair.later, PaintingTie(warped: moved, reliability: pair.reliability),
            expected: pair.expected(moved: moved, anew: anew, rows: serial.rows, pool: pool))
        return share
    }

    /// The mean gradient by all parameters, every element summed in the order of the batch.
    private func sum(_ shares: [Share], _ batch: [TrainingItem]) -> Tensor {
        let shared = StyleNetworkParameters.sharedCount(base.layout)
        var total = Tensor([base.values.count], filledWith: 0, pool: pool)
        let scale = 1 / Float(2 * batch.count)
        for (share, item) in zip(shares, batch) {
            for gradient in share.gradients {
                if !trainsStylesAlone { total.accumulate(gradient, 0..<shared, at: 0, scale: scale, rows: rows) }
                let style = base.styleRange(item.style).lowerBound
                total.accumulate(gradient, shared..<gradient.count, at: style, scale: scale, rows: rows)
            }
        }
        return total
    }
}
