import Foundation
import Media
import Tensors

/// What a run has finished, and what it was asked for: the file `manifest.json` of its working directory.
struct RunManifest: Codable, Equatable {
    /// A finished chunk.
    struct Chunk: Codable, Equatable {
        /// What its file holds; a directory of frames has no such file, and `bytes` is 0 there.
        var contents: ChunkContents
        /// Whether the source was clean up to its end (see `FrameLabel.isClean`).
        var isClean: Bool
    }

    /// A file with what the next frame reads.
    struct Memory: Codable, Equatable {
        /// The number of the chunk that it was written at the end of.
        var chunk: Int
        /// The `ContentDigest` of its file.
        var digest: String
    }

    /// What is known once the source has ended.
    struct End: Codable, Equatable {
        /// Packets that were skipped.
        var damagedPackets: Int
    }

    static let fileName = "manifest.json"
    static let currentFormat = 1
    private static let greatestSize = 256 << 20

    /// The format of the manifest and its files.
    var format = currentFormat
    /// The source.
    var input: InputIdentity
    /// Everything that changes frames or bytes, by name.
    var settings: [String: String]
    /// How many frames there will be, where that is known.
    var expectedFrames: Int?
    /// What was finished, in order.
    var chunks: [Chunk] = []
    /// What the next frame reads; nil where it begins a shot.
    var memory: Memory?
    /// The digest of the painted frames so far.
    var framesDigest = ContentDigest().text
    /// What the user should know of what was painted so far.
    var notes: [String] = []
    /// Set once all frames are done.
    var end: End?

    /// The frames that are done.
    var frames: Int { chunks.reduce(0) { $0 + $1.contents.frames } }

    /// The bytes of the chunks.
    var bytes: Int { chunks.reduce(0) { $0 + $1.contents.bytes } }

    /// The name of a chunk's file.
    static func chunkName(_ number: Int) -> String { "chunk-\(number)" }

    /// The name of the file that a `Memory` names.
    static func memoryName(_ chunk: Int) -> String { "memory-\(chunk)" }

    /// Reads the manifest of a working directory; nil where there is none.
    ///
    /// - Throws: `.content` where it is damaged or of another format.
    static func read(from directory: WorkingDirectory) throws -> RunManifest? {
        guard let data = try directory.read(fileName, limit: greatestSize) else { return nil }
        func damaged(_ what: String) -> BrushflowError {
            BrushflowError(
                .content, "\(directory.path(of: fileName)): is damaged: \(what); give --restart to begin anew")
        }
        let manifest: RunManifest
        do {
            manifest = try JSONDecoder().decode(RunManifest.self, from: data)
        } catch {
            throw damaged("it is no manifest of a run")
        }
        guard manifest.format == currentFormat else {
            throw damaged("its format is \(manifest.format), expected \(currentFormat)")
        }
        if let fault = manifest.fault { throw damaged(fault) }
        return manifest
    }

    /// What is impossible about it; nil where nothing is.
    private var fault: String? {
        var last = Int64.min
        for (number, chunk) in chunks.enumerated() {
            let contents = chunk.contents
            guard 1...1 << 24 ~= contents.frames, 0...1 << 50 ~= contents.bytes, contents.firstPts <= contents.lastPts,
                number == 0 || contents.firstPts > last
            else { return "chunk \(number) is impossible" }
            last = contents.lastPts
        }
        if let memory, memory.chunk != chunks.count - 1 { return "chunk \(memory.chunk) is not the last one" }
        return ContentDigest(text: framesDigest) == nil ? "its digest is '\(framesDigest)'" : nil
    }

    /// Replaces the manifest of a working directory, whole or not at all.
    ///
    /// - Throws: `.output`.
    func write(to directory: WorkingDirectory, target: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        let data: Data
        do {
            data = try encoder.encode(self)
        } catch {
            throw BrushflowError(.internal, "\(target): cannot encode the manifest: \(error)")
        }
        let part = "manifest.part"
        let file = DescriptorWriter(descriptor: try directory.create(part), name: target)
        do {
            try data.withUnsafeBytes { try file.append($0) }
            try file.finish()
        } catch {
            directory.remove(part)
            throw error
        }
        directory.flush()
        try directory.rename(part, to: Self.fileName)
        directory.flush()
    }

    /// Refuses to go on where the request of now is another than that of then.
    ///
    /// - Throws: `.usage` with what differs.
    func check(input now: InputIdentity, settings nowSettings: [String: String], target: String) throws {
        let remedy = "or give --restart to begin anew (\(frames) finished frames are lost)"
        if let difference = input.difference(from: now) {
            throw BrushflowError(
                .usage,
                "\(target): a run of it was begun with another input: \(now.path) \(difference); give the input of then, "
                    + remedy)
        }
        let names = Set(settings.keys).union(nowSettings.keys).sorted()
        let differences = names.compactMap { name -> String? in
            let (then, now) = (settings[name] ?? "nothing", nowSettings[name] ?? "nothing")
            return then == now ? nil : "\(name) was \(then), is \(now)"
        }
        guard !differences.isEmpty else { return }
        throw BrushflowError(
            .usage,
            "\(target): a run of it was begun with other settings: \(differences.joined(separator: "; ")); give those of "
                + "then, \(remedy)")
    }
}
