import CEmbedded
import Foundation
import Media
import Tensors

/// The styles that ship inside the binary.
public enum StyleCatalogue {
    /// One of them.
    public struct Entry: Sendable, Equatable {
        /// The name that `--style` takes.
        public let name: String
        /// One line about its manner.
        public let summary: String
    }

    /// All of them, in the order that they are listed in.
    public static var entries: [Entry] {
        (0..<bf_bundled_style_count()).map { index in
            let style = bf_bundled_style_at(index)
            return Entry(name: String(cString: style.name), summary: String(cString: style.description))
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
