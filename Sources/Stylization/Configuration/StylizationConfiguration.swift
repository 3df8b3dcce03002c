import Tensors

/// How frames are painted by optimising their pixels.
///
/// The loss is contentWeight · content + styleWeight · Σ_layers style + totalVariationWeight · TV +
/// temporalWeight · temporal. Content and style are relative to their targets' energies, TV and temporal are
/// mean squares of values 0…1; so the weights mean the same for every encoder, painting and size.
public struct StylizationConfiguration: Sendable, Equatable {
    /// The method of descent.
    public enum Algorithm: String, Sendable, Equatable, CaseIterable {
        /// Adam, the learning rate falling to 0 along a cosine within every level.
        case adam
        /// L-BFGS in the box 0…1.
        case lbfgs
    }

    /// What the optimisation of a shot's first frame starts from.
    public enum FirstStart: String, Sendable, Equatable, CaseIterable {
        /// The frame itself.
        case content
        /// Uniform noise over the whole range, from the seed.
        case noise
    }

    /// What the optimisation of the other frames starts from.
    public enum NextStart: String, Sendable, Equatable, CaseIterable {
        /// The previous painted frame, warped, with the frame itself where the motion cannot be trusted.
        case warped
        /// The frame itself.
        case content
    }

    /// How the previous painted frame is sampled.
    public enum Interpolation: String, Sendable, Equatable, CaseIterable {
        /// Two taps a side: fast, and blurs a little more with every frame.
        case bilinear
        /// Four taps a side, keeps the strokes sharp along a shot.
        case bicubic
    }

    /// Weight of the frame's content, 0…1e6.
    public var contentWeight: Double
    /// Weight of the painting's style, every layer's alike, 0…1e6.
    public var styleWeight: Double
    /// Weight of smoothness, 0…1e6.
    public var totalVariationWeight: Double
    /// Weight of agreement with the previous painted frame, 0…1e6; 0 switches the term off.
    public var temporalWeight: Double
    /// What is compared between picture and painting.
    public var statistics: StyleStatistics
    /// The method of descent.
    public var algorithm: Algorithm
    /// The size of Adam's steps on a shot's first frame, in pixel values, above 0 and at most 1.
    public var learningRate: Double
    /// The size of Adam's steps on the other frames, above 0 and at most 1.
    public var nextLearningRate: Double
    /// Pairs that L-BFGS keeps, 1…50.
    public var history: Int
    /// Steps on a shot's first frame, one number per level, each level twice the size of the one before it
    /// and the last the frame's own; 1…6 levels of 0…10000. All 0: frames pass unpainted.
    public var firstSteps: [Int]
    /// Steps on the other frames, as `firstSteps`.
    public var nextSteps: [Int]
    /// A level ends early once the loss fell by less than this part of itself over 10 steps, 0…1; 0 never.
    public var tolerance: Double
    /// What a shot's first frame starts from.
    public var firstStart: FirstStart
    /// What the other frames start from.
    public var nextStart: NextStart
    /// How the previous painted frame is sampled.
    public var interpolation: Interpolation
    /// The painting's size against the frame's: 1 gives it the frame's area, 0.5 half its side, and so strokes
    /// half as large; 0.1…4.
    public var styleScale: Double
    /// How far painting goes from the source, 0…1: strength · painted + (1 − strength) · source.
    public var strength: Double

    /// Makes the settings of the balanced pipeline, but for what is given.
    public init(
        contentWeight: Double = 1,
        styleWeight: Double = 6,
        totalVariationWeight: Double = 8,
        temporalWeight: Double = 200,
        statistics: StyleStatistics = .gram,
        algorithm: Algorithm = .adam,
        learningRate: Double = 0.03,
        nextLearningRate: Double = 0.01,
        history: Int = 8,
        firstSteps: [Int] = [200, 150, 80, 50],
        nextSteps: [Int] = [60, 40, 15, 6],
        tolerance: Double = 0,
        firstStart: FirstStart = .content,
        nextStart: NextStart = .warped,
        interpolation: Interpolation = .bicubic,
        styleScale: Double = 1,
        strength: Double = 1
    ) {
        self.contentWeight = contentWeight
        self.styleWeight = styleWeight
        self.totalVariationWeight = totalVariationWeight
        self.temporalWeight = temporalWeight
        self.statistics = statistics
        self.algorithm = algorithm
        self.learningRate = learningRate
        self.nextLearningRate = nextLearningRate
        self.history = history
        self.firstSteps = firstSteps
        self.nextSteps = nextSteps
        self.tolerance = tolerance
        self.firstStart = firstStart
        self.nextStart = nextStart
        self.interpolation = interpolation
        self.styleScale = styleScale
        self.strength = strength
    }

    /// Whether frames pass unpainted: no step anywhere.
    public var isIdentity: Bool { (firstSteps + nextSteps).allSatisfy { $0 == 0 } }

    /// Checks every range.
    ///
    /// - Throws: `BrushflowError` of kind `usage` that names the first value outside its range, the range, and
    ///   the field.
    public func validate() throws {
        try Self.check("contentWeight", contentWeight, 0...1e6)
        try Self.check("styleWeight", styleWeight, 0...1e6)
        try Self.check("totalVariationWeight", totalVariationWeight, 0...1e6)
        try Self.check("temporalWeight", temporalWeight, 0...1e6)
        try Self.check("learningRate", learningRate, 1e-6...1)
        try Self.check("nextLearningRate", nextLearningRate, 1e-6...1)
        try Self.check("history", Double(history), 1...50)
        try Self.check("tolerance", tolerance, 0...1)
        try Self.check("styleScale", styleScale, 0.1...4)
        try Self.check("strength", strength, 0...1)
        for (name, steps) in [("firstSteps", firstSteps), ("nextSteps", nextSteps)] {
            try Self.check("\(name)'s number of levels", Double(steps.count), 1...6)
            for count in steps { try Self.check(name, Double(count), 0...10000) }
        }
    }

    private static func check(_ name: String, _ value: Double, _ range: ClosedRange<Double>) throws {
        guard range.contains(value) else {
            throw BrushflowError(
                .usage,
                "stylization settings: \(name) is \(plain(value)), give a value from \(plain(range.lowerBound)) to "
                    + "\(plain(range.upperBound))")
        }
    }

    private static func plain(_ value: Double) -> String {
        Int(exactly: value).map { "\($0)" } ?? "\(value)"
    }
}
