import Media
import Tensors

/// How the result is encoded: the section `encode` of the configuration.
public struct EncodeSettings: Sendable, Equatable {
    /// Bits of a sample.
    public enum BitDepth: String, Sendable, CaseIterable {
        /// Eight.
        case eight = "8"
        /// Ten.
        case ten = "10"
    }

    /// The codec; nil for the container's usual one.
    public var codec: VideoCodec?
    /// The constant rate factor as the codec knows it; nil for its default.
    public var crf: Double?
    /// The encoder's preset; nil for its default.
    public var preset: String?
    /// Bits of a sample; nil for the codec's usual number.
    public var bitDepth: BitDepth?
    /// The encoder's own threads: its output may depend on them, so they do not follow `--threads`.
    public var threads = 2
    /// The painted frames that a stop costs fewer than, at least 1: what `ChunkRule` makes of it is the frames after which the
    /// encoder is reopened within a long shot.
    public var chunkFrames = 240

    /// The defaults.
    public init() {}

    /// The settings as an encoder of `container` takes them.
    ///
    /// - Parameter keepsPace: whether frames come faster than `medium`, x264's usual preset, encodes them.
    /// - Throws: `.usage` where codec, container and options do not go together.
    package func encoderSettings(for container: OutputContainer, keepsPace: Bool = false) throws -> EncoderSettings {
        try EncoderSettings(
            codec: codec, container: container, crf: crf, preset: preset,
            bitDepth: bitDepth.flatMap { Int($0.rawValue) },
            keepsPace: keepsPace, threads: threads)
    }
}
