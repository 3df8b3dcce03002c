import CFFmpeg

/// A fraction: a time base in seconds per tick, a frame rate in frames per second, or an aspect ratio.
public struct Rational: Hashable, Sendable, CustomStringConvertible {
    /// The numerator.
    public var numerator: Int32
    /// The denominator.
    public var denominator: Int32

    /// Makes a fraction; it is not reduced.
    public init(_ numerator: Int32, _ denominator: Int32) {
        self.numerator = numerator
        self.denominator = denominator
    }

    init(_ value: AVRational) { self.init(value.num, value.den) }

    var libav: AVRational { AVRational(num: numerator, den: denominator) }

    /// Whether both parts are positive, as a usable time base or rate has them.
    public var isPositive: Bool { numerator > 0 && denominator > 0 }

    /// The quotient.
    public var value: Double { Double(numerator) / Double(denominator) }

    /// `30000/1001`.
    public var description: String { "\(numerator)/\(denominator)" }
}
