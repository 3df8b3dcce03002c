import Tensors

/// Lays pictures out side by side.
package enum ImageGrid {
    /// The pictures, all of the first one's size, in rows of `columns`, left to right and top to bottom; places
    /// left over are white.
    package static func join(_ images: [PlanarImage], columns: Int) -> PlanarImage {
        precondition(columns >= 1 && !images.isEmpty, "\(images.count) pictures in \(columns) columns")
        let (width, height) = (images[0].width, images[0].height)
        let rows = (images.count + columns - 1) / columns
        var grid = Tensor([3, rows * height, columns * width], filledWith: 1)
        for (index, image) in images.enumerated() {
            precondition(
                image.width == width && image.height == height,
                "a grid of \(width)×\(height) got \(image.width)×\(image.height)")
            let (left, top) = (index % columns * width, index / columns * height)
            image.tensor.withFloats { source in
                grid.withMutableFloats { target in
                    for channel in 0..<3 {
                        for y in 0..<height {
                            let from = (channel * height + y) * width
                            let to = ((channel * rows * height) + top + y) * columns * width + left
                            _ = target[to..<to + width].update(fromContentsOf: source[from..<from + width])
                        }
                    }
                }
            }
        }
        return PlanarImage(grid)
    }
}
