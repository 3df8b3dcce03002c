import CFFmpeg
import Tensors

/// Encodes pictures into a file that appears under its name when it is complete.
package final class VideoWriter {
    /// What a user should know of the output, a sentence each; complete after `finish`.
    package private(set) var notes: [String] = []
    /// The pictures written so far.
    package private(set) var framesWritten = 0

    /// Opens the output under a temporary name.
    package init(
        path: String, description: OutputVideoDescription, settings: EncoderSettings, sideStreams: SideStreams? = nil,
        metadataFrom: String? = nil, overwrite: Bool = false, rows: ParallelRows = ParallelRows(threads: 1)
    ) throws {
        throw BrushflowError(.internal, "\(path): not yet")
    }

    /// Encodes one picture.
    package func write(_ image: PlanarImage, pts: Int64, duration: Int64?) throws {}

    /// Ends a run of pictures that depend on each other: the next picture is an IDR of a fresh encoder.
    package func beginChunk() throws {}

    /// Writes everything that is held back and gives the file its name.
    package func finish() throws {}

    /// Removes the temporary file; nothing after `finish`.
    package func abandon() {}
}
