import Foundation

/// One key of the configuration: its name, what it may be, and how it is read and written. The table of
/// these is what YAML files, `--set` and the documentation are all made from.
package struct ConfigurationKey: Sendable {
    /// `section.key`.
    package let name: String
    /// The values it takes, in words: `0…10000`, `gram | moments | covariance`.
    package let allowed: String
    /// What it does, one sentence.
    package let summary: String
    /// The value as it would be written in a file.
    package let read: @Sendable (Configuration) -> String
    /// Takes a value as written; false where it is not allowed.
    let write: @Sendable (inout Configuration, String) -> Bool

    static func integer(
        _ name: String, _ path: any WritableKeyPath<Configuration, Int> & Sendable, _ range: ClosedRange<Int>,
        _ summary: String
    ) -> ConfigurationKey {
        ConfigurationKey(
            name: name, allowed: "\(range.lowerBound)…\(range.upperBound)", summary: summary,
            read: { String($0[keyPath: path]) },
            write: { configuration, text in
                guard let value = Int(text), range.contains(value) else { return false }
                configuration[keyPath: path] = value
                return true
            })
    }

    static func number(
        _ name: String, _ path: any WritableKeyPath<Configuration, Double> & Sendable, _ range: ClosedRange<Double>,
        _ summary: String
    ) -> ConfigurationKey {
        ConfigurationKey(
            name: name, allowed: "\(short(range.lowerBound))…\(short(range.upperBound))", summary: summary,
            read: { short($0[keyPath: path]) },
            write: { configuration, text in
                guard let value = Double(text), range.contains(value) else { return false }
                configuration[keyPath: path] = value
                return true
            })
    }

    static func choice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
        _ name: String, _ path: any WritableKeyPath<Configuration, Value> & Sendable, _ summary: String
    ) -> ConfigurationKey {
        ConfigurationKey(
            name: name, allowed: Value.allCases.map(\.rawValue).joined(separator: " | "), summary: summary,
            read: { $0[keyPath: path].rawValue },
            write: { configuration, text in
                guard let value = Value(rawValue: text) else { return false }
                configuration[keyPath: path] = value
                return true
            })
    }

    /// Steps per level, coarse to fine: `60,30`.
    static func steps(
        _ name: String, _ path: any WritableKeyPath<Configuration, [Int]> & Sendable, _ summary: String
    ) -> ConfigurationKey {
        ConfigurationKey(
            name: name, allowed: "1 to 6 numbers 0…10000, separated by commas", summary: summary,
            read: { $0[keyPath: path].map(String.init).joined(separator: ",") },
            write: { configuration, text in
                let words = text.split(separator: ",", omittingEmptySubsequences: false)
                let values = words.compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
                guard values.count == words.count, 1...6 ~= values.count, values.allSatisfy({ 0...10000 ~= $0 }) else {
                    return false
                }
                configuration[keyPath: path] = values
                return true
            })
    }

    /// One of some words, where `auto` stands for nil.
    static func optionalChoice<Value: RawRepresentable<String> & CaseIterable & Sendable>(
        _ name: String, _ path: any WritableKeyPath<Configuration, Value?> & Sendable, _ summary: String
    ) -> ConfigurationKey {
        ConfigurationKey(
            name: name, allowed: (["auto"] + Value.allCases.map(\.rawValue)).joined(separator: " | "), summary: summary,
            read: { $0[keyPath: path]?.rawValue ?? "auto" },
            write: { configuration, text in
                let value = Value(rawValue: text)
                guard value != nil || text == "auto" else { return false }
                configuration[keyPath: path] = value
                return true
            })
    }

    /// Free text, where `auto` stands for nil.
    static func optionalText(
        _ name: String, _ path: any WritableKeyPath<Configuration, String?> & Sendable, allowed: String,
        _ summary: String
    ) -> ConfigurationKey {
        ConfigurationKey(
            name: name, allowed: "auto | \(allowed)", summary: summary,
            read: { $0[keyPath: path] ?? "auto" },
            write: { configuration, text in
                guard !text.isEmpty else { return false }
                configuration[keyPath: path] = text == "auto" ? nil : text
                return true
            })
    }

    /// A number, where `auto` stands for nil.
    static func optionalNumber(
        _ name: String, _ path: any WritableKeyPath<Configuration, Double?> & Sendable, _ range: ClosedRange<Double>,
        _ summary: String
    ) -> ConfigurationKey {
        ConfigurationKey(
            name: name, allowed: "auto | \(short(range.lowerBound))…\(short(range.upperBound))", summary: summary,
            read: { $0[keyPath: path].map(short) ?? "auto" },
            write: { configuration, text in
                if text == "auto" {
                    configuration[keyPath: path] = nil
                    return true
                }
                guard let value = Double(text), range.contains(value) else { return false }
                configuration[keyPath: path] = value
                return true
            })
    }

    /// A number without a needless `.0`.
    private static func short(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }
}
