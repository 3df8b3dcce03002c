import ArgumentParser
import Brushflow

/// The encoder's options, as ffmpeg's users know them.
struct EncodeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("h264, hevc, av1, vp9, ffv1 or prores.", valueName: "NAME"))
    var codec: String?

    @Option(help: ArgumentHelp("Constant rate factor, as the codec knows it.", valueName: "N"))
    var crf: String?

    @Option(help: ArgumentHelp("The encoder's preset, as the codec knows it.", valueName: "NAME"))
    var preset: String?

    @Option(help: ArgumentHelp("Bits a sample: 8 or 10.", valueName: "N"))
    var bitDepth: String?

    /// Edits the section `encode`.
    func apply(to configuration: inout Configuration) throws {
        let flags = [
            ("--codec", "encode.codec", codec), ("--crf", "encode.crf", crf), ("--preset", "encode.preset", preset),
            ("--bit-depth", "encode.bitDepth", bitDepth),
        ]
        for (flag, key, value) in flags {
            if let value { try configuration.apply(value, for: key, flag: flag) }
        }
    }
}
