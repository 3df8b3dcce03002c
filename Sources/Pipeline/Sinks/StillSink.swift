import Media

/// Writes one painted frame as an image file.
package final class StillSink: Sink {
    package let name = "encode"
    private let path: String
    private let overwrite: Bool

    package init(path: String, overwrite: Bool) {
        self.path = path
        self.overwrite = overwrite
    }

    package func accept(_ input: PaintedFrame) throws {
        try ImageFile.write(input.image, path: path, overwrite: overwrite)
    }

    package func finish() {}
}
