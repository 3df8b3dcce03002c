import CEmbedded
import Foundation
import Media
import NeuralNet
import Tensors

/// The styles that ship inside the binary, and those of learned networks.
public enum StyleCatalogue {
    /// One of them.
    public struct Entry: Sendable, Equatable {
        /// Where styles come from.
        public enum Kind: String, Sendable {
            /// Learned from a painting: a network paints it as fast as a clip plays.
            case learned
            /// A drawn picture, which the optimiser paints from.
            case drawn
        }

        /// The name that `--style` takes.
        public let name: String
        /// Where it comes from.
        public let kind: Kind
        /// One line about its manner, or who painted it.
        public let summary: String
        /// Who painted it, where that is known.
        public let credit: StyleCredit?
    }

    /// All of them, in the order that they are listed in.
    public static var entries: [Entry] {
        let learned = (try? BundledStyles.file()).map(entries(in:)) ?? []
        return learned
            + (0..<bf_bundled_style_count()).map { index in
                let style = bf_bundled_style_at(index)
                return Entry(
                    name: String(cString: style.name), kind: .drawn, summary: String(cString: style.description),
                    credit: nil)
            }
    }

    /// The styles of a network that `brushflow learn` made, in the order of `network.style`; without a path, those that ship.
    ///
    /// - Throws: `.input` and `.content` where the file cannot be read, or has no styles with names.
    public static func entries(of network: String?) throws -> [Entry] {
        guard let network else { return entries }
        let styles = entries(in: try SafetensorsFile.read(path: network))
        guard !styles.isEmpty else {
            throw BrushflowError(
                .content, "\(network): names no styles; networks that `brushflow learn` made do")
        }
        return styles
    }

    /// What a network's styles are called; empty where it does not say.
    static func names(_ network: SafetensorsFile) -> [String] {
        var names: [String] = []
        while let name = network.metadata["style.\(names.count)"] { names.append(name) }
        return names
    }

    private static func entries(in network: SafetensorsFile) -> [Entry] {
        names(network).enumerated().map { index, name in
            let credit = network.metadata["credit.\(index)"].flatMap(StyleCredit.init)
            return Entry(name: name, kind: .learned, summary: credit?.text ?? "", credit: credit)
        }
    }

    /// The image file of a drawn style that ships; nil where there is none.
    static func drawn(_ name: String) -> Data? {
        (0..<bf_bundled_style_count()).map(bf_bundled_style_at).first { String(cString: $0.name) == name }
            .map { Data(bytes: $0.file.bytes, count: $0.file.count) }
    }

    /// The picture of a drawn style that ships, or of an image file.
    ///
    /// - Throws: `.usage` for a name that is neither, with the nearest one; `.input` and `.content` as `ImageFile`.
    package static func painting(for style: String, maximumPixels: Int) throws -> PlanarImage {
        if let bytes = drawn(style) { return try ImageFile.read(bytes: bytes, name: style) }
        if style.contains("/") || style.contains(".") || FileManager.default.fileExists(atPath: style) {
            return try ImageFile.read(path: style, maximumPixels: maximumPixels)
        }
        let names = entries.map(\.name)
        let guess = Spelling.nearest(to: style, among: names).map { " Did you mean '\($0)'?" } ?? ""
        throw BrushflowError(
            .usage,
            "unknown style '\(style)': it is neither an image file nor one of \(names.joined(separator: ", ")).\(guess)"
        )
    }
}
