import Media
import NeuralNet
import Stylization
import Tensors

/// What a run paints with.
package enum LoadedStyle {
    /// A painting, or what was measured of it, and the encoder that compares with it.
    case painting(StyleReference, PerceptualEncoder)
    /// A feed-forward network.
    case network(PaintingNetwork)

    /// Loads a run's style; nil where its frames are not painted.
    static func load(
        _ style: StyleMixture?, _ configuration: Configuration, rows: ParallelRows
    ) throws -> LoadedStyle? {
        guard let style else { return nil }
        let loaded = try LoadedStyle(style, configuration, rows: rows)
        return loaded.isNetwork || !configuration.isPassThrough ? loaded : nil
    }

    /// Loads a network or a painting, or blends learned styles.
    ///
    /// - Throws: as `StyleSource`, `PaintingNetwork.load` and `PerceptualEncoder.load`; `.usage` where engine and styles do
    ///   not go together, or styles cannot be blended.
    package init(_ mixture: StyleMixture, _ configuration: Configuration, rows: ParallelRows) throws {
        let sources = try mixture.parts.map { try StyleSource($0.style, configuration) }
        guard sources.count == 1 else {
            self = try Self.blend(sources, mixture.parts.map(\.weight), configuration)
            return
        }
        let source = sources[0]
        switch source {
        case .published(let path) where configuration.engine != .optimize:
            self = .network(
                try PaintingNetwork.load(
                    onnx: path, configuration: configuration.network,
                    limits: ONNXLimits(tensorBytes: configuration.run.maximumTensorBytes), rows: rows))
        case .learned(let style) where configuration.engine != .optimize:
            let (network, style) = try style.network(configuration.network.precision)
            self = .network(.style(network, style))
        case .painting(let name) where configuration.paintsImagesByNetwork:
            guard let path = configuration.learnedStyle,
                let learned = try LearnedStyle(
                    path, NetworkConfiguration(), maximumBytes: configuration.run.maximumTensorBytes)
            else {
                throw BrushflowError(
                    .usage,
                    "--engine network: '\(name)' has to be learned first, by `brushflow learn --style \(name)`")
            }
            let (network, style) = try learned.network(configuration.network.precision)
            self = .network(.style(network, style))
        default:
            let encoder = try configuration.encoder()
            let reference = try source.knownReference(configuration, encoder)
            if case .measured = reference { try Self.checkMeasured(configuration, source.argument) }
            self = .painting(reference, encoder)
        }
    }

    /// What was measured of a painting was measured once: as Gram matrices, at one size.
    private static func checkMeasured(_ configuration: Configuration, _ style: String) throws {
        let stylization = configuration.stylization
        let fault =
            stylization.statistics != .gram
            ? "style.statistics=\(stylization.statistics.rawValue)"
            : stylization.styleScale != 1 ? "style.scale=\(stylization.styleScale)" : nil
        guard let fault else { return }
        throw BrushflowError(
            .usage,
            "\(fault): '\(style)' is known by its Gram matrices at one size; leave the setting out, or give the painting "
                + "itself")
    }

    /// Blends styles of one network.
    private static func blend(
        _ sources: [StyleSource], _ weights: [Double], _ configuration: Configuration
    ) throws -> LoadedStyle {
        guard configuration.engine != .optimize else {
            throw BrushflowError(.usage, "--engine optimize paints in one style; give one, or leave --engine out")
        }
        let styles = try sources.map { source in
            guard case .learned(let style) = source else {
                throw BrushflowError(
                    .usage,
                    "--style \(source.argument): only learned styles can be blended; learn it beside the others by "
                        + "`brushflow learn`")
            }
            return style
        }
        for style in styles.dropFirst() where try !StyleNetwork.haveSameFilters(styles[0].file, style.file) {
            throw BrushflowError(
                .usage,
                "--style \(styles[0].argument) and \(style.argument): are styles of different networks, which cannot be "
                    + "blended; learn them together by `brushflow learn`")
        }
        let networks = try styles.map { try $0.network(configuration.network.precision) }
        let style = StyleVector.blend(Array(zip(networks.map(\.style), weights)), configuration.network.blend)
        return .network(.style(networks[0].network, style))
    }

    /// Whether a feed-forward network paints.
    package var isNetwork: Bool {
        if case .network = self { true } else { false }
    }

    /// Whether a network paints that looks at the previous frame itself: as fast as other stages, so these are not to be
    /// slower; and small errors of a motion hardly show, for it has learned to look past them, while an optimiser and the
    /// stabiliser of other networks keep what they are told.
    package var isRecurrent: Bool {
        if case .network(let network) = self { network.isRecurrent } else { false }
    }

    /// A painter at the beginning of a shot.
    package func painter(
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
