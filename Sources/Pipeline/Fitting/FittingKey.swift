import Foundation
import Tensors

/// What the network that is learned for a run depends on, as one word.
enum FittingKey {
    /// Bytes of a clip's beginning, middle and end that stand for all of it.
    private static let sample = 1 << 20
    /// Counts the ways of learning: another one makes other networks.
    private static let version = 5

    /// Reads what has to be read.
    ///
    /// - Parameters:
    ///   - style: the image's bytes.
    ///   - input: a clip, an image or a directory of frames.
    /// - Throws: `.input` where the input cannot be read.
    static func word(
        style: Data, input: String, budget: LearnRequest.Budget, seed: UInt64, base: Data
    ) throws -> String {
        var digest = ContentDigest()
        digest.add(Data("\(version) \(budget) \(seed)".utf8))
        digest.add(style)
        digest.add(base)
        if try InputKind(path: input) == .directory {
            digest.add(Data(try listing(input).utf8))
        } else {
            try addFile(input, to: &digest)
        }
        return digest.text
    }

    /// Names, sizes and times of a directory's files but hidden ones: a run may write beside its frames.
    static func listing(_ directory: String) throws -> String {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else {
            throw BrushflowError(.input, "\(directory): \(String(cString: strerror(errno)))")
        }
        return names.sorted().compactMap { name in
            var status = stat()
            stat((directory as NSString).appendingPathComponent(name), &status)
            guard !name.hasPrefix("."), status.st_mode & S_IFMT == S_IFREG else { return nil }
            return "\(name) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
        }.joined(separator: "\n")
    }

    static func addFile(_ path: String, to digest: inout ContentDigest) throws {
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            let size = try file.seekToEnd()
            digest.add(Data("\(size)".utf8))
            let end = size - min(size, UInt64(sample))
            for place in [0, end / 2, end] {
                try file.seek(toOffset: place)
                digest.add(try file.read(upToCount: sample) ?? Data())
            }
        } catch {
            throw BrushflowError(.input, "\(path): cannot be read")
        }
    }
}
