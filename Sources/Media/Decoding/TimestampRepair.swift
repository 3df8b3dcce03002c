/// Makes a strictly rising sequence of a decoder's time stamps and changes none that rise already.
package struct TimestampRepair {
    /// Time stamps that were changed or made up.
    package private(set) var repairs = 0
    private let frameTicks: Int64
    private let secondTicks: Int64
    private var last: Int64?
    private var offset: Int64 = 0

    /// Larger magnitudes count as missing: sums of a few stay far from overflow.
    private static let limit: Int64 = 1 << 52
    /// Beyond this, which only clocks that jump again and again reach, time stamps that are made up rise by one tick.
    private static let farthest: Int64 = 1 << 57

    /// - Parameter frameRate: nil where unknown; 25 frames a second are assumed then.
    package init(timeBase: Rational, frameRate: Rational?) {
        let rate = frameRate?.value ?? 25
        let ticks = 1 / (timeBase.value * rate)
        frameTicks = ticks.isFinite ? Int64(min(max(ticks.rounded(), 1), 1e12)) : 1
        secondTicks = Int64(min(max((1 / timeBase.value).rounded(), 1), 1e12))
    }

    /// The time stamp to use for the next frame, `pts` where it is present and rises; a step back by over a second
    /// is taken as a new start of the source's clock.
    package mutating func next(_ pts: Int64?) -> Int64 {
        let value = rising(pts.flatMap { abs($0.clamped) < Self.limit ? $0 : nil })
        last = value
        return value
    }

    private mutating func rising(_ pts: Int64?) -> Int64 {
        guard let last else {
            if pts == nil { repairs += 1 }
            return pts ?? 0
        }
        guard let pts else {
            repairs += 1
            return last + (last < Self.farthest ? frameTicks : 1)
        }
        let shifted = pts + offset
        if shifted > last { return shifted }
        repairs += 1
        guard last - shifted > secondTicks, last < Self.farthest else { return last + 1 }
        offset += last + frameTicks - shifted
        return last + frameTicks
    }
}

extension Int64 {
    /// The value, or the nearest whose negative exists.
    fileprivate var clamped: Int64 { Swift.max(self, -Int64.max) }
}
