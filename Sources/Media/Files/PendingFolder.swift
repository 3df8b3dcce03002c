import Foundation

/// A directory that something is made in and that is gone afterwards, whatever is left in it; `PendingFile.removeAll` removes
/// it too.
package final class PendingFolder {
    /// Where it is.
    package let path: String

    /// Makes a new directory, called `prefix` and six more characters, within another that is there.
    ///
    /// - Returns: nil where it cannot be made; errno says why.
    package init?(in directory: String, prefix: String) {
        var template = Array("\(directory)/\(prefix)XXXXXX".utf8CString)
        guard let made = template.withUnsafeMutableBufferPointer({ $0.baseAddress.flatMap { mkdtemp($0) } }) else {
            return nil
        }
        path = String(cString: made)
        UnfinishedPaths.insert(path)
    }

    deinit { remove() }

    /// Removes it and what is in it.
    package func remove() {
        try? FileManager.default.removeItem(atPath: path)
        UnfinishedPaths.remove(path)
    }
}
