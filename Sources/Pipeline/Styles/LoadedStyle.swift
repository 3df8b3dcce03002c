import Media
import NeuralNet
import Stylization
import Tensors

/// What a run paints with.
enum LoadedStyle {
    /// A painting, and the encoder that compares with it.
    case painting(PlanarImage, PerceptualEncoder)
    /// A feed-forward network.
    case network(PaintingNetwork)

    /// Loads a request's style; nil where its frames are not painted.
    static func load(_ request: StylizeRequest, rows: ParallelRows) throws -> LoadedStyle? {
        guard let style = request.style else { return nil }
        guard request.paints else {
            _ = try painting(style, request.configuration)
            return nil
        }
        return try LoadedStyle(style, request.configuration, rows: rows)
    }

    /// Loads a network, or a painting by its name or file.
    ///
    /// - Throws: as `PaintingNetwork.load` and `init(painting:_:)`.
    init(_ style: String, _ configuration: Configuration, rows: ParallelRows) throws {
        if PaintingNetwork.isNetwork(path: style) {
            self = .network(try PaintingNetwork.load(path: style, configuration: configuration.network, rows: rows))
        } else {
            try self.init(painting: style, configuration)
        }
    }

    /// Loads a painting by its name or file.
    ///
    /// - Throws: as `StyleCatalogue.painting` and `PerceptualEncoder.load`.
    init(painting style: String, _ configuration: Configuration) throws {
        self = .painting(try Self.painting(style, configuration), try configuration.encoder())
    }

    private static func painting(_ style: String, _ configuration: Configuration) throws -> PlanarImage {
        if let range = configuration.network.inputRange {
            throw BrushflowError(
                .usage, "--input-range \(range.rawValue) is for ONNX networks, but the style is '\(style)'")
        }
        return try StyleCatalogue.painting(for: style, maximumPixels: configuration.run.maximumPixels)
    }

    /// Whether a feed-forward network paints.
    var isNetwork: Bool {
        if case .network = self { true } else { false }
    }

    /// A painter at the beginning of a shot.
    func painter(
        _ configuration: StylizationConfiguration, seed: UInt64, rows: ParallelRows, pool: TensorPool,
        token: CancellationToken
    ) throws -> any Painter {
        switch self {
        case .painting(let painting, let encoder):
            return try FramePainter(
                style: painting, encoder: encoder, configuration: configuration, seed: seed, rows: rows, pool: pool,
                isCancelled: { token.isCancelled })
        case .network(let network):
            return try NetworkPainter(
                network: network, configuration: configuration, rows: rows, pool: pool,
                isCancelled: { token.isCancelled })
        }
    }

    /// A painter that tells soon what the run's will cost: two steps a level instead of all, or a network as it is.
    func trialPainter(
        _ configuration: StylizationConfiguration, rows: ParallelRows, pool: TensorPool, token: CancellationToken
    ) throws -> TrialPainter {
        var few = configuration
        few.firstSteps = configuration.firstSteps.map { min($0, 2) }
        few.nextSteps = configuration.nextSteps.map { min($0, 2) }
        let painter = try painter(few, seed: 0, rows: rows, pool: pool, token: token)
        guard case .painting = self else {
            return TrialPainter(painter: painter, firstFrameScale: 1, nextFrameScale: 1)
        }
        func scale(_ asked: [Int], _ few: [Int]) -> Double { Self.cost(of: asked) / max(Self.cost(of: few), 1e-9) }
        return TrialPainter(
            painter: painter, firstFrameScale: scale(configuration.firstSteps, few.firstSteps),
            nextFrameScale: scale(configuration.nextSteps, few.nextSteps))
    }

    /// What a user should know of how the style was read.
    func notes(_ configuration: Configuration) -> [String] {
        switch self {
        case .painting(_, let encoder):
            return encoder.assumptionNote(path: configuration.encoderPath).map { [$0] } ?? []
        case .network(let network):
            return network.conventionNote.map { [$0] } ?? []
        }
    }

    /// Steps weighed by their level's area: each level has a quarter of the pixels of the one after it.
    private static func cost(of steps: [Int]) -> Double {
        steps.reversed().enumerated().reduce(0) { $0 + Double($1.element) / Double(1 << (2 * $1.offset)) }
    }
}
