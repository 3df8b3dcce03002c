/// How styles of one network are blended.
public enum StyleBlend: String, Sendable, Equatable, CaseIterable {
    /// The weighted mean of γ and β.
    case linear
    /// Along great circles, normalisation by normalisation: the mean direction of its γ and β at their mean length. More
    /// than two styles are taken one after the other.
    case spherical
}
