import Foundation
import Tensors

/// Writes frames as PNG files of a directory, each under a temporary name first.
package final class ImageDirectoryWriter {
    /// The directory as the user wrote it.
    package let path: String
    /// The frames written so far.
    package private(set) var framesWritten = 0
    private let overwrite: Bool
    private let firstNumber: Int

    /// Makes the directory where it is missing; its parent must exist.
    ///
    /// - Parameters:
    ///   - overwrite: whether frames that are there may be replaced.
    ///   - firstNumber: the number of the first frame that is written without a name of its own.
    /// - Throws: `.output` where the directory cannot be made or, without `overwrite`, holds images already.
    package init(path: String, overwrite: Bool, firstNumber: Int = 1) throws {
        self.path = path
        self.overwrite = overwrite
        self.firstNumber = firstNumber
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard mkdir(path, 0o777) == 0 else {
                if errno == ENOENT {
                    let parent = (path as NSString).deletingLastPathComponent
                    throw BrushflowError(
                        .output, "\(path): the directory \(parent.isEmpty ? "." : parent) does not exist; make it first"
                    )
                }
                throw BrushflowError(
                    .output, "\(path): cannot make the directory: \(String(cString: strerror(errno)))")
            }
            return
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw BrushflowError(.output, "\(path): exists and is not a directory; choose another name")
        }
        guard access(path, W_OK | X_OK) == 0 else {
            throw BrushflowError(.output, "\(path): \(String(cString: strerror(errno)))")
        }
        guard !overwrite else { return }
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let image = entries.sorted().first {
            !$0.hasPrefix(".") && ImageFormat.extensions[($0 as NSString).pathExtension.lowercased()] != nil
        }
        if let image {
            throw BrushflowError(
                .output, "\(path): holds \(image) already; give --overwrite or another directory")
        }
    }

    /// Writes the next frame as `stem.png` (a source frame's name without extension), or under the next number,
    /// `%06d.png`, where it is nil.
    package func write(_ image: PlanarImage, stem: String? = nil) throws {
        let number = String(firstNumber + framesWritten)
        let zeros = String(repeating: "0", count: max(0, 6 - number.count))
        let file = (path as NSString).appendingPathComponent("\(stem ?? zeros + number).png")
        try ImageFile.write(image, path: file, overwrite: overwrite)
        framesWritten += 1
    }
}
