import Foundation
import Media
import Tensors

/// Everything besides the input that a run's frames and bytes depend on, by name.
enum RunIdentity {
    /// Settings that change neither.
    private static let immaterial: Set = [
        "run.mode", "run.queueDepth", "limits.pixels", "limits.frames", "limits.tensorBytes", "limits.damagedPackets",
    ]

    /// Gathers it.
    ///
    /// - Throws: `.input` where a file that a setting names cannot be read.
    static func settings(of request: StylizeRequest) throws -> [String: String] {
        var settings: [String: String] = [
            "brushflow": Diagnostics.version, "libavcodec and libavformat": MediaVersions.text,
            "processor (BRUSHFLOW_CPU)": KernelLevel.name, "--seed": "\(request.seed)",
            "--style": request.style?.description ?? "none", "--fps": "\(request.frameRate)",
            "segment": segment(request.segment), "comparison": "\(request.compares)",
        ]
        for key in ConfigurationKeys.all where !immaterial.contains(key.name) {
            settings[key.name] = key.read(request.configuration)
        }
        var files = request.style?.parts.map { $0.style } ?? []
        files += [request.configuration.learnedStyle, request.configuration.encoderPath].compactMap { $0 }
        for name in files {
            // A style of a network's file is named after a '#'.
            let path = [name, String(name.prefix { $0 != "#" })].first(where: FileManager.default.fileExists)
            if let path { settings["content of \(name)"] = try digest(ofFile: path) }
        }
        if let clip = request.audioFrom { settings["audio of \(clip)"] = try digest(ofFile: clip) }
        return settings
    }

    private static func segment(_ segment: MediaSegment?) -> String {
        guard let segment else { return "all" }
        return "\(segment.from) s to \(segment.to.map { "\($0) s" } ?? "the end")"
    }

    private static func digest(ofFile path: String) throws -> String {
        do {
            var digest = ContentDigest()
            digest.add(try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped))
            return digest.text
        } catch {
            throw BrushflowError(.input, "\(path): cannot be read")
        }
    }
}
