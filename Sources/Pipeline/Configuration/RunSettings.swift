import NeuralNet

/// How the stages are joined: the sections `run` and `limits` of the configuration.
public struct RunSettings: Sendable, Equatable {
    /// Whether the stages run one after the other or side by side; the frames are the same.
    public enum Mode: String, Sendable, CaseIterable {
        /// Each stage on a queue of its own.
        case queued
        /// One after the other.
        case inline
    }

    /// Side by side or not.
    public var mode = Mode.queued
    /// Frames that each queue holds, at least 1.
    public var queueDepth = 2
    /// Frames painted before a segment that does not start at a shot, to warm up the temporal state.
    public var warmUpFrames = 8
    /// The largest frame that is taken, in pixels.
    public var maximumPixels = 8192 * 4320
    /// The most frames that an input may have.
    public var maximumFrames = 10_000_000
    /// The most bytes of a file of weights; what else a network may take follows from it (`ONNXLimits`).
    public var maximumTensorBytes = TensorBytesLimit.usual
    /// Packets that may be damaged before a run gives up.
    public var maximumDamagedPackets = 100

    /// The defaults.
    public init() {}

    /// The runner's mode.
    package var pipelineMode: PipelineMode {
        mode == .inline ? .inline : .queued(capacity: queueDepth)
    }
}
