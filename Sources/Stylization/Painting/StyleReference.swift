import Tensors

/// What a style is taken from.
package enum StyleReference: Sendable {
    /// A painting, measured at every size that is asked for.
    case painting(PlanarImage)
    /// What was measured of a painting at one size, which stands for all sizes.
    case measured(StyleTarget)

    /// The target for pictures of one size; of what was measured before, size, scale and kind of statistics are given.
    func target(
        height: Int, width: Int, scale: Double, statistics: StyleStatistics, encoder: PerceptualEncoder,
        rows: ParallelRows, pool: TensorPool?
    ) -> StyleTarget {
        switch self {
        case .painting(let painting):
            StyleTarget(
                painting: painting, height: height, width: width, scale: scale, statistics: statistics,
                encoder: encoder,
                rows: rows, pool: pool)
        case .measured(let target): target
        }
    }
}
