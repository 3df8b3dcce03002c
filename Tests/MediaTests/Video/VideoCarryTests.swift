import Foundation
import Media
import Tensors
import Testing

@Suite(.enabled(if: Tool.isInstalled, "needs /usr/bin/ffmpeg and /usr/bin/ffprobe"))
struct VideoCarryTests {
    static let clips = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../../shared/clips").standardizedFileURL.path

    static let clipNames = (try? FileManager.default.contentsOfDirectory(atPath: clips).sorted()) ?? []

    @Test(.enabled(if: !clipNames.isEmpty, "needs ../shared/clips"), arguments: clipNames)
    func keepsEveryFrameOfTheSharedClips(name: String) throws {
        let scratch = try Scratch()
        let input = "\(Self.clips)/\(name)"
        let output = scratch.path("out.mp4")
        let result = try Carry.run(input, to: output, sides: true)
        print(name, result.notes)
        let (before, after) = (try Probe(input), try Probe(output))
        #expect(result.frames == before.pts.count)
        #expect(after.microseconds == before.microseconds)
        #expect(after["avg_frame_rate"] == before["avg_frame_rate"])
        #expect(scratch.names == ["out.mp4"])
    }
}
