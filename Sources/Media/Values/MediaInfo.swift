/// What a clip's header says.
public struct MediaInfo: Hashable, Sendable {
    /// The path as the user wrote it.
    public var path: String
    /// libav's name of the container: `mov,mp4,m4a,3gp,3g2,mj2`.
    public var containerName: String
    /// Seconds of the whole file; nil where the header gives none.
    public var duration: Double?
    /// The main video stream.
    public var video: VideoStreamInfo
    /// libav's codec names of the audio streams, in file order.
    public var audioCodecNames: [String]
    /// The number of subtitle streams.
    public var subtitleStreamCount: Int

    /// Whether there is sound.
    public var hasAudio: Bool { !audioCodecNames.isEmpty }
}
