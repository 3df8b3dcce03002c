import Foundation
import Synchronization
import Tensors

/// A directory that something is made in and that is gone afterwards, whatever is left in it.
package final class PendingFolder {
    /// Where it is.
    package let path: String
    private static let unfinished = Mutex<Set<String>>([])

    /// Makes a new directory, called `prefix` and six more characters, within another that is there.
    ///
    /// - Returns: nil where it cannot be made; errno says why.
    package init?(in directory: String, prefix: String) {
        var template = Array("\(directory)/\(prefix)XXXXXX".utf8CString)
        guard let made = template.withUnsafeMutableBufferPointer({ $0.baseAddress.flatMap { mkdtemp($0) } }) else {
            return nil
        }
        path = String(cString: made)
        Self.unfinished.withLock { [path] in _ = $0.insert(path) }
    }

    deinit { remove() }

    /// Removes it and what is in it.
    package func remove() {
        try? FileManager.default.removeItem(atPath: path)
        Self.unfinished.withLock { _ = $0.remove(path) }
    }

    /// Removes every such directory of this process, for an end without unwinding.
    package static func removeAll() {
        for path in unfinished.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: path) }
    }
}
