import Foundation
import Testing

/// A clip of 110 frames with sound, painted in five chunks within a shot, that can be stopped after any of them.
struct StoppedRun {
    let place: Workplace
    static let frames = 110
    static let words = [
        "--style", "swirl", "--set", "stylize.steps=4,2", "--set", "stylize.nextSteps=0,2", "--set",
        "encode.chunkFrames=25", "--json",
    ]

    init() throws {
        place = try Workplace()
        try place.ffmpeg(
            "-f lavfi -i mandelbrot=s=48x36:r=25 -f lavfi -i sine -t 4.4 -c:v libx264 -pix_fmt yuv420p -c:a aac",
            to: "clip.mp4")
    }

    /// Runs to the end.
    func run(_ output: String, _ more: String..., words: [String] = Self.words) throws -> CommandRun {
        try CommandRun.run(
            CommandRun.brushflow, ["stylize", "clip.mp4", "-o", output] + words + more, in: place.url)
    }

    /// Runs until a chunk is finished, and stops it by a signal then.
    func stop(_ output: String, by signal: Int32, afterChunk chunk: Int = 0, manifestOf name: String? = nil) throws
        -> CommandRun
    {
        let command = try CommandRun.start(
            CommandRun.brushflow, ["stylize", "clip.mp4", "-o", output] + Self.words, in: place.url)
        while command.isRunning, try framesKept(name ?? output) < 25 * (chunk + 1) { usleep(3000) }
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
