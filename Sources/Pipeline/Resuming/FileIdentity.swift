import Foundation

/// Tells a file from every other one on its machine, whatever it is called.
package struct FileIdentity: Codable, Equatable {
    private let device: UInt64
    private let inode: UInt64
    private let size: Int64

    /// Looks at a file; nil where there is none.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
    }
}
