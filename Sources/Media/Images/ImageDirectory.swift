import Foundation
import Tensors

/// A directory of frames in natural order (`2` before `10`).
public struct ImageDirectory: Sendable {
    /// The directory as the user wrote it.
    public let path: String
    /// The frames' file names in order; at least one.
    public let names: [String]
    /// The frames' columns.
    public let width: Int
    /// The frames' rows.
    public let height: Int

    /// Lists the frames and reads the first one. Hidden files, directories and files that are no images by name are
    /// passed over.
    ///
    /// - Throws: `.input` where the directory cannot be read; `.content` where it holds no images, images of two
    ///   kinds, or a numbered sequence with a gap or with one number twice.
    public init(path: String, maximumPixels: Int = ImageFile.defaultMaximumPixels) throws {
        self.path = path
        let found = try Self.list(path)
        try Self.checkKinds(found, path: path)
        let sorted = found.map { NaturalName($0, stem: ($0 as NSString).deletingPathExtension) }.sorted()
        try Self.checkSequence(sorted, path: path)
        names = sorted.map(\.name)
        let first = try ImageFile.read(path: Self.join(path, sorted[0].name), maximumPixels: maximumPixels)
        (width, height) = (first.width, first.height)
    }

    /// Reads one frame.
    ///
    /// - Throws: `.content` where it is no image or its size is not the first frame's.
    public func read(_ index: Int, maximumPixels: Int = ImageFile.defaultMaximumPixels) throws -> PlanarImage {
        let file = Self.join(path, names[index])
        let image = try ImageFile.read(path: file, maximumPixels: maximumPixels)
        guard image.width == width, image.height == height else {
            throw BrushflowError(
                .content,
                "\(file): is \(image.width)×\(image.height) pixels, but \(names[0]) is \(width)×\(height); "
                    + "all frames of a directory must have one size")
        }
        return image
    }

    /// A frame's name without its extension.
    public func stem(_ index: Int) -> String { (names[index] as NSString).deletingPathExtension }

    private static func list(_ path: String) throws -> [String] {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw BrushflowError(.input, "\(path): \(String(cString: strerror(errno)))")
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw BrushflowError(.input, "\(path): is not a directory") }
        guard access(path, R_OK | X_OK) == 0 else {
            throw BrushflowError(.input, "\(path): \(String(cString: strerror(errno)))")
        }
        let entries: [String]
        do {
            entries = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw BrushflowError(.input, "\(path): the directory cannot be read")
        }
        let images = entries.filter { name in
            guard !name.hasPrefix("."), kind(name) != nil else { return false }
            var status = stat()
            return stat(join(path, name), &status) != 0 || status.st_mode & S_IFMT != S_IFDIR
        }
        guard !images.isEmpty else {
            let known = ImageFormat.extensions.keys.sorted().map { ".\($0)" }.joined(separator: ", ")
            throw BrushflowError(.content, "\(path): holds no images (\(known))")
        }
        return images
    }

    private static func kind(_ name: String) -> ImageFormat? {
        ImageFormat.extensions[(name as NSString).pathExtension.lowercased()]
    }

    private static func checkKinds(_ names: [String], path: String) throws {
        let sorted = names.sorted()
        guard let first = sorted.first, let other = sorted.first(where: { kind($0) != kind(first) }) else { return }
        throw BrushflowError(
            .content, "\(path): holds images of two kinds, \(first) and \(other); keep one kind in the directory")
    }

    /// Names that differ in one number alone must be a sequence without gaps; several such sequences may stand side by
    /// side, and names without numbers among themselves.
    private static func checkSequence(_ sorted: [NaturalName], path: String) throws {
        if let plain = sorted.first(where: { $0.sequence == nil }),
            let numbered = sorted.first(where: { $0.sequence != nil }), sorted.count > 2
        {
            throw BrushflowError(
                .content,
                "\(path): \(plain.name) has no number, unlike \(numbered.name); keep one sequence in the directory")
        }
        var last: [String: NaturalName] = [:]
        for name in sorted {
            guard let (prefix, number, suffix) = name.sequence else { continue }
            let key = "\(prefix)\u{0}\(suffix)"
            defer { last[key] = name }
            guard let before = last[key], let previous = before.sequence?.number else { continue }
            guard number != previous else {
                throw BrushflowError(
                    .content, "\(path): \(before.name) and \(name.name) have the same number; remove one of them")
            }
            guard number == previous + 1 else {
                throw BrushflowError(
                    .content,
                    "\(path): \(missing(after: before, number: previous + 1)) is missing: after \(before.name) comes "
                        + "\(name.name)")
            }
        }
    }

    /// The name that a number would have, written as wide as its neighbour's.
    private static func missing(after name: NaturalName, number: Int) -> String {
        guard let (prefix, _, suffix) = name.sequence else { return name.name }
        let stem = (name.name as NSString).deletingPathExtension
        let width = stem.count - prefix.count - suffix.count
        let digits = String(number)
        let zeros = String(repeating: "0", count: max(0, width - digits.count))
        return "\(prefix)\(zeros)\(digits)\(suffix).\((name.name as NSString).pathExtension)"
    }

    private static func join(_ directory: String, _ name: String) -> String {
        (directory as NSString).appendingPathComponent(name)
    }
}
