import Tensors

/// A dense inverse search that works at the frame's size divided by 1, 2 or 4, whose flow is then enlarged along the
/// frame's edges.
///
/// The pyramids are those of the whole frame, so whatever else looks at them is not concerned. Not thread-safe; the
/// result has the same bits for any number of threads.
package final class ScaledSearch {
    private let search: DenseInverseSearch
    private let halvings: Int?
    private let rows: ParallelRows
    private let pool: TensorPool?

    /// Makes a search.
    ///
    /// - Parameter halvings: of the frame's size, 0…2; nil chooses by size (`automaticHalvings`).
    package init(
        configuration: DenseInverseSearch.Configuration, halvings: Int? = 0, rows: ParallelRows,
        pool: TensorPool? = nil
    ) {
        precondition(halvings.map { (0...2).contains($0) } ?? true, "a search at 1 / 2^\(halvings ?? 0) of the size")
        search = DenseInverseSearch(configuration: configuration, rows: rows, pool: pool)
        self.halvings = halvings
        self.rows = rows
        self.pool = pool
    }

    /// The fewest halvings, at most 2, that leave no more than 2560×1440 pixels: 1 at 4K.
    package static func automaticHalvings(width: Int, height: Int) -> Int {
        (0...1).first { (width >> $0) * (height >> $0) <= 2560 * 1440 } ?? 2
    }

    /// The levels that a pyramid of `width`×`height` pixels needs for this search.
    package func levels(width: Int, height: Int) -> Int {
        let scale = scale(width: width, height: height)
        return scale + search.levels(width: max(1, width >> scale), height: max(1, height >> scale))
    }

    /// The motion of `from`'s pixels into `into`, at full size: pixel p of `from` is seen at p + flow(p) of `into`.
    package func flow(from: GreyPyramid, into: GreyPyramid, predicted: PredictedFlow? = nil) -> FlowField {
        let scale = scale(width: from.width, height: from.height)
        guard scale > 0 else { return search.flow(from: from, into: into, predicted: predicted) }
        let small = search.flow(
            from: from.halved(scale), into: into.halved(scale), predicted: predicted, halvings: scale)
        return EdgeAwareUpsampling.flow(small, guide: from, halvings: scale, rows: rows, pool: pool)
    }

    private func scale(width: Int, height: Int) -> Int {
        halvings ?? Self.automaticHalvings(width: width, height: height)
    }
}
