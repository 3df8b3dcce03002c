import Foundation
import Media
import Tensors
import Training

/// Reads paintings to learn.
enum StylePicture {
    /// The least short side: below it there are no strokes to see.
    private static let least = 64
    /// What is brought down to: more is not seen at the size that frames are learned at.
    private static let shortSide = 768
    /// More pixels are refused: about 11,500 × 11,500.
    private static let maximumPixels = 1 << 27

    /// Reads an image file or a drawn style. Grey becomes three equal planes, what is transparent lies over white, of an animation the first
    /// picture counts, and a large one is brought down.
    ///
    /// - Throws: as `StyleCatalogue.painting`; `.content` where it is too small.
    static func read(_ path: String, rows: ParallelRows) throws -> PlanarImage {
        let image = try StyleCatalogue.painting(for: path, maximumPixels: maximumPixels)
        guard min(image.width, image.height) >= least else {
            throw BrushflowError(
                .content,
                "\(path): is \(image.width)×\(image.height) pixels; a style needs at least \(least) on its shorter side "
                    + "for its strokes to be seen; give a larger image")
        }
        return image.reduced(toShortSide: shortSide, rows: rows)
    }
}
