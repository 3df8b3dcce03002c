import NeuralNet
import Tensors

/// The numbers of a slim encoder, its maps to VGG-19's features included: what is learned when one is trained.
package struct SlimEncoderParameters: Sendable, Equatable {
    /// All of them, `[count]`: filters and bias of one convolution after the other, then the maps.
    package var values: Tensor
    /// What the maps lead to.
    package let mapScale: EncoderMapScale

    /// A tensor of the weight file, and where its elements begin among `values`.
    private struct Part {
        let key: String
        let shape: Shape
        let first: Int
    }

    private static let architecture = EncoderArchitecture.slim
    private static let parts: [Part] = {
        var tensors: [(key: String, shape: Shape)] = []
        for convolution in architecture.convolutions {
            tensors.append(("\(convolution.key).weight", [convolution.outputs, convolution.inputs, 3, 3]))
            tensors.append(("\(convolution.key).bias", [convolution.outputs]))
        }
        for (block, tap) in architecture.convolutions.filter({ $0.name.hasSuffix("_1") }).enumerated() {
            tensors.append(("adapter\(block + 1)", [architecture.adapterChannels(block: block) ?? 0, tap.outputs]))
        }
        var first = 0
        return tensors.map { key, shape in
            defer { first += shape.count }
            return Part(key: key, shape: shape, first: first)
        }
    }()

    /// The filters, a matrix of a row an output each.
    package static let filters: [Muon.Matrix] = parts.filter { $0.shape.rank == 4 }.map { part in
        Muon.Matrix(range: part.first..<part.first + part.shape.count, rows: part.shape[0])
    }

    /// How many numbers there are.
    package static let count = parts.reduce(0) { $0 + $1.shape.count }

    /// The taps with a map: relu1_1, relu2_1, relu3_1, relu4_1.
    package static let taps = 4

    /// The shape of the map at a tap, `[VGG-19's channels, C]`, and where it begins among `values`.
    package static func map(at tap: Int) -> (shape: Shape, first: Int) {
        let part = parts[parts.count - taps + tap]
        return (part.shape, part.first)
    }

    /// Takes up `values`, `[count]`.
    package init(values: Tensor, mapScale: EncoderMapScale = .tap) {
        precondition(values.shape == [Self.count], "\(values.shape) for \(Self.count) parameters")
        self.values = values
        self.mapScale = mapScale
    }

    /// Random numbers to learn from: of variance 2 / inputs before a ReLU (He et al. 2015), 1 / C in the maps, biases 0.
    package init(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let values = Self.parts.flatMap { part -> [Float] in
            guard part.shape.rank > 1 else { return [Float](repeating: 0, count: part.shape.count) }
            let inputs = part.shape.rank == 4 ? part.shape[1] * 9 : 2 * part.shape[1]
            let spread = (6 / Float(inputs)).squareRoot()
            return (0..<part.shape.count).map { _ in (2 * random.unit() - 1) * spread }
        }
        self.init(values: Tensor([values.count], values))
    }

    /// Takes up the numbers of a slim encoder's file.
    ///
    /// - Throws: as `PerceptualEncoder.load`; `.content` where it is another encoder, of another normalisation or
    ///   pooling, or of maps that are unknown.
    package init(_ file: SafetensorsFile) throws {
        let encoder = try PerceptualEncoder.load(file, pooling: nil)
        guard encoder.isSlim else {
            throw BrushflowError(
                .content, "\(file.name): is no slim encoder (\(Self.architecture.rawValue)) to start from")
        }
        let scale = file.metadata[Self.mapScaleKey] ?? EncoderMapScale.channel.rawValue
        guard let mapScale = EncoderMapScale(rawValue: scale) else {
            throw BrushflowError(
                .content,
                "\(file.name): has \(Self.mapScaleKey) '\(scale.prefix(80))', known: "
                    + EncoderMapScale.allCases.map(\.rawValue).joined(separator: ", "))
        }
        for (key, value) in Self.metadata where key != Self.mapScaleKey {
            guard let other = file.metadata[key], other != value else { continue }
            throw BrushflowError(
                .content, "\(file.name): has \(key) '\(other)'; a slim encoder to start from needs '\(value)'")
        }
        let values = try Self.parts.flatMap { try file.tensor(named: $0.key).values }
        self.init(values: Tensor([values.count], values), mapScale: mapScale)
    }

    /// Takes up the slim encoder that is part of the binary.
    package static func bundled() throws -> SlimEncoderParameters {
        try SlimEncoderParameters(PerceptualEncoder.slimFile())
    }

    /// What a weight file says of the encoder.
    package static let metadata = [
        "architecture": architecture.rawValue, "normalization": EncoderNormalization.slim.rawValue,
        "pooling": "average", "padding": "reflect", mapScaleKey: EncoderMapScale.tap.rawValue,
    ]
    private static let mapScaleKey = "map_scale"

    /// The tensors of a weight file.
    package var tensors: [String: Tensor] {
        Dictionary(uniqueKeysWithValues: Self.parts.map { ($0.key, tensor($0)) })
    }

    /// The encoder with these numbers.
    package func encoder() -> PerceptualEncoder {
        let parts = Dictionary(uniqueKeysWithValues: Self.parts.map { ($0.key, $0) })
        return PerceptualEncoder.make(
            Self.architecture, Self.architecture.convolutions[...], normalization: .slim,
            pooling: Self.architecture.pooling
        ) { key, shape in
            guard let part = parts[key], part.shape == shape else { preconditionFailure("'\(key)' of \(shape)") }
            return tensor(part)
        }
    }

    private func tensor(_ part: Part) -> Tensor {
        values.withFloats { Tensor(part.shape, Array($0[part.first..<part.first + part.shape.count])) }
    }
}
