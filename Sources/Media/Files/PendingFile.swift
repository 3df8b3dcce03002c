import Foundation
import Tensors

/// A file that is written under a temporary name beside its target and renamed when complete, so that a run that
/// fails leaves nothing under the target's name.
///
/// Not thread-safe; deinit removes what was not committed.
package final class PendingFile {
    /// Where the finished file will be.
    package let target: String
    /// The temporary name, `.NAME.brushflow-PID.tmp.EXTENSION` in the target's directory; it exists, empty, after init.
    package let temporaryPath: String
    private let overwrite: Bool
    private var pending = true

    /// Creates the temporary file exclusively.
    ///
    /// - Parameter temporaryPath: another temporary name, on the target's file system.
    /// - Throws: `.output` where the target exists and `overwrite` is false, or the directory is missing or cannot
    ///   be written.
    package init(target: String, temporaryPath: String? = nil, overwrite: Bool) throws {
        self.target = target
        self.overwrite = overwrite
        let directory = (target as NSString).deletingLastPathComponent
        let name = (target as NSString).lastPathComponent
        let suffix = (name as NSString).pathExtension
        let stem = (name as NSString).deletingPathExtension
        let usual = ".\(stem).brushflow-\(getpid()).tmp" + (suffix.isEmpty ? "" : ".\(suffix)")
        self.temporaryPath =
            temporaryPath ?? (directory.isEmpty ? usual : (directory as NSString).appendingPathComponent(usual))
        try Self.check(target: target, overwrite: overwrite)
        let descriptor = open(self.temporaryPath, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw OutputFault.error(target, "create \(self.temporaryPath)")
        }
        close(descriptor)
        UnfinishedPaths.insert(self.temporaryPath)
    }

    deinit { abandon() }

    /// Looks at a target before any work is done.
    ///
    /// - Throws: `.output` where the target exists and `overwrite` is false or it is no regular file, or its
    ///   directory is missing.
    package static func check(target: String, overwrite: Bool) throws {
        var status = stat()
        if stat(target, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw BrushflowError(.output, "\(target): exists and is not a regular file; choose another name")
            }
            guard overwrite else { throw exists(target) }
        }
        let directory = (target as NSString).deletingLastPathComponent
        let folder = directory.isEmpty ? "." : directory
        guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw BrushflowError(.output, "\(target): the directory \(folder) does not exist; make it first")
        }
    }

    /// Removes every unfinished temporary file of this process and every `PendingFolder`, for an end without unwinding.
    package static func removeAll() { UnfinishedPaths.removeAll() }

    /// Removes the temporary files that processes which are no more have left in a directory.
    package static func removeAbandoned(in directory: String) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        for name in names {
            guard let found = name.wholeMatch(of: /\..+\.brushflow-([0-9]+)\.tmp(\..+)?/), let process = pid_t(found.1),
                kill(process, 0) != 0, errno == ESRCH
            else { continue }
            unlink((directory as NSString).appendingPathComponent(name))
        }
    }

    /// Writes the whole contents of the temporary file.
    ///
    /// - Throws: `.output`, on a full disk for example.
    package func write(_ bytes: Data) throws {
        let descriptor = open(temporaryPath, O_WRONLY | O_TRUNC | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw OutputFault.error(target, "reopen \(temporaryPath)")
        }
        defer { close(descriptor) }
        try bytes.withUnsafeBytes { try DescriptorWriter.write($0, to: descriptor, name: target) }
    }

    /// Gives the temporary file the target's name, by default after flushing it to the disk.
    ///
    /// - Throws: `.output` where that fails or, without `overwrite`, a target has appeared meanwhile.
    package func commit(flushing: Bool = true) throws {
        precondition(pending, "\(target) was already committed or abandoned")
        if flushing { try flush(temporaryPath) }
        let code = overwrite ? rename(temporaryPath, target) : renameWithoutReplacing()
        guard code == 0 else {
            if errno == EEXIST { throw Self.exists(target) }
            throw OutputFault.error(target, "rename \(temporaryPath)")
        }
        pending = false
        UnfinishedPaths.remove(temporaryPath)
        if flushing {
            let directory = (target as NSString).deletingLastPathComponent
            // What a file system cannot flush, it keeps as safe as it can.
            try? flush(directory.isEmpty ? "." : directory)
        }
    }

    private func flush(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw OutputFault.error(target, "reopen \(path)")
        }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw OutputFault.error(target) }
    }

    /// Removes the temporary file; nothing where it was committed.
    package func abandon() {
        guard pending else { return }
        pending = false
        unlink(temporaryPath)
        UnfinishedPaths.remove(temporaryPath)
    }

    /// 0 or -1 with errno. A hard link fails where the name is taken; file systems without links get a check first.
    private func renameWithoutReplacing() -> Int32 {
        if link(temporaryPath, target) == 0 {
            unlink(temporaryPath)
            return 0
        }
        guard errno == EPERM || errno == ENOTSUP else { return -1 }
        var status = stat()
        guard lstat(target, &status) != 0 else {
            errno = EEXIST
            return -1
        }
        return rename(temporaryPath, target)
    }

    private static func exists(_ target: String) -> BrushflowError {
        BrushflowError(.output, "\(target): exists already; give --overwrite to replace it")
    }
}
