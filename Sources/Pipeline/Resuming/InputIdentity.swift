import Foundation
import Tensors

/// What tells an input from another: enough that a file that was changed is noticed, without reading all of it.
package struct InputIdentity: Codable, Equatable {
    /// As the user named it.
    package let path: String
    /// Bytes of a file; frames of a directory.
    package let size: Int
    /// When it was last changed, seconds and nanoseconds after 1970.
    package let modified: String
    /// The `ContentDigest` of some of its bytes, or of a directory's listing.
    package let digest: String

    /// Looks at a file or a directory.
    ///
    /// - Throws: `.input` where it cannot be read.
    package init(path: String) throws {
        self.path = path
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw BrushflowError(.input, "\(path): \(String(cString: strerror(errno)))")
        }
        var digest = ContentDigest()
        if status.st_mode & S_IFMT == S_IFDIR {
            let listing = try FittingKey.listing(path)
            digest.add(Data(listing.utf8))
            size = listing.isEmpty ? 0 : listing.split(separator: "\n").count
            modified = "-"
        } else {
            try FittingKey.addFile(path, to: &digest)
            size = Int(status.st_size)
            let nanoseconds = String(status.st_mtim.tv_nsec)
            modified =
                "\(status.st_mtim.tv_sec)." + String(repeating: "0", count: max(0, 9 - nanoseconds.count)) + nanoseconds
        }
        self.digest = digest.text
    }

    /// How `other` differs from this, an earlier one, in words; nil where it does not. Its path does not count.
    package func difference(from other: InputIdentity) -> String? {
        if size != other.size { return "had \(size) bytes, has \(other.size)" }
        if digest != other.digest { return "had other content" }
        if modified != other.modified { return "was last changed at \(modified), now at \(other.modified)" }
        return nil
    }
}
