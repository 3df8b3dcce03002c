import Tensors

/// Runs a network on a small drawn picture, to find the numbers that it takes and gives.
struct ConventionProbe {
    /// What a trial with one input range showed.
    struct Outcome {
        let input: InputRange
        let output: OutputRange
        /// Higher for a picture with more contrast and less that is beyond black or white.
        let score: Double
    }

    private let plan: FittedPlan
    private let isBGR: Bool
    private let picture: PlanarImage
    private let workspace: Workspace

    private static let side = 96
    /// The most pixels of a frame size that a file declares and that a trial is made at.
    private static let greatestTrial = 1 << 23

    /// Plans the network for a small picture, or for the size that it was saved for where it cannot be run at another.
    init(_ model: ONNXModel, isBGR: Bool, rows: ParallelRows) throws {
        self.isBGR = isBGR
        workspace = Workspace(rows: rows, pool: nil)
        do {
            plan = try FittedPlan(model, height: Self.side, width: Self.side)
        } catch {
            guard let size = model.declaredSize, max(size.height, size.width) <= Self.greatestTrial,
                size.height * size.width <= Self.greatestTrial
            else { throw error }
            plan = try FittedPlan(model, height: size.height, width: size.width)
        }
        picture = Self.picture(height: plan.height, width: plan.width)
    }

    /// Smooth colours with edges: a ramp, a disc, stripes.
    private static func picture(height: Int, width: Int) -> PlanarImage {
        var values: [Float] = []
        for channel in 0..<3 {
            for y in 0..<height {
                for x in 0..<width {
                    let (u, v) = (Float(x) / Float(width), Float(y) / Float(height))
                    let disc = (u - 0.6) * (u - 0.6) + (v - 0.4) * (v - 0.4) < 0.06
                    let stripe = y > height * 2 / 3 && x / 8 % 2 == 0
                    let ramp = channel == 0 ? u : channel == 1 ? v : 1 - (u + v) / 2
                    values.append(0.15 + 0.7 * (disc ? 1 - ramp : stripe ? 0.5 * ramp : ramp))
                }
            }
        }
        return PlanarImage(Tensor([3, height, width], values))
    }

    /// The trial with a range; `output` where the graph says what it gives.
    func outcome(_ input: InputRange, output: OutputRange?) -> Outcome {
        let result = plan.run(picture, range: input, isBGR: isBGR, in: workspace)
        let range = output ?? Self.range(PaintedStatistics(result))
        let plane = plan.height * plan.width
        let values = result.values.enumerated().map { index, value in
            let (scale, offset) = range.affine(channel: index / plane)
            return value * scale + offset
        }
        let statistics = PaintedStatistics(Tensor(result.shape, values))
        let score = statistics.isConstant ? 0 : statistics.deviation * (1 - statistics.saturated)
        return Outcome(input: input, output: range, score: score)
    }

    /// The best of all ranges. Networks that normalise hardly differ; then the one in the manner of the output is taken.
    func best(output: OutputRange?) -> Outcome {
        let outcomes = InputRange.allCases.map { outcome($0, output: output) }
        let top = outcomes.map(\.score).max() ?? 0
        let customary: InputRange = output == .unit || output == .signed ? .unit : .bytes
        let fitting = outcomes.filter { $0.score >= 0.6 * top }
        return fitting.first { $0.input == customary } ?? fitting.first { $0.score == top } ?? outcomes[0]
    }

    private static func range(_ statistics: PaintedStatistics) -> OutputRange {
        if statistics.high > 8 || statistics.low < -8 { return .bytes }
        if statistics.low < -0.4, statistics.high <= 1.1 { return .signed }
        return statistics.low < -0.4 ? .imagenet : .unit
    }
}
