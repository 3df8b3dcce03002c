import Foundation

/// One object of `--json` output: keys in order, one line.
struct JSONLine {
    private var members: [String] = []

    /// Begins an object within another.
    init() {}

    /// Begins an object with its `event`.
    init(event: String) { add("event", event) }

    mutating func add(_ key: String, _ value: String?) { append(key, value.map(Self.quote) ?? "null") }

    mutating func add(_ key: String, _ value: Int?) { append(key, value.map { "\($0)" } ?? "null") }

    mutating func add(_ key: String, _ value: Bool) { append(key, "\(value)") }

    /// Three decimals are enough for seconds and rates.
    mutating func add(_ key: String, _ value: Double?) {
        append(key, value.map { String(format: "%.3f", $0) } ?? "null")
    }

    /// As many digits as it takes to read the same number again.
    mutating func add(_ key: String, exact value: Double?) {
        append(key, value.map { $0.isFinite ? "\($0)" : "null" } ?? "null")
    }

    mutating func add(_ key: String, _ values: [Int]) {
        append(key, "[" + values.map { "\($0)" }.joined(separator: ",") + "]")
    }

    mutating func add(_ key: String, _ objects: [JSONLine]) {
        append(key, "[" + objects.map(\.text).joined(separator: ",") + "]")
    }

    mutating func add(_ key: String, _ values: [String]) {
        append(key, "[" + values.map(Self.quote).joined(separator: ",") + "]")
    }

    /// An object of numbers, its keys sorted.
    mutating func add(_ key: String, _ values: [String: Double]) {
        let members = values.sorted { $0.key < $1.key }.map {
            "\(Self.quote($0.key)):\(String(format: "%.3f", $0.value))"
        }
        append(key, "{" + members.joined(separator: ",") + "}")
    }

    /// An object of words, its keys sorted.
    mutating func add(_ key: String, _ values: [String: String]) {
        let members = values.sorted { $0.key < $1.key }.map { "\(Self.quote($0.key)):\(Self.quote($0.value))" }
        append(key, "{" + members.joined(separator: ",") + "}")
    }

    /// The line.
    var text: String { "{" + members.joined(separator: ",") + "}" }

    private mutating func append(_ key: String, _ value: String) { members.append("\(Self.quote(key)):\(value)") }

    private static func quote(_ text: String) -> String {
        guard let data = try? JSONEncoder().encode(text) else { return "\"\"" }
        return String(decoding: data, as: UTF8.self)
    }
}
