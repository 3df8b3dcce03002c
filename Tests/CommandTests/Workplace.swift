import Foundation

/// A directory of its own for one test, removed afterwards.
final class Workplace {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
            .appendingPathComponent("brushflow-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// The names in it, hidden ones included, sorted.
    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted() }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: url.appendingPathComponent(name))
    }

    /// Makes a file with ffmpeg: the words between `ffmpeg -y` and the name.
    func ffmpeg(_ words: String, to name: String) throws {
        let arguments = ["-nostdin", "-v", "error", "-y"] + words.split(separator: " ").map(String.init) + [name]
        let made = try CommandRun.run("/usr/bin/ffmpeg", arguments, in: url)
        if made.status != 0 { throw Fault(message: made.errors) }
    }

    /// What ffprobe prints of the first video stream's entries, one `key=value` a line.
    func probe(_ name: String, _ entries: String, stream: String = "v:0") throws -> String {
        let words = [
            "-v", "error", "-select_streams", stream, "-show_entries", entries, "-of", "default=noprint_wrappers=1",
            name,
        ]
        return try CommandRun.run("/usr/bin/ffprobe", words, in: url).output
    }

    /// The checksums of a video's decoded frames.
    func frameChecksums(_ name: String) throws -> [String] {
        let words = ["-nostdin", "-v", "error", "-i", name, "-map", "0:v:0", "-f", "framemd5", "-"]
        let run = try CommandRun.run("/usr/bin/ffmpeg", words, in: url)
        return run.output.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap {
            $0.split(separator: ",").last.map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    struct Fault: Error { let message: String }
}
