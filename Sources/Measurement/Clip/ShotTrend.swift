/// How a figure changes along a shot, by the least-squares line through it.
public struct ShotTrend: Sendable, Equatable {
    /// The shot's first frame, counted from 0.
    public var first: Int
    /// Its last frame.
    public var last: Int
    /// The line's value at the last frame less that at the first; of a relative trend, divided by the latter.
    public var change: Double

    /// Shots of fewer frames than this have no trend where there are longer ones.
    private static let leastFrames = 5

    /// The trend of the shot where it is largest; nil where no shot has two values.
    ///
    /// - Parameters:
    ///   - values: one a frame; nil where the figure is not defined.
    ///   - relative: divides a change by the line's value at the shot's first frame; lines that begin at or below 0
    ///     are left out.
    static func largest(_ values: [Double?], shots: [Range<Int>], relative: Bool = false) -> ShotTrend? {
        let long = shots.filter { $0.count >= leastFrames }
        return (long.isEmpty ? shots : long).compactMap { shot -> ShotTrend? in
            guard let line = line(through: shot.compactMap { i in values[i].map { (Double(i), $0) } }) else {
                return nil
            }
            let start = line.center.y + line.slope * (Double(shot.lowerBound) - line.center.x)
            if relative && start <= 0 { return nil }
            let change = line.slope * Double(shot.count - 1) / (relative ? start : 1)
            return ShotTrend(first: shot.lowerBound, last: shot.upperBound - 1, change: change)
        }.reduce(nil) { best, trend in
            guard let best, abs(best.change) >= abs(trend.change) else { return trend }
            return best
        }
    }

    /// The least-squares line, by its slope and the points' centre; nil for fewer than two points.
    private static func line(
        through points: [(x: Double, y: Double)]
    ) -> (slope: Double, center: (x: Double, y: Double))? {
        guard points.count >= 2 else { return nil }
        let count = Double(points.count)
        let meanX = points.reduce(0) { $0 + $1.x } / count
        let meanY = points.reduce(0) { $0 + $1.y } / count
        let covariance = points.reduce(0) { $0 + ($1.x - meanX) * ($1.y - meanY) }
        return (covariance / points.reduce(0) { $0 + ($1.x - meanX) * ($1.x - meanX) }, (meanX, meanY))
    }
}
