import Foundation
import Media
import Tensors

/// What a run has finished, and what it was asked for: the file `manifest.json` of its working directory.
package struct RunManifest: Codable, Equatable {
    /// A finished chunk.
    package struct Chunk: Codable, Equatable {
        /// What its file holds; a directory of frames has no such file, and `bytes` is 0 there.
        package var contents: ChunkContents
        /// Whether the source was clean up to its end (see `FrameLabel.isClean`).
        package var isClean: Bool

        package init(contents: ChunkContents, isClean: Bool) {
            self.contents = contents
            self.isClean = isClean
        }
    }

    /// A file with what the next frame reads.
    package struct Memory: Codable, Equatable {
        /// The number of the chunk that it was written at the end of.
        package var chunk: Int
        /// The `ContentDigest` of its file.
        package var digest: String

        package init(chunk: Int, digest: String) {
            self.chunk = chunk
            self.digest = digest
        }
    }

    /// What is known once the source has ended.
    package struct End: Codable, Equatable {
        /// Packets that were skipped.
        package var damagedPackets: Int
        /// The complete result, which is about to get its name.
        package var result: FileIdentity?
    }

    package static let fileName = "manifest.json"
    package static let currentFormat = 1
    private static let greatestSize = 256 << 20
    private static let greatestCount = 1 << 58

    /// The format of the manifest and its files.
    package var format = currentFormat
    /// The source.
    package var input: InputIdentity
    /// Everything that changes frames or bytes, by name.
    package var settings: [String: String]
    /// How many frames there will be, where that is known.
    package var expectedFrames: Int?
    /// What was finished, in order.
    package var chunks: [Chunk] = []
    /// What the next frame reads; nil where it begins a shot.
    package var memory: Memory?
    /// The digest of the painted frames so far.
    package var framesDigest = ContentDigest().text
    /// What the user should know of what was painted so far.
    package var notes: [String] = []
    /// Set once all frames are done.
    package var end: End?

    /// Begins with nothing finished.
    package init(input: InputIdentity, settings: [String: String], expectedFrames: Int?) {
        self.input = input
        self.settings = settings
        self.expectedFrames = expectedFrames
    }

    /// The frames that are done.
    package var frames: Int { chunks.reduce(0) { $0 + $1.contents.frames } }

    /// The bytes of the chunks.
    package var bytes: Int { chunks.reduce(0) { $0 + $1.contents.bytes } }

    /// The name of a chunk's file.
    package static func chunkName(_ number: Int) -> String { "chunk-\(number)" }

    /// The name of the file that a `Memory` names.
    package static func memoryName(_ chunk: Int) -> String { "memory-\(chunk)" }

    /// Reads the manifest of a working directory; nil where there is none.
    ///
    /// - Throws: `.content` where it is damaged or of another format.
    package static func read(from directory: WorkingDirectory) throws -> RunManifest? {
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
        // Bounds within which sums and products of what is read cannot overflow.
        let times = -Self.greatestCount...Self.greatestCount
        var (last, bytes) = (Int64.min, 0)
        for (number, chunk) in chunks.enumerated() {
            let contents = chunk.contents
            guard 1...1 << 24 ~= contents.frames, 0...1 << 50 ~= contents.bytes, contents.firstPts <= contents.lastPts,
                number == 0 || contents.firstPts > last, times.contains(Int(contents.firstPts)),
                times.contains(Int(contents.lastPts)), bytes + contents.bytes <= Self.greatestCount
            else { return "chunk \(number) is impossible" }
            last = contents.lastPts
            bytes += contents.bytes
        }
        let counts = [("expectedFrames", expectedFrames), ("damagedPackets", end?.damagedPackets)]
        for case (let name, let count?) in counts where !(0...Self.greatestCount).contains(count) {
            return "\(name) is \(count)"
        }
        if let memory, memory.chunk != chunks.count - 1 { return "chunk \(memory.chunk) is not the last one" }
        return ContentDigest(text: framesDigest) == nil ? "its digest is '\(framesDigest)'" : nil
    }

    /// Replaces the manifest of a working directory, whole or not at all.
    ///
    /// - Throws: `.output`.
    package func write(to directory: WorkingDirectory, target: String) throws {
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
    package func check(input now: InputIdentity, settings nowSettings: [String: String], target: String) throws {
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
