import Tensors

/// A frame with its picture.
package struct SourceFrame: Sendable {
    /// The picture.
    package let image: PlanarImage
    /// What else is known of it.
    package let label: FrameLabel

    package init(image: PlanarImage, label: FrameLabel) {
        self.image = image
        self.label = label
    }
}
