import CEmbedded
import Foundation
import NeuralNet
import Tensors

extension PerceptualEncoder {
    /// The slim encoder that is part of the binary.
    package static func slim() throws -> PerceptualEncoder { try load(slimFile(), pooling: nil) }

    /// Its file.
    static func slimFile() throws -> SafetensorsFile {
        let file = bf_slim_encoder()
        return try SafetensorsFile.read(
            bytes: Data(bytes: file.bytes, count: file.count), name: "slim_encoder.safetensors")
    }

    /// Loads a slim encoder or a VGG-19 (with torchvision's key names, to conv4_2 or deeper; what lies beyond
    /// conv5_1 is left out).
    ///
    /// - Parameters:
    ///   - pooling: how four pixels become one; nil for what the network was trained with: average for
    ///     the slim encoder, max for VGG-19.
    ///   - maximumBytes: of the file (`limits.tensorBytes`).
    /// - Throws: `BrushflowError`, `.input` where the file cannot be read, `.content` with all its faults where it
    ///   is not such a network.
    package static func load(
        path: String, pooling: Pooling2x2.Kind? = nil, maximumBytes: Int = TensorBytesLimit.usual
    ) throws -> PerceptualEncoder {
        try load(SafetensorsFile.read(path: path, maximumBytes: maximumBytes), pooling: pooling)
    }

    static func load(_ file: SafetensorsFile, pooling: Pooling2x2.Kind?) throws -> PerceptualEncoder {
        let architecture = try architecture(of: file)
        let named = try normalization(of: file)
        try checkPadding(of: file)
        let pooling = try pooling ?? self.pooling(of: file) ?? architecture.pooling
        var loader = StrictLoader(file)
        let encoder = make(
            architecture, present(architecture.convolutions, of: architecture, in: file), normalization: named,
            pooling: pooling
        ) { loader.take($0, shape: $1) }
        loader.ignore(where: architecture.mayHave)
        try loader.finish()
        return encoder
    }

    /// Builds an encoder.
    ///
    /// - Parameters:
    ///   - normalization: nil for the architecture's usual one.
    ///   - take: gives the tensor of a key and shape.
    static func make(
        _ architecture: EncoderArchitecture, _ convolutions: ArraySlice<EncoderArchitecture.Convolution>,
        normalization: EncoderNormalization?, pooling: Pooling2x2.Kind, take: (String, Shape) -> Tensor
    ) -> PerceptualEncoder {
        var steps: [EncoderStep] = []
        var taps: [EncoderTap] = []
        var stride = 1
        for convolution in convolutions {
            if convolution.followsPooling {
                stride *= 2
                steps.append(.pooling(Pooling2x2(pooling)))
            }
            let isStyle = convolution.name.hasSuffix("_1")
            let isContent = convolution.name == architecture.contentTap
            let weight = take("\(convolution.key).weight", [convolution.outputs, convolution.inputs, 3, 3])
            let bias = take("\(convolution.key).bias", [convolution.outputs])
            let layer = Convolution3x3(weight: weight, bias: bias, padding: .reflection, rectified: true)
            steps.append(.convolution(layer, tap: isStyle || isContent ? taps.count : nil))
            guard isStyle || isContent else { continue }
            var metric: Tensor?
            let block = stride.trailingZeroBitCount
            if let channels = architecture.adapterChannels(block: block) {
                metric = squared(take("adapter\(block + 1)", [channels, convolution.outputs]))
            }
            taps.append(
                EncoderTap(
                    name: "relu\(convolution.name)", channels: convolution.outputs, stride: stride, metric: metric,
                    isStyle: isStyle, isContent: isContent))
        }
        return PerceptualEncoder(
            name: architecture.rawValue, layers: taps, assumedNormalization: normalization == nil, pooling: pooling,
            normalization: (normalization ?? architecture.normalization).layer, steps: steps)
    }

    private static func architecture(of file: SafetensorsFile) throws -> EncoderArchitecture {
        if let name = file.metadata["architecture"] {
            return try value(EncoderArchitecture.self, named: name, what: "architecture", file: file)
        }
        let found = EncoderArchitecture.allCases.first { architecture in
            architecture.convolutions.prefix(1).contains { file.shape(of: "\($0.key).weight") != nil }
        }
        guard let found else {
            throw BrushflowError(
                .content,
                "\(file.name): cannot load a perceptual encoder: it has neither 'conv1_1.weight' (slim encoder) nor "
                    + "'features.0.weight' (VGG-19)")
        }
        return found
    }

    private static func normalization(of file: SafetensorsFile) throws -> EncoderNormalization? {
        try file.metadata["normalization"].map {
            try value(EncoderNormalization.self, named: $0, what: "normalization", file: file)
        }
    }

    private static func pooling(of file: SafetensorsFile) throws -> Pooling2x2.Kind? {
        switch file.metadata["pooling"] {
        case nil: nil
        case "average": .average
        case "max": .max
        case let other?: throw unknown(other, what: "pooling", known: ["average", "max"], file: file)
        }
    }

    private static func checkPadding(of file: SafetensorsFile) throws {
        guard let padding = file.metadata["padding"], padding != "reflect" else { return }
        throw unknown(padding, what: "padding", known: ["reflect"], file: file)
    }

    private static func value<Value: RawRepresentable<String> & CaseIterable>(
        _ type: Value.Type, named name: String, what: String, file: SafetensorsFile
    ) throws -> Value {
        guard let value = Value(rawValue: name) else {
            throw unknown(name, what: what, known: Value.allCases.map(\.rawValue), file: file)
        }
        return value
    }

    private static func unknown(
        _ name: String, what: String, known: [String], file: SafetensorsFile
    ) -> BrushflowError {
        BrushflowError(
            .content,
            "\(file.name): cannot load a perceptual encoder: its metadata has \(what) '\(name.prefix(80))', known: "
                + known.joined(separator: ", "))
    }

    /// The convolutions that a file has to have: all as far as its deepest one, and at least to the content tap.
    private static func present(
        _ convolutions: [EncoderArchitecture.Convolution], of architecture: EncoderArchitecture,
        in file: SafetensorsFile
    ) -> ArraySlice<EncoderArchitecture.Convolution> {
        let content = convolutions.firstIndex { $0.name == architecture.contentTap } ?? convolutions.count - 1
        let deepest = convolutions.lastIndex {
            file.shape(of: "\($0.key).weight") != nil || file.shape(of: "\($0.key).bias") != nil
        }
        return convolutions[...max(content, deepest ?? 0)]
    }

    /// AᵀA, exactly symmetric, of a map `[other's channels, C]`.
    private static func squared(_ adapter: Tensor) -> Tensor {
        let (rows, channels) = (adapter.shape[0], adapter.shape[1])
        var square = Tensor([channels, channels])
        square.withMutableFloats { square in
            adapter.withFloats { adapter in
                guard let a = adapter.baseAddress, let c = square.baseAddress else { return }
                MatrixMultiply.multiply(
                    m: channels, n: channels, k: rows, a: a, lda: channels, transposeA: true, b: a, ldb: channels,
                    c: c, ldc: channels)
                for row in 0..<channels {
                    for column in 0..<row { c[row * channels + column] = c[column * channels + row] }
                }
            }
        }
        return square
    }
}
