import CFFmpeg
import Tensors

/// Everything of a source but its main video (audio, subtitles, cover art, chapters, tags), taken into an output
/// by a second demuxer on the same file.
///
/// The output's timeline is the source's less `TimelineOrigin` and less the segment's `from`; the video must be
/// written on the same timeline. Not Sendable: it lives in the writing stage.
package final class SideStreams {
    private let input: InputFormatHandle
    private let container: OutputContainer

    /// What is left out, converted or damaged, a sentence each; complete after `finish`.
    package private(set) var notes: [String] = []

    /// Opens `path` and decides what becomes of each stream.
    ///
    /// - Parameters:
    ///   - segment: the part to take; nil for all.
    ///   - audioOnly: leaves out everything but audio.
    package init(path: String, container: OutputContainer, segment: MediaSegment?, audioOnly: Bool) throws {
        input = try InputFormatHandle(path: path)
        self.container = container
    }

    /// Adds the streams, chapters and tags to `output`; after the video stream was added, before the header.
    func declare(in output: OutputFormatHandle) throws {}

    /// Writes every packet that starts before `seconds` of the output's timeline.
    func write(upTo seconds: Double, to output: OutputFormatHandle) throws {}

    /// Writes the rest; before the trailer.
    func finish(to output: OutputFormatHandle) throws {}
}
