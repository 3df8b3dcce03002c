import Media
import Tensors

/// The frames of a directory, one tick each.
package final class DirectorySource: Source {
    package let name = "decode"
    private let directory: ImageDirectory
    private let maximumPixels: Int
    private var position: Int
    private let end: Int
    private let warmUpEnd: Int

    /// Makes a source of the frames `range`, preceded by up to `warmUp` frames before it.
    package init(_ directory: ImageDirectory, range: Range<Int>, warmUp: Int, maximumPixels: Int) {
        self.directory = directory
        self.maximumPixels = maximumPixels
        position = max(0, range.lowerBound - warmUp)
        warmUpEnd = range.lowerBound
        end = range.upperBound
    }

    package func next() throws -> DecodedFrame? {
        guard position < end else { return nil }
        defer { position += 1 }
        let image = try directory.read(position, maximumPixels: maximumPixels)
        return DecodedFrame(
            .image(image),
            label: FrameLabel(
                pts: Int64(position - warmUpEnd), duration: 1, isWarmUp: position < warmUpEnd,
                stem: directory.stem(position)))
    }
}
