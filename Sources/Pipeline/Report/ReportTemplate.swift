/// Fills a page in: `{{name}}` is replaced by a value; what stands between `{{#name}}` and `{{/name}}` is repeated for every
/// entry of a list, kept for a text, and left out for an empty list or text and for a name without a value.
struct ReportTemplate {
    /// What a name stands for.
    enum Value {
        /// Words, escaped.
        case text(String)
        /// HTML, CSS or script, as it is.
        case markup(String)
        /// Entries, each with names of its own.
        case list([[String: Value]])
    }

    private let text: String

    init(_ text: String) { self.text = text }

    /// The page.
    func filled(with values: [String: Value]) -> String {
        var rest = text[...]
        return Self.fill(&rest, with: values)
    }

    /// Fills up to the end of the section, or of the text.
    private static func fill(_ rest: inout Substring, with values: [String: Value]) -> String {
        var result = ""
        while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
            result += rest[..<open.lowerBound]
            let tag = rest[open.upperBound..<close.lowerBound]
            rest = rest[close.upperBound...]
            switch tag.first {
            case "/": return result
            case "#": result += section(String(tag.dropFirst()), &rest, with: values)
            default: result += words(values[String(tag)])
            }
        }
        result += rest
        rest = rest[rest.endIndex...]
        return result
    }

    private static func section(
        _ name: String, _ rest: inout Substring, with values: [String: Value]
    ) -> String {
        let entries: [[String: Value]] =
            switch values[name] {
            case .list(let entries): entries
            case .text(let text), .markup(let text): text.isEmpty ? [] : [[:]]
            case nil: []
            }
        let body = rest
        _ = fill(&rest, with: [:])
        return entries.map { entry in
            var body = body
            return fill(&body, with: values.merging(entry) { $1 })
        }.joined()
    }

    private static func words(_ value: Value?) -> String {
        switch value {
        case .text(let text): escaped(text)
        case .markup(let markup): markup
        case .list, nil: ""
        }
    }

    /// Words as HTML and SVG take them.
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.append(character)
            }
        }
        return result
    }
}
