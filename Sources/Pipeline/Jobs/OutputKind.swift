import Foundation
import Media

/// What a path given as output asks for.
package enum OutputKind: Sendable, Equatable {
    /// A directory of PNG files: the path ends in `/` or is a directory.
    case directory
    /// One image, told by its extension.
    case still
    /// A video file.
    case video(OutputContainer)

    /// Looks at a path.
    ///
    /// - Throws: `.usage` where the extension names neither an image nor a container.
    package init(path: String) throws {
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
        if path.hasSuffix("/") || (exists && isDirectory.boolValue) {
            self = .directory
        } else if ["png", "jpg", "jpeg", "ppm"].contains((path as NSString).pathExtension.lowercased()) {
            self = .still
        } else {
            self = .video(try OutputContainer(path: path))
        }
    }
}
