import Tensors

/// A codec and what it is told, checked against what it takes.
public struct EncoderSettings: Hashable, Sendable {
    /// The codec.
    public let codec: VideoCodec
    /// The file format.
    public let container: OutputContainer
    /// The constant rate factor; nil in codecs without one.
    public let crf: Double?
    /// The preset; nil for the codec's own.
    public let preset: String?
    /// Bits of a sample, 8 or 10.
    public let bitDepth: Int
    /// Whether frames come faster than x264's usual preset, `medium`, encodes them: it hurries then, unless a preset was
    /// asked for.
    public let keepsPace: Bool
    /// Threads of the encoder; the bytes of some codecs depend on it.
    public let threads: Int

    /// Checks an encoder's options.
    ///
    /// - Parameters:
    ///   - codec: nil for the container's standard.
    ///   - bitDepth: nil for 8, or 10 in ProRes.
    /// - Throws: `.usage` where the container does not hold the codec, or the codec does not take an option or its
    ///   value; the sentence lists what would do.
    public init(
        codec: VideoCodec? = nil, container: OutputContainer, crf: Double? = nil, preset: String? = nil,
        bitDepth: Int? = nil, keepsPace: Bool = false, threads: Int = 2
    ) throws {
        let codec = codec ?? .standard(for: container)
        guard codec.containers.contains(container) else {
            let fitting = codec.containers.map { ".\($0.rawValue)" }.joined(separator: ", ")
            throw BrushflowError(
                .usage, "codec \(codec.rawValue) does not go into .\(container.rawValue); name the output \(fitting)")
        }
        if let crf { try Self.check(crf: crf, of: codec) }
        if let preset, !codec.presets.contains(preset) {
            let remedy = codec.presets.isEmpty ? "leave --preset out" : "give one of \(Self.list(codec.presets))"
            throw BrushflowError(.usage, "codec \(codec.rawValue) has no preset '\(preset)'; \(remedy)")
        }
        if let bitDepth, !codec.bitDepths.contains(bitDepth) {
            let depths = codec.bitDepths.map { "\($0)" }.joined(separator: " or ")
            throw BrushflowError(.usage, "codec \(codec.rawValue) has no bit depth of \(bitDepth); give \(depths)")
        }
        guard threads >= 1, threads <= 64 else {
            throw BrushflowError(.usage, "an encoder cannot use \(threads) threads; give 1 to 64")
        }
        self.codec = codec
        self.container = container
        self.crf = crf ?? codec.standardCRF
        self.preset = preset
        self.bitDepth = bitDepth ?? codec.bitDepths[0]
        self.keepsPace = keepsPace
        self.threads = threads
    }

    private static func check(crf: Double, of codec: VideoCodec) throws {
        guard let range = codec.crfRange else {
            throw BrushflowError(.usage, "codec \(codec.rawValue) has no rate factor; leave --crf out")
        }
        let whole = crf == crf.rounded()
        guard range.contains(crf), whole || codec.takesFractionalCRF else {
            let kind = codec.takesFractionalCRF ? "a number" : "a whole number"
            let bounds = "\(Int(range.lowerBound)) to \(Int(range.upperBound))"
            let shown = whole && abs(crf) < 1e9 ? "\(Int(crf))" : "\(crf)"
            throw BrushflowError(
                .usage, "codec \(codec.rawValue) has no rate factor \(shown); give \(kind) from \(bounds)")
        }
    }

    private static func list(_ words: [String]) -> String { words.joined(separator: ", ") }
}
