import Tensors

/// One picture.
package final class StillSource: Source {
    package let name = "decode"
    private var image: PlanarImage?

    package init(_ image: PlanarImage) {
        self.image = image
    }

    package func next() -> SourceFrame? {
        defer { image = nil }
        return image.map { SourceFrame(image: $0, pts: 0, duration: 1) }
    }
}
