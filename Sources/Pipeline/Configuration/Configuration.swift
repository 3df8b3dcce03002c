import Stylization

/// Everything that can be set about a run. `ConfigurationKeys` names every field for files and flags.
public struct Configuration: Sendable, Equatable {
    /// How frames are painted.
    public var stylization = StylizationConfiguration()
    /// What paints; nil for the network of a learned style or of an image that was learned, and the optimiser for any other.
    public var engine: PaintingEngine?
    /// The network that paints an image unless the engine is the optimiser: what `FittingJob` learned; nil for none.
    public var learnedStyle: String?
    /// How a feed-forward network is used, where the style is one.
    public var network = NetworkConfiguration()
    /// The safetensors file of the perceptual encoder; nil for the slim one inside the binary.
    public var encoderPath: String?
    /// How thoroughly optical flow is estimated.
    public var flowPreset: FlowPreset?
    /// At which part of the frame's size.
    public var flowScale = FlowScale.auto
    /// The share of a frame's structure, 0…1, that the frame before does not explain, above which a shot
    /// may begin; 1 finds no cuts.
    public var sceneCutThreshold = 0.25
    /// How the result is encoded.
    public var encode = EncodeSettings()
    /// How the stages are joined and what is refused.
    public var run = RunSettings()

    /// The balanced settings.
    public init() {}

    /// The perceptual encoder that `encoderPath` names.
    ///
    /// - Throws: as `PerceptualEncoder.load`.
    func encoder() throws -> PerceptualEncoder {
        try encoderPath.map { try PerceptualEncoder.load(path: $0, maximumBytes: run.maximumTensorBytes) } ?? .slim()
    }

    /// Whether a network paints an image: one that was learned for the run, or that is asked for.
    var paintsImagesByNetwork: Bool { engine == .network || (engine == nil && learnedStyle != nil) }

    /// Whether the optimiser leaves frames unpainted.
    public var isPassThrough: Bool { stylization.firstSteps.allSatisfy { $0 == 0 } }
}
