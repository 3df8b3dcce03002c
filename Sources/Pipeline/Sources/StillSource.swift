import Tensors

/// One picture.
package final class StillSource: Source {
    package let name = "decode"
    private var image: PlanarImage?

    package init(_ image: PlanarImage) {
        self.image = image
    }

    package func next() -> DecodedFrame? {
        defer { image = nil }
        return image.map { DecodedFrame(.image($0), label: FrameLabel(pts: 0, duration: 1)) }
    }
}
