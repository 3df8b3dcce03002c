import ArgumentParser

/// A time on the command line: seconds, minutes or hours (`12.5`, `60s`, `30m`, `2h`), or `hh:mm:ss.mmm` (`01:02:03.5`, `2:03`).
struct TimePoint: ExpressibleByArgument {
    /// Seconds, at least 0.
    let seconds: Double

    init?(argument: String) {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
        if let last = argument.last, let unit = units[last] {
            guard let value = Self.number(argument.dropLast()) else { return nil }
            seconds = value * unit
            return
        }
        let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
        guard 1...3 ~= parts.count, let last = Self.number(parts[parts.count - 1]) else { return nil }
        var total = last
        var unit = 60.0
        for part in parts.dropLast().reversed() {
            guard !part.isEmpty, part.allSatisfy(\.isNumber), let value = Double(part) else { return nil }
            total += value * unit
            unit *= 60
        }
        // Minutes and seconds below a larger unit stay under sixty, as on a clock.
        let lower =
            parts.count > 1 ? [String(parts[parts.count - 1])] + parts.dropFirst().dropLast().map(String.init) : []
        guard lower.allSatisfy({ (Double($0) ?? 60) < 60 }) else { return nil }
        seconds = total
    }

    private static func number(_ text: Substring) -> Double? {
        guard !text.isEmpty, text.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }) else { return nil }
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }
}
