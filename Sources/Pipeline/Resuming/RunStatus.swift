import Foundation
import Tensors

/// What is done of a run that makes a target, read from its working directory without disturbing it.
public struct RunStatus: Sendable, Equatable {
    /// How the run stands.
    public enum State: String, Sendable {
        /// A process is at work on it.
        case running
        /// It was stopped; the same command goes on.
        case stopped
        /// The target is there, and nothing is under way.
        case finished
    }

    /// The output that was asked about.
    public var target: String
    /// How the run stands.
    public var state: State
    /// The working directory; nil where there is none.
    public var directory: String?
    /// The source, as it was named.
    public var input: String?
    /// Frames that are finished.
    public var frames = 0
    /// Frames that there will be, where that is known.
    public var expectedFrames: Int?
    /// Frames of each finished chunk, in order.
    public var chunkFrames: [Int] = []
    /// Bytes of the finished chunks.
    public var bytes = 0
    /// Whether all frames are painted and only the joining is left.
    public var isPainted = false
    /// Everything that the frames and bytes depend on, by name.
    public var settings: [String: String] = [:]

    /// Looks at a target.
    ///
    /// - Throws: `.input` where there is neither a run nor a target; `.output` and `.content` where its working directory is
    ///   not what a run leaves.
    public init(target: String) throws {
        self.target = target
        guard let directory = try WorkingDirectory(lookingAt: target) else {
            guard FileManager.default.fileExists(atPath: target) else {
                throw BrushflowError(
                    .input, "\(target): no run of it was begun here; `brushflow stylize INPUT -o \(target)` begins one")
            }
            state = .finished
            return
        }
        self.directory = directory.path
        state = directory.isLocked ? .running : .stopped
        guard let manifest = try RunManifest.read(from: directory) else { return }
        input = manifest.input.path
        frames = manifest.frames
        expectedFrames = manifest.expectedFrames
        chunkFrames = manifest.chunks.map(\.contents.frames)
        bytes = manifest.bytes
        isPainted = manifest.end != nil
        settings = manifest.settings
    }
}
