import Stylization
import Tensors

/// What style and content are measured against, and how often.
package struct ReferenceDistances {
    private let style: StyleDistance?
    private let content: ContentDistance
    private let interval: Int
    private let rows: ParallelRows
    private let pool: TensorPool?

    /// Measures every `interval`-th frame.
    ///
    /// - Parameter style: nil leaves the style distance out.
    package init(
        style: StyleDistance?, content: ContentDistance, interval: Int, rows: ParallelRows, pool: TensorPool?
    ) {
        precondition(interval >= 1, "distances every \(interval) frames")
        self.style = style
        self.content = content
        self.interval = interval
        self.rows = rows
        self.pool = pool
    }

    /// Fills in the distances of a frame whose turn it is.
    func measure(_ frames: ComparedFrames, into figures: inout FrameFigures) {
        guard frames.index % interval == 0 else { return }
        figures.contentDistance = content.content(of: frames.stylized, from: frames.source, rows: rows, pool: pool)
        guard let style else { return }
        figures.styleDistance = style.style(of: frames.stylized, rows: rows, pool: pool)
        figures.independentStyleDistance = frames.independent.map { style.style(of: $0, rows: rows, pool: pool) }
    }
}
