import ArgumentParser
import Stylization

/// The settings of painting as options; the defaults are the product's.
struct StylizationOptions: ParsableArguments {
    @Option var contentWeight = StylizationConfiguration().contentWeight
    @Option var styleWeight = StylizationConfiguration().styleWeight
    @Option var totalVariationWeight = StylizationConfiguration().totalVariationWeight
    @Option var temporalWeight = StylizationConfiguration().temporalWeight
    @Option var statistics = StylizationConfiguration().statistics
    @Option var algorithm = StylizationConfiguration().algorithm
    @Option var learningRate = StylizationConfiguration().learningRate
    @Option var nextLearningRate = StylizationConfiguration().nextLearningRate
    @Option(parsing: .upToNextOption) var firstSteps = StylizationConfiguration().firstSteps
    @Option(parsing: .upToNextOption) var nextSteps = StylizationConfiguration().nextSteps
    @Option var firstStart = StylizationConfiguration().firstStart
    @Option var interpolation = StylizationConfiguration().interpolation
    @Option var styleScale = StylizationConfiguration().styleScale

    /// The settings as the library takes them.
    var configuration: StylizationConfiguration {
        StylizationConfiguration(
            contentWeight: contentWeight, styleWeight: styleWeight, totalVariationWeight: totalVariationWeight,
            temporalWeight: temporalWeight, statistics: statistics, algorithm: algorithm, learningRate: learningRate,
            nextLearningRate: nextLearningRate, firstSteps: firstSteps, nextSteps: nextSteps, firstStart: firstStart,
            interpolation: interpolation, styleScale: styleScale)
    }
}

extension StyleStatistics: ExpressibleByArgument {}
extension StylizationConfiguration.Algorithm: ExpressibleByArgument {}
extension StylizationConfiguration.FirstStart: ExpressibleByArgument {}
extension StylizationConfiguration.Interpolation: ExpressibleByArgument {}
