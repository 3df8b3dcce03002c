import Stylization

/// How a style network is trained.
package struct TrainingConfiguration: Sendable, Equatable {
    /// Weights of the losses, each relative to its target (see `Objective`): content, style, total variation, and how far
    /// the later frame of a pair may differ from the earlier one moved.
    package let losses: StylizationConfiguration
    /// The optimisers' step at the beginning; it falls as `CosineDecay`.
    package let learningRate: Double
    /// Steps until the learning rate is at its end.
    package let steps: Int
    /// The greatest norm of a batch's gradient; larger ones are scaled down to it.
    package let gradientNorm: Double
    /// How many frames at most are painted before the earlier frame of a pair.
    package let repeats: Int
    /// How many frames before the later one its gradient reaches (truncated back-propagation through time): of what a change
    /// is worth to the frames after, so many are seen. The losses are asked of all of them.
    package let reach: Int
    /// What the losses of a clip's first frame weigh against those of each of the others: a shot has one.
    package let firstWeight: Double
    /// Steps at the beginning that train the styles' γ and β alone, which costs less.
    package let styleSteps: Int

    /// Collects the settings; steps and rate must be above 0.
    package init(
        contentWeight: Double = 1, styleWeight: Double = 5, totalVariationWeight: Double = 2,
        consistencyWeight: Double = 100, learningRate: Double = 2e-3, steps: Int, gradientNorm: Double = 1,
        repeats: Int = 6, reach: Int = 0, firstWeight: Double = 1, styleSteps: Int = 0
    ) {
        precondition(
            steps > 0 && learningRate > 0 && gradientNorm > 0 && repeats >= 0 && reach >= 0 && firstWeight >= 0,
            "\(steps) steps of \(learningRate)")
        losses = StylizationConfiguration(
            contentWeight: contentWeight, styleWeight: styleWeight, totalVariationWeight: totalVariationWeight,
            temporalWeight: consistencyWeight)
        self.learningRate = learningRate
        self.steps = steps
        self.gradientNorm = gradientNorm
        self.repeats = repeats
        self.reach = reach
        self.firstWeight = firstWeight
        self.styleSteps = styleSteps
    }

    /// How the optimisers' step falls.
    package var decay: CosineDecay { CosineDecay(start: learningRate, steps: steps) }
}
