import Media
import Tensors

/// The frames of a directory, one tick each.
package final class DirectorySource: Source {
    package let name = "decode"
    private let directory: ImageDirectory
    private let maximumPixels: Int
    private var position: Int
    private let end: Int
    private let zero: Int

    /// Makes a source of the frames `range`, preceded by up to `warmUp` frames before it, or without its first `done`.
    package init(_ directory: ImageDirectory, range: Range<Int>, warmUp: Int, done: Int = 0, maximumPixels: Int) {
        self.directory = directory
        self.maximumPixels = maximumPixels
        zero = range.lowerBound
        position = done > 0 ? range.lowerBound + done : max(0, range.lowerBound - warmUp)
        end = range.upperBound
    }

    package func next() throws -> DecodedFrame? {
        guard position < end else { return nil }
        defer { position += 1 }
        let image = try directory.read(position, maximumPixels: maximumPixels)
        return DecodedFrame(
            .image(image),
            label: FrameLabel(
                number: position < zero ? nil : position - zero, pts: Int64(position - zero), duration: 1,
                isWarmUp: position < zero, stem: directory.stem(position)))
    }
}
