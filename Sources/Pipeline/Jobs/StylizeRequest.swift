import Media

/// What a run is asked to do.
public struct StylizeRequest: Sendable {
    /// A video file, a directory of frames, or one image.
    public var input: String
    /// A video file, a directory (ending in `/` or existing), or an image.
    public var output: String
    /// What to paint with; nil passes the frames through unpainted.
    public var style: StyleMixture?
    /// How long an image is learned that a network is to paint (see `FittingJob`); nil for about a minute.
    public var learning: LearnRequest.Budget?
    /// The part of the clip to paint; nil for all of it.
    public var segment: MediaSegment?
    /// Frames a second of a directory of frames.
    public var frameRate = Rational(25, 1)
    /// A clip whose audio goes with a directory of frames; nil for none.
    public var audioFrom: String?
    /// Everything that can be set.
    public var configuration = Configuration()
    /// Seeds everything random.
    public var seed: UInt64 = 0
    /// Threads of our own mathematics; nil for one per core.
    public var threads: Int?
    /// Whether an existing output is replaced.
    public var overwrite = false
    /// Whether a video or a directory as output is worked on in a working directory beside it, `.NAME.brushflow`, from which
    /// a run that was stopped goes on when it is started again.
    public var isResumable = false
    /// Whether what an earlier run left there is removed.
    public var restarts = false
    /// Whether the source is put beside the result.
    public var compares = false
    /// Whether an image as output is a contact sheet of the frames.
    public var makesContactSheet = false

    /// Asks for `input` to be painted in a style into `output`, with the default settings.
    public init(input: String, output: String, style: String?) {
        self.input = input
        self.output = output
        self.style = style.map(StyleMixture.init)
    }
}
