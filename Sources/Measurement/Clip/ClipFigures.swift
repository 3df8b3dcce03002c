/// What was measured of a stylized clip. Means are over the frames that have the figure.
public struct ClipFigures: Sendable, Equatable {
    /// The upper bracket: what painting every frame by itself gives, on the frames where it is known.
    public struct Independent: Sendable, Equatable {
        /// E_warp of the independently painted frames.
        public var warp: Double
        /// The source's own on the same frames.
        public var floor: Double
        /// Temporal RMSE of interval 1.
        public var shortRoot: Double
        /// Temporal RMSE of interval 10; nil where no two such frames lie ten apart.
        public var longRoot: Double?
        /// The share of the independent painting's excess that the stylized clip is rid of, on the same frames; negative
        /// where it flickers more, nil where the independent painting flickers no more than the source.
        public var steadied: Double?
        /// The stylized clip's sharpness over the independent painting's, on the same frames.
        public var sharpnessRatio: Double?
        /// The stylized clip's style distance over the independent painting's, on the same frames; nil without a style.
        public var styleRatio: Double?
        /// Pairs of frames that it was measured on.
        public var pairs: Int
    }

    /// Frames that were compared.
    public var frames: [FrameFigures]
    /// First frames of shots after the first.
    public var cuts: [Int]
    /// E_warp of the stylized clip, interval 1.
    public var warp: Double
    /// The source's own E_warp with the same flow: the noise floor.
    public var floor: Double
    /// Temporal RMSE, interval 1, of the stylized clip and of the source.
    public var shortRoot: Double
    /// The source's.
    public var sourceShortRoot: Double
    /// E_warp of the stylized clip over interval 10; nil where no shot is long enough.
    public var longWarp: Double?
    /// The source's.
    public var longFloor: Double?
    /// Temporal RMSE, interval 10.
    public var longRoot: Double?
    /// The source's.
    public var sourceLongRoot: Double?
    /// The upper bracket; nil where nothing was painted independently.
    public var independent: Independent?
    /// The stylized clip's mean sharpness over the source's; nil where the source is flat.
    public var sharpnessRatio: Double?
    /// How the sharpness over the source's changes along the shot where it does most, relative to the shot's beginning.
    public var sharpnessDrift: ShotTrend?
    /// How the mean luma less the source's changes along the shot where it does most; 1 is the full range.
    public var brightnessDrift: ShotTrend?
    /// Mean style distance.
    public var styleDistance: Double?
    /// Mean content distance.
    public var contentDistance: Double?
    /// Mean share of pixels that are not reliable.
    public var occluded: Double
    /// Pixels of unknown flow in all frames together.
    public var unknownPixels: Int
    /// Where the clips seem out of step.
    public var slips: [Slip]

    /// E_warp over the noise floor: the figure to quote.
    public var excess: Double { warp - floor }

    /// Sums up the figures of frames 0, 1, 2…
    init(frames: [FrameFigures], slips: [Slip]) {
        self.frames = frames
        self.slips = slips
        cuts = frames.dropFirst().filter(\.startsShot).map(\.index)
        let starts = [0] + cuts + [frames.count]
        let shots = zip(starts, starts.dropFirst()).map { $0..<$1 }
        let short = frames.compactMap(\.short)
        let long = frames.compactMap(\.long)
        warp = Self.mean(short.map(\.stylized.warp)) ?? 0
        floor = Self.mean(short.map(\.source.warp)) ?? 0
        shortRoot = Self.mean(short.map(\.stylized.root)) ?? 0
        sourceShortRoot = Self.mean(short.map(\.source.root)) ?? 0
        longWarp = Self.mean(long.map(\.stylized.warp))
        longFloor = Self.mean(long.map(\.source.warp))
        longRoot = Self.mean(long.map(\.stylized.root))
        sourceLongRoot = Self.mean(long.map(\.source.root))
        occluded = Self.mean(short.map(\.occluded)) ?? 0
        unknownPixels = short.reduce(0) { $0 + $1.unknown }
        independent = Independent(frames)
        sharpnessRatio = Self.ratio(frames.map { ($0.sharpness.stylized, $0.sharpness.source) })
        let relative = frames.map { $0.sharpness.source > 0 ? $0.sharpness.stylized / $0.sharpness.source : nil }
        sharpnessDrift = ShotTrend.largest(relative, shots: shots, relative: true)
        brightnessDrift = ShotTrend.largest(
            frames.map { $0.brightness.stylized - $0.brightness.source }, shots: shots)
        styleDistance = Self.mean(frames.compactMap(\.styleDistance))
        contentDistance = Self.mean(frames.compactMap(\.contentDistance))
    }

    /// The frames of the greatest excess, the worst first, of those above the noise floor.
    public func worst(_ count: Int = 10) -> [FrameFigures] {
        let candidates = frames.filter { ($0.short?.excess ?? 0) > 0 }
        return Array(
            candidates.sorted { ($0.short?.excess ?? 0, $1.index) > ($1.short?.excess ?? 0, $0.index) }.prefix(count))
    }

    package static func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    /// Σ first / Σ second; nil where the latter is 0.
    static func ratio(_ pairs: [(Double, Double)]) -> Double? {
        let below = pairs.reduce(0) { $0 + $1.1 }
        return below > 0 ? pairs.reduce(0) { $0 + $1.0 } / below : nil
    }
}

extension ClipFigures.Independent {
    /// Sums up the frames that have an independent painting before them; nil where there are none.
    init?(_ frames: [FrameFigures]) {
        let pairs = frames.compactMap { frame in
            frame.short.flatMap { short in short.independent.map { (short, $0) } }
        }
        guard let warp = ClipFigures.mean(pairs.map(\.1.warp)), let root = ClipFigures.mean(pairs.map(\.1.root)),
            let floor = ClipFigures.mean(pairs.map(\.0.source.warp)),
            let stylized = ClipFigures.mean(pairs.map(\.0.stylized.warp))
        else { return nil }
        self.warp = warp
        self.floor = floor
        shortRoot = root
        longRoot = ClipFigures.mean(frames.compactMap { $0.long?.independent?.root })
        steadied = warp > floor ? 1 - (stylized - floor) / (warp - floor) : nil
        sharpnessRatio = ClipFigures.ratio(
            frames.compactMap { frame in frame.sharpness.independent.map { (frame.sharpness.stylized, $0) } })
        styleRatio = ClipFigures.ratio(
            frames.compactMap { frame in
                frame.styleDistance.flatMap { style in frame.independentStyleDistance.map { (style, $0) } }
            })
        self.pairs = pairs.count
    }
}
