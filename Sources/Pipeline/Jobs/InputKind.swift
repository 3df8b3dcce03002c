import Foundation
import Media
import Tensors

/// What a path given as input is.
package enum InputKind: Sendable, Equatable {
    /// A directory of frames.
    case directory
    /// One image, told by its extension.
    case still
    /// Anything else: libav finds out whether it is a video.
    case video

    /// Looks at a path.
    ///
    /// - Throws: `.input` where there is nothing at it.
    package init(path: String) throws {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw BrushflowError(.input, "\(path): No such file or directory")
        }
        if isDirectory.boolValue {
            self = .directory
        } else {
            self =
                ImageFile.readableExtensions.contains((path as NSString).pathExtension.lowercased()) ? .still : .video
        }
    }
}
