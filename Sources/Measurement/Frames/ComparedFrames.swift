import Tensors

/// The pictures of one moment of the clips that are compared, all of one size.
package struct ComparedFrames: Sendable {
    /// Counted from 0.
    package let index: Int
    /// The source's frame.
    package let source: PlanarImage
    /// The stylized clip's.
    package let stylized: PlanarImage
    /// The same frame painted by itself, where there is one.
    package let independent: PlanarImage?

    /// Gathers the pictures of frame `index`.
    package init(index: Int, source: PlanarImage, stylized: PlanarImage, independent: PlanarImage? = nil) {
        self.index = index
        self.source = source
        self.stylized = stylized
        self.independent = independent
    }
}
