import Foundation
import Tensors

/// A painting to learn, and what it will be called.
public struct LearnStyle: Sendable, Hashable {
    /// `starry-night`: words of small letters and digits, joined by hyphens.
    public let name: String
    /// Its image file.
    public let path: String
    /// Who painted it; nil where that was not said.
    public var credit: StyleCredit?

    /// Reads `NAME=FILE`, or `FILE`, whose name then is the style's as far as it has letters and digits.
    ///
    /// - Throws: `.usage` where the name is not of that form.
    public init(argument: String) throws {
        guard let sign = argument.firstIndex(of: "="), !FileManager.default.fileExists(atPath: argument) else {
            path = argument
            name = Self.name(ofFile: argument)
            return
        }
        name = String(argument[..<sign])
        path = String(argument[argument.index(after: sign)...])
        guard Self.isName(name) else {
            throw BrushflowError(
                .usage,
                "--style \(argument): a style's name is made of small letters, digits and hyphens, such as "
                    + "'\(Self.name(ofFile: name))'")
        }
        guard !path.isEmpty else {
            throw BrushflowError(.usage, "--style \(argument): give an image file after '\(name)='")
        }
    }

    /// Reads `--style` and `--credit` arguments.
    ///
    /// - Parameter credits: `NAME=ARTIST, TITLE, YEAR`.
    /// - Throws: `.usage` where there is no style, two have one name, or a credit fits none.
    public static func list(_ arguments: [String], credits: [String] = []) throws -> [LearnStyle] {
        var styles = try arguments.map(LearnStyle.init(argument:))
        guard !styles.isEmpty else { throw BrushflowError(.usage, "no style to learn; give --style IMAGE") }
        var seen: [String: String] = [:]
        for style in styles {
            if let other = seen.updateValue(style.path, forKey: style.name) {
                throw BrushflowError(
                    .usage,
                    "\(other) and \(style.path) would both be called '\(style.name)'; name one of them with "
                        + "--style NAME=FILE")
            }
        }
        for argument in credits {
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2, let credit = StyleCredit(parts[1]) else {
                throw BrushflowError(
                    .usage,
                    "--credit \(argument): expected NAME=ARTIST, TITLE, YEAR, such as "
                        + "'starry-night=Vincent van Gogh, The Starry Night, 1889'")
            }
            guard let index = styles.firstIndex(where: { $0.name == parts[0] }) else {
                let names = styles.map(\.name).joined(separator: ", ")
                throw BrushflowError(.usage, "--credit \(argument): no style is called so, only \(names)")
            }
            styles[index].credit = credit
        }
        return styles
    }

    private static func isName(_ text: String) -> Bool {
        text.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil && text.count <= 64
    }

    /// `Van Gogh_Starry (1889).jpg` becomes `van-gogh-starry-1889`.
    private static func name(ofFile path: String) -> String {
        let stem = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
        let plain = stem.folding(options: .diacriticInsensitive, locale: nil).lowercased()
        let words = plain.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        return words.isEmpty ? "style" : String(words.joined(separator: "-").prefix(64))
    }
}
