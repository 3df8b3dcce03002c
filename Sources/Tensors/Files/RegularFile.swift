import Foundation

/// A regular file as the system describes it. Foundation's `attributesOfItem` also asks the user database who owns it, which
/// opens a socket.
package enum RegularFile {
    /// The bytes of the file at a path, links followed; nil where there is no regular file.
    package static func size(path: String) -> Int? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }
}
