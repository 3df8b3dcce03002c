import NeuralNet
import Stylization
import Tensors
import Training

/// The network that learning starts from.
struct StartingNetwork {
    /// Its numbers; its styles have the names of those to be learned.
    let parameters: StyleNetworkParameters
    /// The optimisers' step at the beginning: what has learned these styles may not be thrown about.
    let learningRate: Double
    /// The share of the steps, at the beginning, in which γ and β are learned alone: where the base knows none of the styles,
    /// these find their place before the filters follow.
    let stylesAlone: Double

    /// A network that has learned nothing.
    init(names: [String], seed: UInt64) {
        parameters = StyleNetworkParameters(seeded: .shipped(styles: names.count), names: names, seed: seed)
        learningRate = 2e-3
        stylesAlone = 0
    }

    /// A learned network's filters; every style begins as the base's style of its name, or as the nearest one: by what the
    /// file says of its painting, or else by how the network paints a drawn picture.
    ///
    /// - Throws: `.input` and `.content` where the file is no network of our own form; `.content` where it does not look
    ///   back at the previous frame.
    init(
        _ file: SafetensorsFile, names: [String], targets: [StyleTarget], encoder: PerceptualEncoder, side: Int,
        seed: UInt64, in workspace: Workspace
    ) throws {
        let base = try StyleNetworkParameters.load(file)
        guard base.layout.inputChannels == 7 else {
            throw BrushflowError(
                .content,
                "\(file.name): looks at \(base.layout.inputChannels) channels, not at the previous painted frame; give a network "
                    + "that `brushflow learn` made")
        }
        let distances = try Self.distances(
            from: base, file, encoder: encoder, side: side, seed: seed, in: workspace)
        let styles = try zip(names, targets).map { name, target in
            base.style(try base.names.firstIndex(of: name) ?? Self.least(distances(target)))
        }
        parameters = StyleNetworkParameters(sharing: base, styles: styles, names: names)
        let knowsSome = names.contains { base.names.contains($0) }
        learningRate = knowsSome ? 6e-4 : 2e-3
        stylesAlone = knowsSome ? 0 : 0.2
    }

    /// How far a network's styles are from a target.
    private static func distances(
        from base: StyleNetworkParameters, _ file: SafetensorsFile, encoder: PerceptualEncoder, side: Int, seed: UInt64,
        in workspace: Workspace
    ) throws -> (StyleTarget) throws -> [Double] {
        let styles = base.layout.styles
        if encoder.isSlim, StyleTarget.isMeasured(in: file) {
            let known = try (0..<styles).map { try StyleTarget(file, style: $0, styles: styles, encoder: encoder) }
            return { target in known.map { target.distance(to: $0) } }
        }
        let frame = try PairSequence(
            pictures: DrawnPictures(count: 1, seed: seed), ranges: .none, side: side, batch: 1, seed: seed
        ).batch(0)[0].earlier
        let network = StyleNetwork(base)
        let input = PaintingNetwork.input(frame, nil, rows: workspace.rows, pool: workspace.pool)
        return { target in
            network.styles.map { style in
                Objective(
                    frame: frame, style: target, temporal: nil, encoder: encoder,
                    configuration: StylizationConfiguration(), rows: workspace.rows, pool: workspace.pool
                ).evaluateParts(network.paint(input, style: style, in: workspace)).parts.style
            }
        }
    }

    private static func least(_ distances: [Double]) -> Int {
        distances.indices.min { distances[$0] < distances[$1] } ?? 0
    }
}

extension LearnRequest.Base {
    /// The network's file.
    ///
    /// - Throws: as `SafetensorsFile.read`.
    func file() throws -> SafetensorsFile {
        switch self {
        case .bundled: try BundledStyles.file()
        case .file(let path): try SafetensorsFile.read(path: path)
        }
    }
}
