import Foundation
import Tensors
import Yams

/// Reads configuration from YAML text and from `key=value` words, strictly: an unknown key, a repeated key or
/// a value out of range is an error that names where it stands.
package enum ConfigurationReader {
    /// The largest configuration file that is read, in bytes.
    private static let maximumBytes = 64 << 10

    /// Applies a YAML file's keys to `configuration`.
    ///
    /// - Throws: `.input` where the file is missing or unreadable, `.usage` where a key or value is wrong.
    package static func apply(file path: String, to configuration: inout Configuration) throws {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw BrushflowError(.input, "\(path): \(String(cString: strerror(errno)))")
        }
        let data: Data
        do {
            data = try handle.read(upToCount: maximumBytes + 1) ?? Data()
        } catch {
            throw BrushflowError(.input, "\(path): cannot be read as a configuration file")
        }
        guard data.count <= maximumBytes else {
            throw BrushflowError(
                .usage, "\(path): is larger than \(maximumBytes) bytes, so it is no configuration file")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw BrushflowError(.usage, "\(path): is not UTF-8 text")
        }
        try apply(yaml: text, from: path, to: &configuration)
    }

    /// Applies YAML text; `origin` names it in messages.
    package static func apply(yaml text: String, from origin: String, to configuration: inout Configuration) throws {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch let error as YamlError {
            throw BrushflowError(.usage, "\(origin): is not valid YAML: \(describe(error))")
        }
        guard let root else { return }
        guard let sections = root.mapping else {
            throw BrushflowError(.usage, "\(origin): must be a mapping of sections, such as 'stylize:'")
        }
        var faults: [String] = []
        for (section, body) in sections {
            let name = section.string ?? "?"
            guard let keys = body.mapping else {
                faults.append("'\(name)' must be a section of keys\(suggestion(for: name))")
                continue
            }
            for (key, value) in keys {
                let full = "\(name).\(key.string ?? "?")"
                guard let scalar = scalarText(of: value) else {
                    faults.append("'\(full)' must be a single value or a list of values")
                    continue
                }
                if let fault = set(full, to: scalar, in: &configuration) { faults.append(fault) }
            }
        }
        if !faults.isEmpty { throw BrushflowError(.usage, "\(origin): " + faults.joined(separator: "; ")) }
    }

    /// Sets one key; `flag` names where the value comes from in messages, such as `--crf`.
    package static func apply(
        _ value: String, for key: String, flag: String, to configuration: inout Configuration
    ) throws {
        if let fault = set(key, to: value, in: &configuration) {
            throw BrushflowError(.usage, "\(flag) \(value): \(fault)")
        }
    }

    /// Applies one `key=value` word.
    package static func apply(assignment word: String, to configuration: inout Configuration) throws {
        guard let equals = word.firstIndex(of: "=") else {
            throw BrushflowError(.usage, "--set \(word): expected KEY=VALUE")
        }
        let key = String(word[..<equals])
        let value = String(word[word.index(after: equals)...])
        if let fault = set(key, to: value, in: &configuration) {
            throw BrushflowError(.usage, "--set \(word): \(fault)")
        }
    }

    /// Sets one key; returns what is wrong, or nil.
    private static func set(_ name: String, to value: String, in configuration: inout Configuration) -> String? {
        guard let key = ConfigurationKeys.all.first(where: { $0.name == name }) else {
            return "unknown key '\(name)'\(suggestion(for: name))"
        }
        guard key.write(&configuration, value) else {
            return "'\(name)' is \(value), expected \(key.allowed)"
        }
        return nil
    }

    /// A scalar as written, or a list of scalars joined by commas; nil for anything else.
    private static func scalarText(of node: Node) -> String? {
        if let scalar = node.scalar?.string { return scalar }
        guard let items = node.sequence?.map({ $0.scalar?.string }), !items.contains(nil) else { return nil }
        return items.compactMap { $0 }.joined(separator: ",")
    }

    private static func suggestion(for name: String) -> String {
        guard let near = Spelling.nearest(to: name, among: ConfigurationKeys.all.map(\.name)) else { return "" }
        return ". Did you mean '\(near)'?"
    }

    private static func describe(_ error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _):
            "\(problem) at line \(mark.line), column \(mark.column)"
        case .duplicatedKeysInMapping(let duplicates, _):
            "key '\(duplicates.first ?? "?")' is given twice"
        default: "\(error)".split(separator: "\n").first.map(String.init) ?? "unreadable"
        }
    }
}
