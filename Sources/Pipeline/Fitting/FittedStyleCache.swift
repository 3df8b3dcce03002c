import Foundation
import Media
import Tensors

/// The networks that were learned for runs, kept in `$XDG_CACHE_HOME/brushflow` (`~/.cache/brushflow`).
///
/// A file is called `KEY-DIGEST.safetensors` by what it was learned from and by its own bytes, so that damage shows. It is
/// written in a directory of its own and renamed when complete: runs that learn the same at once do not meet.
package struct FittedStyleCache: Sendable {
    /// The directory.
    package let directory: String

    private static let suffix = ".safetensors"
    private static let workshops = ".learning-"

    /// Names the directory.
    package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        // The specification has relative paths ignored.
        let named = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        let base = named ?? (environment["HOME"] ?? NSHomeDirectory()) + "/.cache"
        directory = (base as NSString).appendingPathComponent("brushflow")
    }

    /// The whole file of a key; nil where there is none.
    ///
    /// - Returns: also how many damaged ones were met, and removed.
    package func find(_ key: String) -> (path: String?, damaged: Int) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        var damaged = 0
        for name in names.sorted() where name.hasPrefix(key + "-") && name.hasSuffix(Self.suffix) {
            let path = (directory as NSString).appendingPathComponent(name)
            guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: path)) else { continue }
            if name == Self.name(key, bytes) { return (path, damaged) }
            damaged += 1
            unlink(path)
        }
        return (nil, damaged)
    }

    /// Keeps what `make` writes to the path that it is given.
    ///
    /// - Returns: where it is kept, and what `make` returned.
    /// - Throws: what `make` throws; `.output` where it cannot be kept.
    package func keep<Result>(_ key: String, _ make: (String) throws -> Result) throws -> (path: String, result: Result)
    {
        let folder = try workshop()
        defer { folder.remove() }
        let made = (folder.path as NSString).appendingPathComponent("style" + Self.suffix)
        let result = try make(made)
        let bytes: Data
        do {
            bytes = try Data(contentsOf: URL(fileURLWithPath: made))
        } catch {
            throw fault("\(error.localizedDescription)")
        }
        let path = (directory as NSString).appendingPathComponent(Self.name(key, bytes))
        guard rename(made, path) == 0 else { throw fault(String(cString: strerror(errno))) }
        return (path, result)
    }

    /// A new directory within the cache's.
    private func workshop() throws -> PendingFolder {
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw fault("it cannot be made")
        }
        removeAbandoned()
        guard let made = PendingFolder(in: directory, prefix: Self.workshops) else {
            throw fault(String(cString: strerror(errno)))
        }
        return made
    }

    /// Removes what processes that were killed a day ago or earlier have left.
    private func removeAbandoned() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        for name in names where name.hasPrefix(Self.workshops) {
            let path = (directory as NSString).appendingPathComponent(name)
            var status = stat()
            guard stat(path, &status) == 0, time(nil) - status.st_mtim.tv_sec > 86_400 else { continue }
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    private func fault(_ reason: String) -> BrushflowError {
        BrushflowError(
            .output,
            "\(directory): a learned style cannot be kept there: \(reason); set XDG_CACHE_HOME to a directory that can be "
                + "written to")
    }

    private static func name(_ key: String, _ bytes: Data) -> String {
        var digest = ContentDigest()
        digest.add(bytes)
        return "\(key)-\(digest.text)\(suffix)"
    }
}
