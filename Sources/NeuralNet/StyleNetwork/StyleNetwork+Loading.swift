import Tensors

extension StyleNetwork {
    /// Loads a network from a safetensors file.
    ///
    /// Tensors: `NAME.weight` `[out, in, k, k]` and `NAME.bias` `[out]` for NAME in conv1 conv2 conv3 res1.conv1 res1.conv2 …
    /// deconv1 deconv2 deconv3 (`NAME.conv2d.weight`, as PyTorch's examples call them, will do), and of the
    /// normalisations in1 in2 in3 res1.in1 res1.in2 … in4 in5 `NAME.weight` (γ) and `NAME.bias` (β), `[styles, C]`, or `[C]`
    /// for one style. Metadata: `input_range` (0..1, 0..255) and `output_range` (0..1, 0..255, sigmoid, tanh); without
    /// them 0..255, as PyTorch's examples. A file whose metadata has `form: shuffle` is read as
    /// `StyleNetworkParameters` says.
    ///
    /// - Throws: `BrushflowError`, `.input` where the file cannot be read, `.content` with all its faults where it is no
    ///   such network.
    package static func load(path: String) throws -> StyleNetwork {
        try load(SafetensorsFile.read(path: path))
    }

    /// Loads a network; `precision` is that of the form `shuffle`, all others compute in Float32.
    ///
    /// - Throws: `.content` as above.
    package static func load(_ file: SafetensorsFile, precision: NetworkPrecision = .float) throws -> StyleNetwork {
        if file.metadata["form"] != nil {
            return StyleNetwork(try StyleNetworkParameters.load(file), precision: precision)
        }
        let layout = try layout(of: file)
        let range = StyleNetworkRange(
            input: try metadata(.bytes, key: "input_range", file: file),
            output: try metadata(.bytes, key: "output_range", file: file))
        var loader = StrictLoader(file)
        var weights: [(weight: Tensor, bias: Tensor)] = []
        var gains: [Tensor] = []
        var biases: [Tensor] = []
        for convolution in layout.convolutions {
            let key = name(of: convolution.name, in: file)
            weights.append(
                (
                    loader.take("\(key).weight", shape: convolution.shape),
                    loader.take("\(key).bias", shape: [convolution.outputs])
                ))
            guard let norm = convolution.norm else { continue }
            func take(_ part: String) -> Tensor {
                let channels = convolution.outputs
                if layout.styles == 1, file.shape(of: "\(norm).\(part)")?.rank == 1 {
                    return loader.take("\(norm).\(part)", shape: [channels]).reshaped(to: [1, channels])
                }
                return loader.take("\(norm).\(part)", shape: [layout.styles, channels])
            }
            gains.append(take("weight"))
            biases.append(take("bias"))
        }
        // What PyTorch before 0.4 kept beside an instance normalisation.
        let kept = ["running_mean", "running_var", "num_batches_tracked"]
        loader.ignore { key in layout.convolutions.contains { c in kept.contains { "\(c.norm ?? "").\($0)" == key } } }
        try loader.finish()
        let styles = (0..<layout.styles).map { style in
            func rows(_ tensors: [Tensor]) -> [[Float]] {
                tensors.map { tensor in
                    let channels = tensor.shape[1]
                    return Array(tensor.values[style * channels..<(style + 1) * channels])
                }
            }
            return StyleVector(gains: rows(gains), biases: rows(biases))
        }
        return StyleNetwork(layout: layout, range: range, weights: weights, styles: styles)
    }

    /// What the tensors that are there say about the network; the loader checks all others against it.
    private static func layout(of file: SafetensorsFile) throws -> StyleNetworkLayout {
        func fault(_ words: String) -> BrushflowError {
            BrushflowError(.content, "\(file.name): cannot load a style network: \(words)")
        }
        func shape(_ convolution: String, side: Int) throws -> Shape {
            let key = "\(name(of: convolution, in: file)).weight"
            guard let shape = file.shape(of: key) else { throw fault("'\(key)' is missing") }
            guard shape.rank == 4, shape[2] == side, shape[3] == side else {
                throw fault("'\(key)' has shape \(shape), expected [out, in, \(side), \(side)]")
            }
            return shape
        }
        let first = try shape("conv1", side: 9)
        guard first[1] == 3 || first[1] == 7 else {
            throw fault("it takes \(first[1]) channels, not 3 (frame) or 7 (frame, warped previous output, mask)")
        }
        let widths = try [first[0], shape("conv2", side: 3)[0], shape("conv3", side: 3)[0]]
        guard widths.allSatisfy({ $0 % 16 == 0 && (16...1024).contains($0) }) else {
            throw fault("its widths are \(widths), not multiples of 16 from 16 to 1024")
        }
        var blocks = 0
        while blocks < 64, file.shape(of: "\(name(of: "res\(blocks + 1).conv1", in: file)).weight") != nil {
            blocks += 1
        }
        guard blocks > 0 else { throw fault("'res1.conv1.weight' is missing") }
        var styles = 1
        if let gains = file.shape(of: "in1.weight"), gains.rank == 2 { styles = gains[0] }
        guard (1...4096).contains(styles) else { throw fault("it has \(styles) styles") }
        return StyleNetworkLayout(inputChannels: first[1], widths: widths, residualBlocks: blocks, styles: styles)
    }

    private static func name(of convolution: String, in file: SafetensorsFile) -> String {
        let published = "\(convolution).conv2d"
        return file.shape(of: "\(published).weight") == nil ? convolution : published
    }

    private static func metadata<Value: RawRepresentable<String> & CaseIterable>(
        _ otherwise: Value, key: String, file: SafetensorsFile
    ) throws -> Value {
        guard let word = file.metadata[key] else { return otherwise }
        guard let value = Value(rawValue: word) else {
            let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw BrushflowError(
                .content,
                "\(file.name): cannot load a style network: its metadata has \(key) '\(word.prefix(80))', known: \(known)"
            )
        }
        return value
    }
}
