import Media
import NeuralNet
import Stylization
import Tensors

/// What a style argument turns out to be.
enum StyleSource {
    /// A style of a learned network.
    case learned(LearnedStyle)
    /// An ONNX network's file.
    case published(String)
    /// An image file, or the name of a drawn style.
    case painting(String)

    /// Looks at an argument.
    ///
    /// - Throws: as `LearnedStyle`; `.usage` where a setting does not go with a painting.
    init(_ style: String, _ configuration: Configuration) throws {
        if PaintingNetwork.isONNX(path: style) {
            self = .published(style)
        } else if let learned = try LearnedStyle(
            style, configuration.network, maximumBytes: configuration.run.maximumTensorBytes)
        {
            self = .learned(learned)
        } else if let range = configuration.network.inputRange {
            throw BrushflowError(
                .usage, "--input-range \(range.rawValue) is for ONNX networks, but the style is '\(style)'")
        } else {
            self = .painting(style)
        }
    }

    /// What pictures are compared with; nil for a network whose painting is not known.
    ///
    /// - Throws: as `StyleCatalogue.painting` and `LearnedStyle.target`.
    func reference(_ configuration: Configuration, _ encoder: PerceptualEncoder) throws -> StyleReference? {
        switch self {
        case .published: nil
        case .learned(let style): try style.target(encoder).map { .measured($0) }
        case .painting(let style):
            .painting(try StyleCatalogue.painting(for: style, maximumPixels: configuration.run.maximumPixels))
        }
    }

    /// As `reference`, where there has to be one.
    ///
    /// - Throws: also `.usage` where there is none.
    func knownReference(_ configuration: Configuration, _ encoder: PerceptualEncoder) throws -> StyleReference {
        if let reference = try reference(configuration, encoder) { return reference }
        throw BrushflowError(
            .usage, "\(argument): is a network that does not say what its painting was like; give the painting itself")
    }

    /// As the user named it.
    var argument: String {
        switch self {
        case .learned(let style): style.argument
        case .published(let name), .painting(let name): name
        }
    }
}
