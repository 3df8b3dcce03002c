import Tensors

extension SplitMix64 {
    /// The sequence that belongs to some numbers under a seed: other numbers, another sequence.
    init(seed: UInt64, at numbers: UInt64...) {
        self.init(seed: seed)
        for number in numbers { self = SplitMix64(seed: next() ^ number) }
    }

    /// A value in a range.
    mutating func value(in range: ClosedRange<Double>) -> Double {
        range.lowerBound + Double(unit()) * (range.upperBound - range.lowerBound)
    }

    /// A number in 0 ..< `bound`, at least 1.
    mutating func index(below bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }
}
