import Foundation
import Testing

/// A clip with sound, painted in chunks, that can be stopped after any of them: of 110 frames in five chunks of a shot, or of
/// three shots.
struct StoppedRun {
    let place: Workplace
    private let words: [String]
    static let frames = 110
    /// The frames of a chunk within a long shot.
    static let chunk = 25
    static let words = [
        "--style", "swirl", "--set", "stylize.steps=4,2", "--set", "stylize.nextSteps=0,2", "--set",
        "encode.chunkFrames=29", "--json",
    ]

    /// Draws the clip.
    ///
    /// - Parameter pictures: ffmpeg's words for its frames, before those for its sound and its codecs.
    init(
        pictures: String = "-f lavfi -i mandelbrot=s=48x36:r=25 -f lavfi -i sine -t 4.4", words: [String] = Self.words
    ) throws {
        self.words = words
        place = try Workplace()
        try place.ffmpeg("\(pictures) -c:v libx264 -pix_fmt yuv420p -c:a aac", to: "clip.mp4")
    }

    /// Runs to the end.
    func run(_ output: String, _ more: String..., words: [String]? = nil) throws -> CommandRun {
        try CommandRun.run(
            CommandRun.brushflow, ["stylize", "clip.mp4", "-o", output] + (words ?? self.words) + more, in: place.url)
    }

    /// Starts a run and waits until so many frames, by default the first chunk's, are finished.
    func start(_ output: String, untilKept frames: Int = Self.chunk, _ more: String...) throws -> RunningCommand {
        let command = try CommandRun.start(
            CommandRun.brushflow, ["stylize", "clip.mp4", "-o", output] + words + more, in: place.url)
        let name = output.hasSuffix("/") ? String(output.dropLast()) : output
        while command.isRunning, try framesKept(name) < frames { usleep(3000) }
        return command
    }

    /// Runs until so many frames are finished, and stops it by a signal then.
    func stop(_ output: String, by signal: Int32, atFrames frames: Int = Self.chunk) throws -> CommandRun {
        let command = try start(output, untilKept: frames)
        command.signal(signal)
        return try command.wait()
    }

    /// The finished frames that the manifest tells of.
    func framesKept(_ output: String) throws -> Int {
        let file = place.path(".\(output).brushflow/manifest.json")
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return 0 }
        return text.matches(of: /"frames" : (\d+)/).reduce(0) { $0 + (Int($1.1) ?? 0) }
    }

    /// A member of the last line of `--json`.
    static func member(_ name: String, of run: CommandRun) throws -> String {
        let done = try #require(run.output.split(separator: "\n").last { $0.contains("\"event\":\"done\"") })
        return String(try #require(done.firstMatch(of: try Regex("\"\(name)\":\"?([0-9a-f.]+)"))?.output[1].substring))
    }

    /// Copies a directory, its permissions included.
    func copy(_ name: String, to copy: String) throws {
        _ = try CommandRun.run("/bin/cp", ["-a", name, copy], in: place.url)
    }

    func bytes(_ name: String) throws -> Data { try Data(contentsOf: place.url.appendingPathComponent(name)) }
}
