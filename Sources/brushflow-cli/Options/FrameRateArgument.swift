import ArgumentParser
import Brushflow

/// A frame rate on the command line: `25`, `23.976` or `30000/1001`.
struct FrameRateArgument: ExpressibleByArgument {
    /// Frames a second, between 1/1000 and 1000.
    let rate: Rational

    init?(argument: String) {
        let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
        let rate: Rational
        if parts.count == 2, let numerator = Int32(parts[0]), let denominator = Int32(parts[1]) {
            rate = Rational(numerator, denominator)
        } else if let value = Double(argument), value.isFinite, (0.001...1000).contains(value) {
            rate = Self.broadcastRate(near: value) ?? Rational(Int32((value * 1000).rounded()), 1000)
        } else {
            return nil
        }
        guard rate.isPositive, (0.001...1000).contains(rate.value) else { return nil }
        self.rate = rate
    }

    /// 24000/1001 for 23.976 and so on: what such a decimal stands for.
    private static func broadcastRate(near value: Double) -> Rational? {
        if value == value.rounded() { return Rational(Int32(value), 1) }
        let exact = Rational(Int32((value * 1.001).rounded()) * 1000, 1001)
        return abs(exact.value - value) < 0.005 ? exact : nil
    }
}
