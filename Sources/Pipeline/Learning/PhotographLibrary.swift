import Foundation
import Media
import Synchronization
import Tensors
import Training

/// The photographs of a directory and of those within it, read when they are asked for.
///
/// In the place of a file that cannot be read stands the next one that can, so what an index gives depends on the files
/// alone. Memory is bounded: pictures are brought down to `TrainingPicture.keptSide`, and the last of them are kept.
package final class PhotographLibrary: PictureCollection {
    private let directory: String
    private let names: [String]
    private let cache: PictureCache
    /// Index and fault of each file that could not be read.
    private let faults = Mutex<[Int: String]>([:])

    /// Lists a directory's images by their names and reads one.
    ///
    /// - Parameters:
    ///   - remedy: what to do where it holds none, for the message.
    ///   - capacity: bytes of pictures that are kept.
    /// - Throws: `.input` where the directory cannot be read; `.content` where it holds no images, or none that can be
    ///   read.
    package init(
        directory: String, remedy: String = "leave --photos out to learn from drawn pictures", capacity: Int = 384 << 20
    ) throws {
        self.directory = directory
        names = try Self.list(directory, remedy: remedy)
        cache = PictureCache(capacity: capacity)
        _ = try picture(at: 0)
    }

    package var count: Int { names.count }

    /// The files that were found to be unreadable so far, sorted.
    package var unreadable: [String] { faults.withLock { $0.keys.sorted() }.map { names[$0] } }

    package func picture(at index: Int) throws -> TrainingPicture {
        for step in 0..<count {
            if let picture = try readable(at: (index + step) % count) { return picture }
        }
        let first = faults.withLock { $0.min { $0.key < $1.key }?.value } ?? ""
        throw BrushflowError(
            .content, "\(directory): none of its \(count) images can be read; the first: \(first)")
    }

    /// The picture of one file; nil where the file is no picture.
    private func readable(at index: Int) throws -> TrainingPicture? {
        if faults.withLock({ $0[index] != nil }) { return nil }
        do {
            return try cache.picture(at: index) {
                let image = try ImageFile.read(path: (directory as NSString).appendingPathComponent(names[index]))
                return TrainingPicture(image, shortSide: TrainingPicture.keptSide, rows: ParallelRows(threads: 1))
            }
        } catch let error as BrushflowError where error.kind == .content || error.kind == .input {
            faults.withLock { $0[index] = error.message }
            return nil
        }
    }

    private static func list(_ directory: String, remedy: String) throws -> [String] {
        guard access(directory, R_OK | X_OK) == 0 else {
            throw BrushflowError(.input, "\(directory): \(String(cString: strerror(errno)))")
        }
        let walk = FileManager.default.enumerator(atPath: directory)
        let names = (walk?.compactMap { $0 as? String } ?? []).filter { name in
            ImageFile.readableExtensions.contains((name as NSString).pathExtension.lowercased())
                && !name.split(separator: "/").contains { $0.hasPrefix(".") }
        }
        guard !names.isEmpty else {
            let known = ImageFile.readableExtensions.sorted().map { ".\($0)" }.joined(separator: ", ")
            throw BrushflowError(
                .content,
                "\(directory): holds no photographs (\(known)); \(remedy)")
        }
        return names.sorted()
    }
}
