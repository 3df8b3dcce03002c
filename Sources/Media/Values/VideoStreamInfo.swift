/// What a clip's header says of its main video stream.
public struct VideoStreamInfo: Hashable, Sendable {
    /// The stream's index in the file.
    public var index: Int
    /// libav's name of the codec: `h264`.
    public var codecName: String
    /// Stored columns.
    public var width: Int
    /// Stored rows.
    public var height: Int
    /// Seconds per tick of every time stamp of the stream.
    public var timeBase: Rational
    /// Frames per second: the average, or the container's guess; nil where the header gives none.
    public var frameRate: Rational?
    /// Whether the header's average and base rates agree.
    public var isConstantFrameRate: Bool
    /// Width of a pixel over its height; 1/1 where the file does not say.
    public var sampleAspectRatio: Rational
    /// The number of frames that the header or index gives; nil where it gives none.
    public var frameCount: Int?
    /// Seconds; nil where the header gives none.
    public var duration: Double?
    /// The first time stamp in ticks, on the output's timeline.
    public var startPts: Int64
    /// As tagged; unspecified entries are kept.
    public var color: ColorDescription
    /// Nine fixed-point values, libav's order; nil for upright pictures.
    public var displayMatrix: [Int32]?
    /// The turn that makes the picture upright, clockwise degrees 0…359.
    public var rotation: Int
    /// Whether the header says that frames are two interleaved fields.
    public var isInterlaced: Bool
    /// Bits of a luma sample.
    public var bitDepth: Int
    /// libav's name of the pixel format: `yuv420p`.
    public var pixelFormatName: String

    /// The frames that a run will read, from the header or from duration and rate; nil where neither is known.
    public var estimatedFrameCount: Int? {
        if let frameCount { return frameCount }
        guard let duration, let frameRate else { return nil }
        let frames = (duration * frameRate.value).rounded()
        return frames.isFinite && frames > 0 && frames < 1e12 ? Int(frames) : nil
    }

    /// The description of an output that keeps everything.
    public var outputDescription: OutputVideoDescription {
        OutputVideoDescription(
            width: width, height: height, sampleAspectRatio: sampleAspectRatio, timeBase: timeBase,
            frameRate: frameRate, color: color, displayMatrix: displayMatrix)
    }
}
