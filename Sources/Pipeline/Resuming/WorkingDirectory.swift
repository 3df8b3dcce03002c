import Foundation
import Media
import Tensors

/// The directory beside a target in which a run keeps what it has finished, held by a lock that ends with its process.
///
/// It belongs to this user alone. Every file in it is reached through the directory's descriptor and by names of our own,
/// so that no symbolic link leads elsewhere. Not thread-safe.
package final class WorkingDirectory {
    /// Its path, beside the target.
    package let path: String
    private let target: String
    private var descriptor: Int32

    /// `.NAME.brushflow` beside a target called NAME.
    package static func path(for target: String) -> String {
        let name = "." + (target as NSString).lastPathComponent + ".brushflow"
        let directory = (target as NSString).deletingLastPathComponent
        return directory.isEmpty ? name : (directory as NSString).appendingPathComponent(name)
    }

    /// Opens a target's working directory, made where it is missing, and locks it.
    ///
    /// - Throws: `.output` where it is a symbolic link, somebody else's or open to others, where another run holds it, or
    ///   where it cannot be made.
    package init(target: String) throws {
        self.target = target
        path = Self.path(for: target)
        while true {
            guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
                throw OutputFault.error(target, "make the working directory \(path)")
            }
            descriptor = try Self.open(path, target: target)
            do {
                try Self.lock(descriptor, path, target: target)
            } catch {
                close(descriptor)
                throw error
            }
            // Another run may have ended, and removed the directory, between the opening and the lock.
            var (held, named) = (stat(), stat())
            if fstat(descriptor, &held) == 0, lstat(path, &named) == 0, held.st_ino == named.st_ino { return }
            close(descriptor)
        }
    }

    /// Opens a target's working directory to look at it, without a lock; nil where there is none.
    ///
    /// - Throws: as above.
    package init?(lookingAt target: String) throws {
        self.target = target
        path = Self.path(for: target)
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        descriptor = try Self.open(path, target: target)
    }

    deinit { close(descriptor) }

    private static func open(_ path: String, target: String) throws -> Int32 {
        let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            let what = errno == ELOOP || errno == ENOTDIR ? "is no directory of its own" : OutputFault.words()
            throw BrushflowError(
                .output, "\(target): the working directory \(path) \(what); remove it, or give another output")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_uid == geteuid(), status.st_mode & 0o077 == 0 else {
            close(descriptor)
            throw BrushflowError(
                .output,
                "\(target): the working directory \(path) is another user's or open to others; remove it, or give another "
                    + "output")
        }
        return descriptor
    }

    private static func lock(_ descriptor: Int32, _ path: String, target: String) throws {
        // Whoever asks for a status holds the lock for a moment.
        for _ in 0..<10 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
            guard errno == EWOULDBLOCK else {
                throw BrushflowError(
                    .output,
                    "\(target): cannot lock the working directory \(path): \(OutputFault.words()); give another output")
            }
            usleep(20_000)
        }
        throw BrushflowError(
            .output,
            "\(target): another run is at work on it (it holds \(path)); wait for its end, or give another output")
    }

    /// Whether a run holds it.
    package var isLocked: Bool {
        guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else { return true }
        flock(descriptor, LOCK_UN)
        return false
    }

    /// Whether it still has its name.
    var isThere: Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// The names of the files in it, sorted.
    package var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

    /// The path of a file in it.
    package func path(of name: String) -> String { (path as NSString).appendingPathComponent(name) }

    /// Makes a file and opens it for writing, in place of one of that name.
    ///
    /// - Throws: `.output`.
    package func create(_ name: String) throws -> Int32 {
        unlinkat(descriptor, name, 0)
        let file = openat(descriptor, name, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure("create", name) }
        return file
    }

    /// Opens a file for reading.
    ///
    /// - Throws: `.input`.
    func open(_ name: String) throws -> Int32 {
        let file = openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else {
            throw BrushflowError(
                .input, "\(path(of: name)): cannot be read: \(OutputFault.words()); give --restart to begin anew")
        }
        return file
    }

    /// The size of a file in bytes; nil where there is none.
    func size(of name: String) -> Int? {
        var status = stat()
        return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? Int(status.st_size) : nil
    }

    /// A file's content; nil where there is no such file.
    ///
    /// - Throws: `.content` where it is larger than `limit`; `.input`.
    package func read(_ name: String, limit: Int) throws -> Data? {
        guard let size = size(of: name) else { return nil }
        guard size <= limit else {
            throw BrushflowError(
                .content, "\(path(of: name)): is damaged: it has \(size) bytes; give --restart to begin anew")
        }
        let file = FileHandle(fileDescriptor: try open(name), closeOnDealloc: true)
        do {
            return try file.readToEnd() ?? Data()
        } catch {
            throw BrushflowError(.input, "\(path(of: name)): cannot be read: \(error.localizedDescription)")
        }
    }

    /// Gives a file, which is on the disk, its last name.
    ///
    /// - Throws: `.output`.
    func rename(_ name: String, to final: String) throws {
        guard renameat(descriptor, name, descriptor, final) == 0 else { throw failure("rename", name) }
    }

    /// Brings all renaming so far to the disk. What a file system cannot flush, it keeps as safe as it can.
    func flush() { fsync(descriptor) }

    /// Removes a file.
    func remove(_ name: String) { unlinkat(descriptor, name, 0) }

    /// Removes every file but some.
    func removeFiles(except kept: Set<String> = []) {
        for name in names where !kept.contains(name) { remove(name) }
    }

    /// Removes the directory and what is in it.
    package func removeAll() {
        removeFiles()
        rmdir(path)
    }

    private func failure(_ doing: String, _ name: String) -> BrushflowError {
        let code = errno
        guard isThere else {
            return BrushflowError(
                .output,
                "\(target): its working directory \(path) is gone; make sure that the disk is there and run again")
        }
        return OutputFault.error(target, "\(doing) \(path(of: name))", code: code)
    }
}
