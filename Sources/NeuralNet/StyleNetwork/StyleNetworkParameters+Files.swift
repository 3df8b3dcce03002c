import Tensors

extension StyleNetworkParameters {
    /// Loads a network of the form `shuffle`.
    ///
    /// Tensors: `NAME.weight` `[out, in, 3, 3]` for NAME in stem, res1.conv1, res1.conv2 …, up, and `[3, in, 5, 5]` for last; `last.bias` `[3]`; of
    /// the normalisations in1, res1.in1, res1.in2 …, in2 `NAME.weight` (γ) and `NAME.bias` (β), `[styles, C]`. Metadata:
    /// `form`, and `style.0`, `style.1` … with the styles' names. Tensors `gram.…` are left to whoever compares paintings.
    ///
    /// - Parameter besides: tensors that the file may have for other uses.
    /// - Throws: `BrushflowError`, `.content` with all its faults where it is no such network.
    package static func load(_ file: SafetensorsFile, besides: Set<String> = []) throws -> StyleNetworkParameters {
        let layout = try layout(of: file)
        var loader = StrictLoader(file)
        var values = Tensor([count(layout)])
        var position = 0
        func append(_ tensor: Tensor) {
            values.withMutableFloats { floats in
                tensor.withFloats { _ = floats[position...].update(fromContentsOf: $0) }
            }
            position += tensor.count
        }
        for convolution in layout.convolutions {
            append(loader.take("\(convolution.name).weight", shape: convolution.shape))
        }
        append(loader.take("last.bias", shape: [3]))
        let norms = layout.convolutions.compactMap { convolution in
            convolution.norm.map { (name: $0, shape: Shape([layout.styles, convolution.outputs])) }
        }
        let pairs = norms.map {
            (loader.take("\($0.name).weight", shape: $0.shape), loader.take("\($0.name).bias", shape: $0.shape))
        }
        loader.ignore { besides.contains($0) || $0.hasPrefix(statisticsPrefix) }
        try loader.finish()
        for style in 0..<layout.styles {
            for (gains, biases) in pairs {
                append(gains.row(style))
                append(biases.row(style))
            }
        }
        let names = (0..<layout.styles).map { file.metadata["style.\($0)"] ?? "style \($0)" }
        return StyleNetworkParameters(layout: layout, names: names, values: values)
    }

    /// Loads a network of the form `shuffle` from a file.
    ///
    /// - Throws: `BrushflowError`, `.input` where it cannot be read, `.content` where it is no such network.
    package static func load(path: String) throws -> StyleNetworkParameters {
        try load(SafetensorsFile.read(path: path))
    }

    /// How the names of tensors begin that say what the styles' paintings were like.
    package static let statisticsPrefix = "gram."

    /// Writes the network, whole or not at all; `halves`: as F16.
    ///
    /// - Throws: `BrushflowError`, `.output`.
    package func write(path: String, halves: Bool = true) throws {
        try SafetensorsFile.write(tensors: tensors, metadata: metadata, halves: halves, path: path)
    }

    /// The tensors as a file has them.
    package var tensors: [String: Tensor] {
        var tensors: [String: Tensor] = ["last.bias": Tensor([3], lastBias)]
        let styles = (0..<layout.styles).map(style)
        var norm = 0
        for (index, convolution) in layout.convolutions.enumerated() {
            tensors["\(convolution.name).weight"] = filters(index)
            guard let name = convolution.norm else { continue }
            let shape: Shape = [layout.styles, convolution.outputs]
            tensors["\(name).weight"] = Tensor(shape, styles.flatMap { $0.gains[norm] })
            tensors["\(name).bias"] = Tensor(shape, styles.flatMap { $0.biases[norm] })
            norm += 1
        }
        return tensors
    }

    /// The metadata as a file has it.
    package var metadata: [String: String] {
        var metadata = ["form": layout.form.rawValue]
        for (index, name) in names.enumerated() { metadata["style.\(index)"] = name }
        return metadata
    }

    private static func layout(of file: SafetensorsFile) throws -> StyleNetworkLayout {
        func fault(_ words: String) -> BrushflowError {
            BrushflowError(.content, "\(file.name): cannot load a style network: \(words)")
        }
        func shape(_ key: String, rank: Int) throws -> Shape {
            guard let shape = file.shape(of: key) else { throw fault("'\(key)' is missing") }
            guard shape.rank == rank else {
                throw fault("'\(key)' has shape \(shape), expected one of \(rank) extents")
            }
            return shape
        }
        let form = file.metadata["form"] ?? ""
        guard form == StyleNetworkLayout.Form.shuffle.rawValue else {
            throw fault("its metadata has form '\(form.prefix(80))', known: shuffle")
        }
        let stem = try shape("stem.weight", rank: 4)
        guard stem[1] == 48 || stem[1] == 112 else {
            throw fault(
                "'stem.weight' takes \(stem[1]) channels, not 48 (4×4 pixels of the frame) or 112 (of the frame, warped "
                    + "previous output, mask)")
        }
        let widths = [try shape("up.weight", rank: 4)[0], stem[0]]
        guard widths.allSatisfy({ $0 % 16 == 0 && (16...1024).contains($0) }) else {
            throw fault("its widths are \(widths), not multiples of 16 from 16 to 1024")
        }
        let blocks = (1...64).prefix { file.shape(of: "res\($0).conv1.weight") != nil }.count
        let styles = try shape("in1.weight", rank: 2)[0]
        guard (1...4096).contains(styles) else { throw fault("it has \(styles) styles") }
        return StyleNetworkLayout(
            form: .shuffle, inputChannels: stem[1] / 16, widths: widths, residualBlocks: blocks, styles: styles)
    }
}

extension Tensor {
    /// A row of a matrix.
    fileprivate func row(_ index: Int) -> Tensor {
        let size = shape[1]
        return withFloats { Tensor([size], Array($0[index * size..<(index + 1) * size])) }
    }
}
