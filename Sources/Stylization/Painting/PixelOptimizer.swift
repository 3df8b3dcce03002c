import NeuralNet
import OpticalFlow
import Tensors

/// Paints one frame by optimising its pixels, coarse to fine.
///
/// Between two levels only what the coarser one *changed* is enlarged and added to the finer start, so detail
/// that the start has is not lost. Values stay in 0…1 (clamped by Adam, projected by L-BFGS).
package struct PixelOptimizer {
    /// The last part of a level's steps, over which Adam's rate falls to 0.
    private static let decay = 0.25
    /// Steps between two looks at the loss for the early end.
    private static let span = 10

    private let encoder: PerceptualEncoder
    private let configuration: StylizationConfiguration
    private let rows: ParallelRows
    private let pool: TensorPool?

    /// Makes an optimizer.
    package init(
        encoder: PerceptualEncoder,
        configuration: StylizationConfiguration,
        rows: ParallelRows,
        pool: TensorPool?
    ) {
        self.encoder = encoder
        self.configuration = configuration
        self.rows = rows
        self.pool = pool
    }

    /// Paints `frame`.
    ///
    /// - Parameters:
    ///   - frame: `[3, H, W]`, 0…1.
    ///   - start: what to start from, of the same shape.
    ///   - tie: the previous painted frame, or nil.
    ///   - levels: the sizes and steps, coarse to fine.
    ///   - style: the painting at each level's size.
    ///   - learningRate: Adam's.
    /// - Returns: `[3, H, W]`, 0…1.
    /// - Throws: `CancellationError` as soon as `isCancelled` says so, asked before every step.
    package func paint(
        _ frame: Tensor,
        from start: Tensor,
        tie: PaintingTie?,
        levels: [PyramidLevel],
        style: (PyramidLevel) -> StyleTarget,
        learningRate: Double,
        isCancelled: @Sendable () -> Bool
    ) throws -> Tensor {
        let (height, width) = (frame.shape[1], frame.shape[2])
        var painted = start
        for level in levels {
            let down = resampler(height, width, level.height, level.width, .area)
            let temporal = tie.map {
                TemporalLoss(
                    warped: down.resample($0.warped, rows: rows, pool: pool),
                    reliability: ReliabilityMask(down.resample($0.reliability.tensor, rows: rows, pool: pool)))
            }
            let objective = Objective(
                frame: down.resample(frame, rows: rows, pool: pool), style: style(level), temporal: temporal,
                encoder: encoder, configuration: configuration, rows: rows, pool: pool)
            let before = down.resample(painted, rows: rows, pool: pool)
            let after = try descend(
                from: before, objective, steps: level.steps, learningRate: learningRate, isCancelled: isCancelled)
            if level.height == height && level.width == width {
                painted = after
            } else {
                let change = after.combined(with: before, rows: rows, pool: pool) { $0 - $1 }
                let up = resampler(level.height, level.width, height, width, .bicubic)
                painted = painted.combined(
                    with: up.resample(change, rows: rows, pool: pool), rows: rows, pool: pool
                ) { max(0, min(1, $0 + $1)) }
            }
        }
        return painted
    }

    private func descend(
        from start: Tensor,
        _ objective: Objective,
        steps: Int,
        learningRate: Double,
        isCancelled: @Sendable () -> Bool
    ) throws -> Tensor {
        switch configuration.algorithm {
        case .adam:
            let adam = Adam(learningRate: Float(learningRate), beta2: 0.9, epsilon: 1e-12, box: 0...1, pool: pool)
            return try descend(from: start, objective, adam, steps: steps, isCancelled: isCancelled) { adam, step in
                let left = Double(steps - step) / (Double(steps) * Self.decay)
                adam.learningRate = Float(learningRate * min(1, left))
            }
        case .lbfgs:
            let lbfgs = LBFGS(
                history: configuration.history, firstStep: Float(learningRate), box: 0...1, pool: pool)
            return try descend(from: start, objective, lbfgs, steps: steps, isCancelled: isCancelled) { _, _ in }
        }
    }

    private func descend<Method: Optimizer>(
        from start: Tensor,
        _ objective: Objective,
        _ method: Method,
        steps: Int,
        isCancelled: @Sendable () -> Bool,
        prepare: (inout Method, Int) -> Void
    ) throws -> Tensor {
        var method = method
        var image = start
        var mark = Double.infinity
        for step in 0..<steps {
            prepare(&method, step)
            let loss = try method.step(&image, rows: rows) { point in
                if isCancelled() { throw CancellationError() }
                return objective.evaluate(point)
            }
            guard configuration.tolerance > 0, step % Self.span == 0 else { continue }
            if mark - loss < configuration.tolerance * mark { break }
            mark = loss
        }
        return image
    }

    private func resampler(
        _ height: Int, _ width: Int, _ toHeight: Int, _ toWidth: Int, _ filter: Resampler.Filter
    ) -> Resampler {
        Resampler(inputHeight: height, inputWidth: width, height: toHeight, width: toWidth, filter: filter)
    }
}
