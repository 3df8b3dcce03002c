import Foundation
import Tensors

/// The style of a run: one, or several with weights.
public struct StyleMixture: Sendable, Hashable {
    /// One of them.
    public struct Part: Sendable, Hashable {
        /// An image file, the name of a style that ships, or a network: `.onnx`, `.safetensors` or, for one of its styles,
        /// `.safetensors#NAME`.
        public let style: String
        /// Its weight against the others'; at least 0.
        public let weight: Double
    }

    /// At least one, not all of weight 0.
    public let parts: [Part]

    /// One style.
    public init(_ style: String) { parts = [Part(style: style, weight: 1)] }

    /// Reads `--style` arguments, `STYLE` or `STYLE:WEIGHT`.
    ///
    /// - Throws: `.usage` where there is none, a weight is no number of 0 or more, or all weights are 0.
    public init(arguments: [String]) throws {
        parts = try arguments.map(Self.part)
        guard !parts.isEmpty else { throw BrushflowError(.usage, "no style to paint with; give --style STYLE") }
        guard parts.contains(where: { $0.weight > 0 }) else {
            throw BrushflowError(.usage, "--style: the weights of all styles are 0; give one of them more")
        }
    }

    /// Its one style; nil where it is a blend.
    package var single: String? { parts.count == 1 ? parts[0].style : nil }

    /// `starry-night`, or `starry-night:0.7 great-wave:0.3`.
    public var description: String {
        single ?? parts.map { "\($0.style):\(plain($0.weight))" }.joined(separator: " ")
    }

    /// What follows the last colon is a weight, unless a file is called so or it is part of a path.
    private static func part(_ argument: String) throws -> Part {
        guard let colon = argument.lastIndex(of: ":"), !argument[colon...].contains("/"),
            !FileManager.default.fileExists(atPath: argument)
        else { return Part(style: argument, weight: 1) }
        let style = String(argument[..<colon])
        guard !style.isEmpty, let weight = Double(argument[argument.index(after: colon)...]), 0...1e6 ~= weight else {
            throw BrushflowError(
                .usage,
                "--style \(argument): after the colon stands the style's weight, a number from 0 to 1000000, such as "
                    + "\(style.isEmpty ? "starry-night" : style):0.5")
        }
        return Part(style: style, weight: weight)
    }

    private func plain(_ weight: Double) -> String { Int(exactly: weight).map { "\($0)" } ?? "\(weight)" }
}
