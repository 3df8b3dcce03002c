import NeuralNet
import Stylization
import Tensors

/// A style of a network that was learned: one that ships, or one of a `.safetensors` file.
struct LearnedStyle {
    /// As the user named it.
    let argument: String
    /// Its network.
    let file: SafetensorsFile
    /// Which of the network's styles.
    let index: Int
    /// How many there are.
    let count: Int

    /// Finds the style that an argument names: a style that ships, a file, whose style `configuration` numbers, or
    /// `FILE#NAME`; nil where it names something else.
    ///
    /// - Parameter maximumBytes: of the file.
    /// - Throws: as `SafetensorsFile.read`; `.usage` where the network has no such style, or a setting does not go with it.
    init?(_ argument: String, _ configuration: NetworkConfiguration, maximumBytes: Int) throws {
        self.argument = argument
        if let parts = argument.wholeMatch(of: /((?i:.+\.safetensors))(?:#(.+))?/) {
            try Self.check(configuration, argument)
            file = try SafetensorsFile.read(path: String(parts.1), maximumBytes: maximumBytes)
            count = Self.count(file)
            if let name = parts.2 {
                index = try Self.index(of: String(name), in: file, argument)
            } else {
                index = configuration.style
            }
            guard (0..<count).contains(index) else {
                throw BrushflowError(
                    .usage,
                    "\(argument): network.style is \(index), but the network has \(count) styles; give 0…\(count - 1)")
            }
            return
        }
        let bundled = try BundledStyles.file()
        guard let known = StyleCatalogue.names(bundled).firstIndex(of: argument) else { return nil }
        try Self.check(configuration, argument)
        (file, index, count) = (bundled, known, Self.count(bundled))
        guard configuration.style == 0 else {
            throw BrushflowError(
                .usage,
                "network.style is \(configuration.style), but --style \(argument) is one style; leave it out")
        }
    }

    /// The network and this style of it.
    ///
    /// - Throws: as `StyleNetwork.load`.
    func network(_ precision: NetworkPrecision) throws -> (network: StyleNetwork, style: StyleVector) {
        let network = try StyleNetwork.load(file, precision: precision)
        return (network, network.styles[index])
    }

    /// What its painting measured; nil where its file does not say.
    ///
    /// - Parameter encoder: that of the run.
    /// - Throws: `.usage` where that is not the slim one, by which paintings are measured; `.content` where the file is
    ///   damaged.
    func target(_ encoder: PerceptualEncoder) throws -> StyleTarget? {
        guard StyleTarget.isMeasured(in: file) else { return nil }
        guard encoder.isSlim else {
            throw BrushflowError(
                .usage,
                "\(argument): is known as the slim encoder sees it, not \(encoder.name); leave --encoder out, or give "
                    + "the painting itself")
        }
        return try StyleTarget(file, style: index, styles: count, encoder: encoder)
    }

    private static func check(_ configuration: NetworkConfiguration, _ argument: String) throws {
        guard configuration.inputRange != nil else { return }
        throw BrushflowError(
            .usage,
            "\(argument): --input-range is for ONNX networks; a safetensors network says its range in its metadata "
                + "(input_range)")
    }

    private static func count(_ file: SafetensorsFile) -> Int {
        guard let shape = file.shape(of: "in1.weight"), shape.rank == 2 else { return 1 }
        return max(1, shape[0])
    }

    private static func index(of name: String, in file: SafetensorsFile, _ argument: String) throws -> Int {
        let names = StyleCatalogue.names(file).prefix(count(file))
        guard let index = names.firstIndex(of: name) else {
            let known = names.isEmpty ? "names none" : "has \(names.joined(separator: ", "))"
            throw BrushflowError(.usage, "\(argument): there is no style '\(name)'; the network \(known)")
        }
        return index
    }
}
