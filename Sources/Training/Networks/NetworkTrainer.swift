import NeuralNet
import Stylization
import Tensors

/// Trains a network of the form `shuffle` in several styles at once.
///
/// Of every pair of a batch up to `repeats` frames before the earlier one, then that one and the later one are painted, the
/// first of them as the first of a shot, so that the network meets what its own work becomes (Ruder, Dosovitskiy and Brox
/// 2018); see `UnrolledPair`. The gradients of the pairs are computed side by side, one thread each, and summed in the order
/// of the batch, so that the same bits come out for any number of threads. Whoever gives the same batches from a checkpoint
/// on gets the same weights as without the interruption.
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
    /// - Returns: the losses before the step, means over the batch of those of its pairs. A step whose gradient is not finite
    ///   changes nothing.
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

    /// The mean losses and the mean gradient by all parameters.
    private func mean(of batch: [TrainingItem]) -> (LossParts, Tensor) {
        let trainable = TrainableStyleNetwork(network, rows: rows)
        let results = rows.map(Array(batch.enumerated())) { index, item in
            UnrolledPair(
                trainable: trainable, encoder: encoder, configuration: configuration, target: targets[item.style],
                style: item.style, styleOnly: trainsStylesAlone,
                workspace: Workspace(rows: ParallelRows(threads: 1), pool: pool)
            ).run(item.pair, approach: (steps + index) % (configuration.repeats + 1))
        }
        var losses = LossParts()
        for result in results { losses.add(result.losses, scale: 1 / Double(batch.count)) }
        return (losses, sum(results, batch))
    }

    /// The mean gradient by all parameters, every element summed in the order of the batch.
    private func sum(_ results: [UnrolledPair.Result], _ batch: [TrainingItem]) -> Tensor {
        let shared = StyleNetworkParameters.sharedCount(base.layout)
        var total = Tensor([base.values.count], filledWith: 0, pool: pool)
        for (result, item) in zip(results, batch) {
            let scale = 1 / Float(result.gradients.count * batch.count)
            for gradient in result.gradients {
                if !trainsStylesAlone { total.accumulate(gradient, 0..<shared, at: 0, scale: scale, rows: rows) }
                let style = base.styleRange(item.style).lowerBound
                total.accumulate(gradient, shared..<gradient.count, at: style, scale: scale, rows: rows)
            }
        }
        return total
    }
}
