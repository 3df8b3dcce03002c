/// A file name taken apart into words and numbers, so that `2` comes before `10`.
struct NaturalName: Comparable {
    private enum Part: Comparable {
        /// Digits without leading zeros; a longer one is greater.
        case number(length: Int, digits: String)
        case word(String)
    }

    let name: String
    /// What stands before and behind the last number of the name without its extension, and that number; nil where
    /// there is none or it is too long for an integer.
    let sequence: (prefix: String, number: Int, suffix: String)?
    private let parts: [Part]

    init(_ name: String, stem: String) {
        self.name = name
        var runs: [(isNumber: Bool, text: String)] = []
        for character in stem {
            let isNumber = character.isASCII && character.isNumber
            if runs.last?.isNumber == isNumber {
                runs[runs.count - 1].text.append(character)
            } else {
                runs.append((isNumber, String(character)))
            }
        }
        parts = runs.map { run in
            guard run.isNumber else { return .word(run.text) }
            let digits = String(run.text.drop { $0 == "0" })
            return .number(length: digits.count, digits: digits)
        }
        if let last = runs.lastIndex(where: \.isNumber), let number = Int(runs[last].text) {
            sequence = (runs[..<last].map(\.text).joined(), number, runs[(last + 1)...].map(\.text).joined())
        } else {
            sequence = nil
        }
    }

    static func < (a: NaturalName, b: NaturalName) -> Bool {
        for (x, y) in zip(a.parts, b.parts) where x != y { return x < y }
        if a.parts.count != b.parts.count { return a.parts.count < b.parts.count }
        return a.name < b.name
    }

    static func == (a: NaturalName, b: NaturalName) -> Bool { a.name == b.name }
}
