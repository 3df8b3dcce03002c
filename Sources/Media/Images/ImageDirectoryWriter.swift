import Tensors

/// Writes frames as files of a directory, each under a temporary name first.
package final class ImageDirectoryWriter {
    /// Makes the directory where it is missing; its parent must exist.
    package init(path: String, overwrite: Bool) throws {}

    /// Writes the next frame under `stem` (a source frame's name), or under the next number, `%06d.png`, where it
    /// is nil.
    package func write(_ image: PlanarImage, stem: String?) throws {}
}
