import Media
import Tensors

/// A run that keeps what it has finished in a working directory, and goes on from there.
///
/// Not thread-safe: used by the sink while the pipeline runs.
final class ResumableRun {
    /// The output.
    let target: String
    /// The directory, locked.
    let directory: WorkingDirectory
    /// What is finished.
    private(set) var manifest: RunManifest
    /// The frames that are finished.
    private(set) var framesDone: Int
    /// Whether an earlier run was found.
    let isContinued: Bool

    /// Begins a run, or goes on with the one whose working directory is there.
    ///
    /// - Parameter restarts: whether that is removed first.
    /// - Throws: as `WorkingDirectory` and `RunManifest`; `.content` where a finished chunk is missing.
    init(
        target: String, input: InputIdentity, settings: [String: String], expectedFrames: Int?, restarts: Bool
    ) throws {
        self.target = target
        directory = try WorkingDirectory(target: target)
        if restarts { directory.removeFiles() }
        let found = try RunManifest.read(from: directory)
        isContinued = found != nil
        manifest = found ?? RunManifest(input: input, settings: settings, expectedFrames: expectedFrames)
        framesDone = manifest.frames
        if found != nil {
            try manifest.check(input: input, settings: settings, target: target)
            try checkFiles()
        }
        removeStrays()
        if found == nil { try manifest.write(to: directory, target: target) }
    }

    /// Where the source goes on; nil at its start.
    func place(memory: PaintingMemory?) -> ResumePlace? {
        manifest.chunks.last.map {
            ResumePlace(
                frames: framesDone, pts: $0.contents.lastPts, isClean: $0.isClean, luma: memory?.flow.frame.luma)
        }
    }

    /// What the next frame reads, for frames of a size; nil where it begins a shot.
    ///
    /// - Throws: `.content` where the file is damaged.
    func memory(width: Int, height: Int, rows: ParallelRows) throws -> PaintingMemory? {
        guard let memory = manifest.memory else { return nil }
        let name = RunManifest.memoryName(memory.chunk)
        let path = directory.path(of: name)
        let data = try directory.read(name, limit: 1 << 16 + width * height * 32) ?? .init()
        var digest = ContentDigest()
        data.withUnsafeBytes { digest.add($0) }
        guard digest.text == memory.digest else {
            throw BrushflowError(.content, "\(path): is damaged; give --restart to begin anew")
        }
        return try MemoryFile.read(data, name: path, width: width, height: height, rows: rows)
    }

    /// Records a chunk, which is on the disk, after its last frame.
    ///
    /// - Throws: `.output` where that cannot be written; the chunk does not count then.
    func record(_ contents: ChunkContents, after last: PaintedFrame) throws {
        var next = manifest
        let number = next.chunks.count
        next.chunks.append(RunManifest.Chunk(contents: contents, isClean: last.label.isClean))
        next.framesDigest = last.digest.text
        next.memory = try last.memory.map { try keep($0, number) }
        if let notes = last.memory?.notes { next.notes = notes }
        try next.write(to: directory, target: target)
        let former = manifest.memory
        manifest = next
        framesDone += contents.frames
        if let former { directory.remove(RunManifest.memoryName(former.chunk)) }
    }

    private func keep(_ memory: PaintingMemory, _ number: Int) throws -> RunManifest.Memory {
        let (part, name) = ("memory.part", RunManifest.memoryName(number))
        let file = DescriptorWriter(descriptor: try directory.create(part), name: target)
        do {
            try MemoryFile.write(memory, to: file)
            try file.finish()
        } catch {
            directory.remove(part)
            throw error
        }
        try directory.rename(part, to: name)
        return RunManifest.Memory(chunk: number, digest: file.digest.text)
    }

    /// Records that the source has ended.
    ///
    /// - Throws: `.output`.
    func end(damagedPackets: Int, notes: [String]) throws {
        manifest.end = RunManifest.End(damagedPackets: damagedPackets)
        manifest.notes = notes
        try manifest.write(to: directory, target: target)
    }

    /// Records the complete result, before it gets its name: a run that is killed after that has nothing left to do.
    ///
    /// - Throws: `.output`.
    func announce(resultAt path: String) throws {
        manifest.end?.result = FileIdentity(path: path)
        try manifest.write(to: directory, target: target)
    }

    /// Whether the file under the target's name is the complete result.
    var hasResult: Bool { Self.hasResult(manifest, target) }

    /// Whether a target is the complete result of a run that was killed before it could tidy up.
    static func hasResult(at target: String) -> Bool {
        guard let directory = try? WorkingDirectory(lookingAt: target),
            let manifest = try? RunManifest.read(from: directory)
        else { return false }
        return hasResult(manifest, target)
    }

    private static func hasResult(_ manifest: RunManifest, _ target: String) -> Bool {
        manifest.end?.result.map { $0 == FileIdentity(path: target) } ?? false
    }

    /// What an error becomes that ends the run: where something is finished it says so, and where nothing is nothing is
    /// left.
    func leave(after error: any Error, keepsNothing: Bool = true) -> any Error {
        if manifest.chunks.isEmpty, manifest.end == nil {
            if keepsNothing { directory.removeAll() }
            return error
        }
        guard directory.isThere, let error = error as? BrushflowError else { return error }
        let all = manifest.expectedFrames.map { " of \($0)" } ?? ""
        return BrushflowError(
            error.kind,
            "\(error.message); \(framesDone)\(all) frames are finished and kept in \(directory.path): the same command goes "
                + "on after them")
    }

    /// Removes all that is kept: the result has its name.
    func finish() { directory.removeAll() }

    /// Every recorded chunk must be there in its size.
    private func checkFiles() throws {
        for (number, chunk) in manifest.chunks.enumerated() where chunk.contents.bytes > 0 {
            let name = RunManifest.chunkName(number)
            guard directory.size(of: name) == chunk.contents.bytes else {
                throw BrushflowError(
                    .content, "\(directory.path(of: name)): is missing or damaged; give --restart to begin anew")
            }
        }
    }

    /// Removes what a run that was killed had begun.
    private func removeStrays() {
        var known: Set = [RunManifest.fileName]
        for number in manifest.chunks.indices { known.insert(RunManifest.chunkName(number)) }
        if let memory = manifest.memory { known.insert(RunManifest.memoryName(memory.chunk)) }
        directory.removeFiles(except: known)
    }
}
