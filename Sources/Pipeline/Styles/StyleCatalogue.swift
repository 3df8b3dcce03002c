import CEmbedded
import Foundation
import Media
import NeuralNet
import Tensors

/// The styles that ship inside the binary, and those of learned networks.
public enum StyleCatalogue {
    /// One of them.
    public struct Entry: Sendable, Equatable {
        /// The name that `--style` takes.
        public let name: String
        /// One line about its manner.
        public let summary: String
        /// Who painted it, where that is known.
        public let credit: StyleCredit?
    }

    /// All of them, in the order that they are listed in.
    public static var entries: [Entry] {
        (0..<bf_bundled_style_count()).map { index in
            let style = bf_bundled_style_at(index)
            return Entry(name: String(cString: style.name), summary: String(cString: style.description), credit: nil)
        }
    }

    /// The styles of a network that `brushflow learn` made, in the order of `network.style`; without a path, those that ship.
    ///
    /// - Throws: `.input` and `.content` where the file cannot be read, or has no styles with names.
    public static func entries(of network: String?) throws -> [Entry] {
        guard let network else { return entries }
        let metadata = try SafetensorsFile.read(path: network).metadata
        var names: [String] = []
        while let name = metadata["style.\(names.count)"] { names.append(name) }
        guard !names.isEmpty else {
            throw BrushflowError(
                .content, "\(network): names no styles; networks that `brushflow learn` made do")
        }
        return names.enumerated().map { index, name in
            let credit = metadata["credit.\(index)"].flatMap(StyleCredit.init)
            return Entry(name: name, summary: credit?.text ?? "", credit: credit)
        }
    }

    /// The painting of a style that ships, or of an image file.
    ///
    /// - Throws: `.usage` for a name that is neither, with the nearest one; `.input` and `.content` as `ImageFile`.
    package static func painting(for style: String, maximumPixels: Int) throws -> PlanarImage {
        if let index = entries.firstIndex(where: { $0.name == style }) {
            let file = bf_bundled_style_at(index).file
            return try ImageFile.read(bytes: Data(bytes: file.bytes, count: file.count), name: style)
        }
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
