/// What an `Objective` is made of, each part before its weight.
package struct LossParts: Sendable, Equatable {
    package var content = 0.0
    package var style = 0.0
    package var totalVariation = 0.0
    package var temporal = 0.0

    /// Nothing so far.
    package init() {}

    /// Their weighted sum.
    package func total(_ weights: StylizationConfiguration) -> Double {
        weights.contentWeight * content + weights.styleWeight * style + weights.totalVariationWeight * totalVariation
            + weights.temporalWeight * temporal
    }

    /// self ← self + scale · other.
    package mutating func add(_ other: LossParts, scale: Double = 1) {
        content += scale * other.content
        style += scale * other.style
        totalVariation += scale * other.totalVariation
        temporal += scale * other.temporal
    }
}
