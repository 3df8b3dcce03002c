import Tensors

/// Finds out which source frame each stylized frame shows, up to two frames early or late.
struct AlignmentTracker {
    /// Source frames that a stylized frame may show, relative to its own.
    static let lags = -2...2

    /// What one frame more or less of lag must gain in correlation to be believed, in all frames together.
    private static let changePenalty = 0.25
    /// What is taken off every frame's correlation with another frame than its own.
    private static let bias = 0.01

    private let rows: ParallelRows
    private var sources: [Int: EdgeThumbnail] = [:]
    private var waiting: [Int: EdgeThumbnail] = [:]
    private var sourceCount = 0
    private var stylizedCount = 0
    /// One row a stylized frame: its correlation with the source at each lag; nil where there is no such frame.
    private var scores: [[Double?]] = []

    init(rows: ParallelRows) { self.rows = rows }

    mutating func add(source image: PlanarImage) {
        sources[sourceCount] = EdgeThumbnail(image, rows: rows)
        sourceCount += 1
        score(through: sourceCount - 1 - Self.lags.upperBound)
    }

    mutating func add(stylized image: PlanarImage) {
        waiting[stylizedCount] = EdgeThumbnail(image, rows: rows)
        stylizedCount += 1
    }

    /// The lag of every stylized frame: −1 where it shows the source frame before its own.
    mutating func finish() -> [Int] {
        score(through: stylizedCount - 1)
        return Self.path(scores)
    }

    private mutating func score(through last: Int) {
        while scores.count <= last, let thumbnail = waiting[scores.count] {
            let frame = scores.count
            scores.append(Self.lags.map { lag in sources[frame + lag].map { thumbnail.correlation(with: $0) } })
            waiting[frame] = nil
            sources[frame + Self.lags.lowerBound] = nil
        }
    }

    /// The lags of the greatest sum of correlations, each change of lag paid for (Viterbi).
    static func path(_ scores: [[Double?]]) -> [Int] {
        let states = Array(lags)
        var totals = states.map { -changePenalty * Double(abs($0)) }
        var origins: [[Int]] = []
        for row in scores {
            let own = row[-lags.lowerBound] ?? 0
            let gains = states.indices.map { states[$0] == 0 ? own : (row[$0] ?? own) - bias }
            var next: [Double] = []
            var origin: [Int] = []
            for to in states.indices {
                let reached = states.indices.map { totals[$0] - changePenalty * Double(abs(states[$0] - states[to])) }
                // The lag that is kept wins a tie, so that a still clip has none.
                let best = states.indices.reduce(to) { reached[$1] > reached[$0] ? $1 : $0 }
                origin.append(best)
                next.append(reached[best] + gains[to])
            }
            totals = next
            origins.append(origin)
        }
        let still = -lags.lowerBound
        var state = states.indices.reduce(still) { totals[$1] > totals[$0] ? $1 : $0 }
        var path: [Int] = []
        for origin in origins.reversed() {
            path.append(states[state])
            state = origin[state]
        }
        return path.reversed()
    }
}
