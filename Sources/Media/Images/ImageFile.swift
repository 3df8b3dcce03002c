import Tensors

/// Reads and writes one image file.
public enum ImageFile {
    /// Reads an image: PNG, JPEG, PPM/PGM, WebP, BMP or TIFF, told by its contents.
    ///
    /// - Parameter maximumPixels: more pixels than this are refused before memory is taken.
    /// - Throws: `.input` where it cannot be read, `.content` where it is no image.
    public static func read(path: String, maximumPixels: Int = 1 << 26) throws -> PlanarImage {
        throw BrushflowError(.internal, "\(path): not yet")
    }

    /// Writes PNG, JPEG, PPM or WebP, by extension; 8 bits a channel, rounded to nearest.
    ///
    /// - Throws: `.usage` for another extension, `.output` where the file exists or cannot be written.
    public static func write(_ image: PlanarImage, path: String, overwrite: Bool) throws {
        throw BrushflowError(.internal, "\(path): not yet")
    }
}
