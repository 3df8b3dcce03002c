import Foundation
import Tensors

/// Reads and writes one image file.
public enum ImageFile {
    /// The most pixels that are read where nobody says otherwise: 8192².
    public static let defaultMaximumPixels = 1 << 26

    /// The extensions that files read as images have, in lower case.
    public static var readableExtensions: Set<String> { Set(ImageFormat.extensions.keys) }

    /// Reads an image: PNG, JPEG, PPM/PGM, WebP, BMP, TIFF or GIF, told by its contents, never by its name.
    ///
    /// 16-bit channels are read exactly (v / 65535); grey becomes three equal planes; transparent pixels are laid
    /// over white; an EXIF orientation is applied; of an animation the first picture is taken.
    ///
    /// - Parameter maximumPixels: more pixels than this are refused before memory is taken for them.
    /// - Throws: `.input` where the file cannot be read, `.content` where it is no image or too large.
    public static func read(path: String, maximumPixels: Int = defaultMaximumPixels) throws -> PlanarImage {
        try upright(ImageDecoder.decode(path: path, maximumPixels: maximumPixels), path: path)
    }

    /// Reads an image from the bytes of its file; `name` stands for the path in messages.
    ///
    /// - Throws: `.content` where it is no image.
    public static func read(bytes: Data, name: String) throws -> PlanarImage {
        try upright(ImageDecoder.decode(bytes, path: name, maximumPixels: defaultMaximumPixels), path: name)
    }

    /// Writes PNG, JPEG, PPM or WebP, by extension; 8 bits a channel, rounded to nearest, under a temporary name
    /// first. JPEG has full chroma resolution and quality factor 2 (the finest that libav offers to all decoders),
    /// WebP is lossless.
    ///
    /// - Throws: `.usage` for another extension, `.output` where the file exists or cannot be written.
    public static func write(_ image: PlanarImage, path: String, overwrite: Bool) throws {
        let encoder = try ImageEncoder(path: path)
        let file = try PendingFile(target: path, overwrite: overwrite)
        try file.write(encoder.encode(image, path: path))
        // One of thousands of frames, perhaps: flushing each would cost more than painting it.
        try file.commit(flushing: false)
    }

    /// The bytes of a JPEG file, full chroma resolution.
    ///
    /// - Parameter quantizer: libav's, 1 (finest) … 31.
    /// - Throws: `.output` where libav refuses the picture.
    package static func jpeg(_ image: PlanarImage, quantizer: Int) throws -> Data {
        let name = "picture.jpg"
        return try ImageEncoder(path: name, quantizer: quantizer).encode(image, path: name)
    }

    private static func upright(_ frame: FrameHandle, path: String) throws -> PlanarImage {
        let stored = try ImagePixels.planar(frame, path: path)
        return ImageDecoder.orientation(of: frame).apply(to: stored, rows: ParallelRows(threads: 1))
    }
}
