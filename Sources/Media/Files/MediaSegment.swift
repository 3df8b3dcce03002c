import Tensors

/// A part of a clip in seconds from the clip's start: `from` is inside, `to` is not.
public struct MediaSegment: Hashable, Sendable {
    /// The first second, at least 0.
    public let from: Double
    /// The second that the segment ends before; nil for the clip's end.
    public let to: Double?

    /// Makes a segment.
    ///
    /// - Throws: `.usage` where `from` is negative, a bound is not a finite number, or `to` is not after `from`.
    public init(from: Double, to: Double? = nil) throws {
        guard from.isFinite, from >= 0 else {
            throw BrushflowError(.usage, "a segment cannot start at \(from) s; give 0 or more seconds")
        }
        if let to {
            guard to.isFinite, to > from else {
                throw BrushflowError(
                    .usage, "a segment from \(from) s cannot end at \(to) s; give an end after its start")
            }
        }
        self.from = from
        self.to = to
    }
}
