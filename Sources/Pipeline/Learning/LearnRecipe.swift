import Foundation
import Tensors

/// Everything that a training run's result depends on, as a checkpoint and the finished file tell it.
package struct LearnRecipe: Equatable {
    /// Option and value, in the order that they are compared in.
    package let entries: [(key: String, value: String)]

    package static func == (a: LearnRecipe, b: LearnRecipe) -> Bool { a.metadata == b.metadata }

    /// Writes a request down.
    ///
    /// - Parameter pictures: how many pictures pairs are cut from.
    package init(_ request: LearnRequest, pictures: Int) {
        entries = [
            ("style", request.styles.map { "\($0.name)=\(Self.file($0.path, ""))" }.joined(separator: " ")),
            ("photos", "\(Self.file(request.photographs, "drawn")), \(pictures)"), ("size", "\(request.side)"),
            ("batch", "\(request.batch)"), ("from", Self.base(request.base)),
            ("encoder", Self.file(request.encoder, "slim")), ("seed", "\(request.seed)"),
        ]
    }

    /// Writes a request for an encoder down.
    ///
    /// - Parameters:
    ///   - pictures: how many photographs there are, held-out ones included.
    ///   - paintings: how many paintings.
    init(_ request: EncoderLearnRequest, pictures: Int, paintings: Int) {
        entries = [
            ("encoder", Self.file(request.encoder, "")),
            ("photos", "\(Self.file(request.photographs, "")), \(pictures)"),
            ("paintings", "\(Self.file(request.paintings, "photographs")), \(paintings)"), ("size", "\(request.side)"),
            ("batch", "\(request.batch)"), ("from", Self.base(request.base)), ("seed", "\(request.seed)"),
        ]
    }

    private static func file(_ path: String?, _ otherwise: String) -> String {
        path.map { ($0 as NSString).lastPathComponent } ?? otherwise
    }

    private static func base(_ base: LearnRequest.Base?) -> String {
        switch base {
        case .file(let path): file(path, "")
        case .bundled: "bundled"
        case nil: "nothing"
        }
    }

    /// `learned.size` and so on.
    var metadata: [String: String] {
        Dictionary(uniqueKeysWithValues: entries.map { ("learned.\($0.key)", $0.value) })
    }

    /// Checks that a checkpoint's run was asked for in the same way.
    ///
    /// - Throws: `.usage`, naming the first option that differs.
    func check(_ metadata: [String: String], of path: String) throws {
        for (key, value) in entries {
            guard let other = metadata["learned.\(key)"], other != value else { continue }
            throw BrushflowError(
                .usage,
                "\(path): was written by a run with --\(key) \(other), but this one has \(value); give the same "
                    + "options, or leave --resume out")
        }
    }
}
