import Tensors

extension SplitMix64 {
    /// The sequence that belongs to some numbers under a seed: other numbers, another sequence.
    package init(seed: UInt64, at numbers: UInt64...) {
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

    /// Nearly normal, of deviation 1: the sum of four uniform values (Irwin and Hall).
    mutating func normal() -> Float {
        let bits = next()
        let sum = (0..<4).reduce(0) { $0 + Int(bits >> (16 * UInt64($1)) & 0xFFFF) }
        return (Float(sum) / 65535 - 2) * Float(3).squareRoot()
    }
}
