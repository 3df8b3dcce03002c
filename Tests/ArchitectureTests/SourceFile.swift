import Foundation

/// One hand-written file of the repository.
struct SourceFile: Sendable {
    /// Relative to the repository's root, with `/`.
    let path: String
    let text: String
    /// `text` with comments and string literals blanked, the line breaks kept.
    let code: String

    init(path: String, text: String) {
        self.path = path
        self.text = text
        code = Self.blanked(text)
    }

    /// The folder below `Sources` that the file belongs to.
    var module: String {
        let parts = path.split(separator: "/")
        return parts.count > 2 ? String(parts[1]) : ""
    }

    var lineCount: Int {
        text.split(separator: "\n", omittingEmptySubsequences: false).count - (text.hasSuffix("\n") ? 1 : 0)
    }

    /// Names that the file imports, without the kind and the submodule.
    var imports: [String] {
        code.matches(
            of:
                /(?m)^[ \t]*(?:@\w+(?:\([^)]*\))?[ \t]+)*(?:(?:public|package|internal|private|fileprivate)[ \t]+)?import[ \t]+(?:(?:struct|class|enum|protocol|func|var|let|typealias)[ \t]+)?(\w+)/
        ).map { String($0.1) }
    }

    static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every file under `folder` whose name ends in one of `suffixes`, sorted by path.
    static func all(under folder: String, suffixes: [String]) throws -> [SourceFile] {
        let root = repository.path(percentEncoded: false)
        let start = repository.appending(path: folder)
        guard let walk = FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil) else { return [] }
        var files: [SourceFile] = []
        for case let file as URL in walk where suffixes.contains(file.pathExtension) {
            let path = String(file.path(percentEncoded: false).dropFirst(root.count).drop { $0 == "/" })
            files.append(SourceFile(path: path, text: try String(contentsOf: file, encoding: .utf8)))
        }
        return files.sorted { $0.path < $1.path }
    }

    private static func blanked(_ text: String) -> String {
        var rest = Substring(text)
        var result = ""
        func blank(_ part: Substring) {
            result.append(contentsOf: part.map { $0.isNewline ? "\n" : " " })
        }
        let tokens = /\/\/[^\n]*|\/\*(?s:.*?)\*\/|"""(?s:.*?)"""|#+"[^\n]*?"#+|"(?:\\.|[^"\\\n])*"/
        while let match = rest.firstMatch(of: tokens) {
            result.append(contentsOf: rest[..<match.range.lowerBound])
            blank(rest[match.range])
            rest = rest[match.range.upperBound...]
        }
        return result + rest
    }
}
