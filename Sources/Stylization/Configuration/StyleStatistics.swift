/// What of a layer's features is taken for the style: which numbers of picture and painting are compared.
public enum StyleStatistics: String, Sendable, Equatable, CaseIterable {
    /// The Gram matrix F Fᵀ / (C·H·W) (Gatys, Ecker, Bethge 2016).
    case gram
    /// Mean and standard deviation of every channel (Huang and Belongie 2017).
    case moments
    /// The Gram matrix of the centred features.
    case covariance
}
