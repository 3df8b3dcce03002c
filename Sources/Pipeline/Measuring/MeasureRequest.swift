import Media

/// Which clips to measure, and with what.
public struct MeasureRequest: Sendable {
    /// The source: a video file or a directory of frames.
    public var source: String
    /// The same clip stylized.
    public var stylized: String
    /// The same clip with every frame painted by itself, the upper bracket; nil leaves it out.
    public var independent: String?
    /// The style; nil leaves the style distance out.
    public var style: StyleMixture?
    /// A directory of true flow, a `.flo` file or a 16-bit `.png` (KITTI) for each frame but a shot's first, numbered by
    /// the frame, counted from 0, and leading into the frame before; nil estimates the flow.
    public var truth: String?
    /// The report's file, `.html`; nil for none.
    public var report: String?
    /// The part of the source that the stylized clip shows; nil for all of it.
    public var segment: MediaSegment?
    /// Frames a second of directories of frames.
    public var frameRate = Rational(25, 1)
    /// Whether a sample of the source's frames is painted by itself, as the run painted them, where `independent` is nil.
    public var samplesIndependentPainting = false
    /// Seeds that painting.
    public var seed: UInt64 = 0
    /// How flow is estimated, the encoder that judges style and content, and how a sample is painted.
    public var configuration = Configuration()
    /// Threads of our own mathematics; nil for one per core.
    public var threads: Int?
    /// Whether an existing report is replaced.
    public var overwrite = false

    /// Asks how steady `stylized` is against `source`.
    public init(source: String, stylized: String) {
        self.source = source
        self.stylized = stylized
    }

    /// Asks for a report on the result of a run that has ended: measured against what it painted, with its settings, and
    /// with a sample of its frames painted by themselves.
    public init(after run: StylizeRequest, report: String) {
        self.init(source: run.input, stylized: run.output)
        style = run.style
        segment = run.segment
        frameRate = run.frameRate
        seed = run.seed
        configuration = run.configuration
        threads = run.threads
        overwrite = run.overwrite
        samplesIndependentPainting = true
        self.report = report
    }
}
