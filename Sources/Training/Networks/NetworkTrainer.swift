import NeuralNet
import OpticalFlow
import Stylization
import Tensors

/// Trains a network of the form `shuffle` in several styles at once.
///
/// Of every pair of a batch the earlier frame is painted as the first of a shot, then up to `repeats` times more with what was
/// painted before as its previous frame, so that the network meets what its own work becomes; the later frame is painted
/// with the last of these moved to its place, which counts as given (Ruder, Dosovitskiy and Brox 2018). Content, style and
/// total variation are asked of the first and of the last painting, consistency of the last. The gradients of the pairs are computed side by side, one thread
/// each, and summed in the order of the batch, so that the same bits come out for any number of threads. Whoever gives the
/// same batches from a checkpoint on gets the same weights as without the interruption.
package struct NetworkTrainer {
    /// The network as it is now.
    package private(set) var network: StyleNetworkParameters
    /// Steps taken.
    package private(set) var steps = 0
    /// How it is trained.
    package let configuration: TrainingConfiguration
    private let targets: [StyleTarget]
    private let encoder: PerceptualEncoder
    private let rows: ParallelRows
    private let pool: TensorPool
    private var optimizer: Adam

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
        self.network = network
        self.targets = targets
        self.encoder = encoder
        self.configuration = configuration
        self.rows = rows
        self.pool = pool
        optimizer = Adam(learningRate: Float(configuration.learningRate))
    }

    /// Takes one step along the mean gradient of a batch.
    ///
    /// - Returns: the losses before the step, means over the batch's frames, the earlier of which have no consistency. A step
    ///   whose gradient is not finite changes nothing.
    package mutating func step(_ batch: [TrainingItem]) -> LossParts {
        precondition(
            !batch.isEmpty && batch.allSatisfy { targets.indices.contains($0.style) },
            "styles \(batch.map(\.style)) of \(targets.count)")
        let (losses, found) = mean(of: batch)
        var gradient = found
        let norm = gradient.squaredNorm(rows: rows).squareRoot()
        if norm > configuration.gradientNorm {
            gradient.multiply(by: Float(configuration.gradientNorm / (norm + 1e-6)), rows: rows)
        }
        optimizer.learningRate = Float(configuration.learningRate(after: steps))
        optimizer.step(&network.values, gradient: gradient, rows: rows)
        steps += 1
        return losses
    }

    /// What the optimizer remembers.
    var memory: Adam.Memory? { optimizer.memory }

    /// Takes up a state.
    mutating func restore(network: StyleNetworkParameters, steps: Int, memory: Adam.Memory?) {
        self.network = network
        self.steps = steps
        optimizer.memory = memory
    }

    /// Whether γ and β are trained alone; what the optimiser is told of all others is 0 then, and it leaves them as they are.
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
        var shares = [Share](repeating: Share(), count: batch.count)
        shares.withUnsafeMutableBufferPointer { shares in
            nonisolated(unsafe) let slots = shares
            rows.run(rows: batch.count, grain: 1) { index, _ in
                let repeats = (steps + index) % (configuration.repeats + 1)
                slots[index] = share(of: batch[index], repeats: repeats, trainable)
            }
        }
        var losses = LossParts()
        for share in shares { losses.add(share.losses, scale: 1 / Double(batch.count)) }
        return (losses, sum(shares, batch))
    }

    private func share(of item: TrainingItem, repeats: Int, _ trainable: TrainableStyleNetwork) -> Share {
        let serial = Workspace(rows: ParallelRows(threads: 1), pool: pool)
        var share = Share()
        func learn(_ frame: Tensor, _ input: Tensor, _ tie: TemporalLoss?) -> Tensor {
            let activations = trainable.forward(input, style: item.style, in: serial)
            let objective = Objective(
                frame: frame, style: targets[item.style], temporal: tie, encoder: encoder,
                configuration: configuration.losses, rows: serial.rows, pool: pool)
            let (parts, gradient) = objective.evaluateParts(activations.output)
            share.losses.add(parts, scale: 0.5)
            share.gradients.append(
                trainable.gradient(gradient, activations, styleOnly: trainsStylesAlone, in: serial))
            return activations.output
        }
        let pair = item.pair
        let (height, width) = (pair.earlier.shape[1], pair.earlier.shape[2])
        let all = ReliabilityMask(Tensor([1, height, width], filledWith: 1))
        var painted = learn(pair.earlier, TrainingPair.input(pair.earlier, previous: nil, all, pool: pool), nil)
        for _ in 0..<repeats {
            let input = TrainingPair.input(pair.earlier, previous: painted, all, pool: pool)
            painted = trainable.paint(input, style: item.style, in: serial)
        }
        let moved = pair.moved(painted, rows: serial.rows, pool: pool)
        _ = learn(
            pair.later, TrainingPair.input(pair.later, previous: moved, pair.reliability, pool: pool),
            TemporalLoss(warped: moved, reliability: pair.reliability))
        return share
    }

    /// The mean gradient by all parameters, every element summed in the order of the batch.
    private func sum(_ shares: [Share], _ batch: [TrainingItem]) -> Tensor {
        let shared = StyleNetworkParameters.sharedCount(network.layout)
        var total = Tensor([network.values.count], filledWith: 0, pool: pool)
        let scale = 1 / Float(2 * batch.count)
        for (share, item) in zip(shares, batch) {
            for gradient in share.gradients {
                if !trainsStylesAlone { total.accumulate(gradient, 0..<shared, at: 0, scale: scale, rows: rows) }
                let style = network.styleRange(item.style).lowerBound
                total.accumulate(gradient, shared..<gradient.count, at: style, scale: scale, rows: rows)
            }
        }
        return total
    }
}

extension TrainingPair {
    /// What the network sees: a frame, the previous painted frame in its place times the mask, and the mask, `[7, H, W]`; 0
    /// but for the frame where nothing comes before it.
    static func input(_ frame: Tensor, previous: Tensor?, _ mask: ReliabilityMask, pool: TensorPool) -> Tensor {
        let plane = frame.count / 3
        var input = Tensor([7, frame.shape[1], frame.shape[2]], filledWith: 0, pool: pool)
        input.withMutableFloats { target in
            frame.withFloats { _ = target[..<(3 * plane)].update(fromContentsOf: $0) }
            guard let previous else { return }
            previous.withFloats { previous in
                mask.tensor.withFloats { mask in
                    for index in 0..<plane {
                        for channel in 0..<3 {
                            target[(3 + channel) * plane + index] = previous[channel * plane + index] * mask[index]
                        }
                        target[6 * plane + index] = mask[index]
                    }
                }
            }
        }
        return input
    }
}
