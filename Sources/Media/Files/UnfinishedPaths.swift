import Foundation
import Synchronization

/// The temporary files and directories of this process, for an end without unwinding.
enum UnfinishedPaths {
    private static let paths = Mutex<Set<String>>([])

    static func insert(_ path: String) { paths.withLock { _ = $0.insert(path) } }

    static func remove(_ path: String) { paths.withLock { _ = $0.remove(path) } }

    /// Removes all of them from the disk, directories with what is in them.
    static func removeAll() {
        for path in paths.withLock({ $0 }) where unlink(path) != 0 { try? FileManager.default.removeItem(atPath: path) }
    }
}
