import Foundation
import Media
import Tensors
import Testing

/// Every property that a careful user checks with ffprobe, of clips that go through unpainted.
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
        let (before, after) = (try Probe(input), try Probe(output))
        #expect(result.frames == before.pts.count)
        #expect(result.damaged == 0)
        #expect(after.microseconds == before.microseconds)
        // A time base of milliseconds holds no thirtieths of a second: mp4's average is that of the time stamps.
        // The last frame of the skate clip lasts a tick more in its index than in its header.
        if name != "no_duration.webm", name != "skate_640x360.mp4" {
            #expect(after["avg_frame_rate"] == before["avg_frame_rate"])
        }
        #expect(scratch.names == ["out.mp4"])
    }

    static let source = "-f lavfi -i testsrc2=size=192x108:rate=25:duration=4,gblur=sigma=3"

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var input = "in.mp4"
        var arguments: String
        var frames = 20
        var output = "out.mp4"
        var bitDepth: Int?
        var pixelFormat = "yuv420p"
        var note: String?
        var chunk: Int?
        /// dB; lower where the source has more chroma than 4:2:0 holds, or dithering.
        var similarity = 36.0
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "B-frames", arguments: "\(source) -frames:v 51 -c:v libx264 -bf 3", frames: 51),
        Case(name: "chunks", arguments: "\(source) -frames:v 51 -c:v libx264 -bf 3", frames: 51, chunk: 7),
        Case(
            name: "30000/1001",
            arguments: "-f lavfi -i testsrc2=size=192x108:rate=30000/1001,gblur=sigma=3 -frames:v 20 -c:v libx264"),
        Case(
            name: "10 bit",
            arguments: "\(source) -frames:v 20 -pix_fmt yuv420p10le -c:v libx265 -x265-params log-level=none",
            bitDepth: 10, pixelFormat: "yuv420p10le"),
        Case(
            name: "rotated", arguments: "\(source) -frames:v 20 -c:v libx264"),
        Case(
            name: "odd size",
            arguments: "\(source) -frames:v 20 -vf scale=193:109 -pix_fmt yuv444p -c:v libx264",
            note: "h264 cannot hold the odd size 193x109; the last column and row are left out: 192x108", similarity: 34
        ),
        Case(name: "portrait", arguments: "-f lavfi -i testsrc2=size=108x192,gblur=sigma=3 -frames:v 20 -c:v libx264"),
        Case(
            name: "variable rate",
            arguments: "\(source) -vf select='not(mod(n\\,3))+not(mod(n\\,7))' -vsync vfr -frames:v 20 "
                + "-video_track_timescale 90000 -c:v libx264"),
        Case(
            name: "full range",
            arguments: "\(source) -frames:v 20 -vf scale=out_range=full -color_range pc -c:v libx264"),
        Case(
            name: "BT.601",
            arguments: "\(source) -frames:v 20 -c:v libx264 -colorspace smpte170m -color_primaries smpte170m "
                + "-color_trc smpte170m"),
        Case(
            name: "BT.709",
            arguments: "\(source) -frames:v 20 -c:v libx264 -colorspace bt709 -color_primaries bt709 -color_trc bt709"),
        Case(
            name: "interlaced", arguments: "\(source) -frames:v 20 -c:v libx264 -flags +ildct+ilme -x264opts tff=1",
            note:
                "is interlaced and is painted as whole frames; deinterlace it first, for instance with ffmpeg -vf bwdif"
        ),
        Case(name: "4:4:4", arguments: "\(source) -frames:v 20 -pix_fmt yuv444p -c:v libx264", similarity: 34),
        Case(name: "anamorphic", arguments: "\(source) -frames:v 20 -vf setsar=4/3 -c:v libx264"),
        Case(
            name: "variable rate in Matroska",
            arguments: "\(source) -vf select='not(mod(n\\,3))+not(mod(n\\,7))' -vsync vfr -frames:v 20 "
                + "-video_track_timescale 90000 -c:v libx264", output: "out.mkv"),
        Case(name: "Matroska", arguments: "\(source) -frames:v 20 -c:v libx264", output: "out.mkv"),
        Case(name: "chunks in Matroska", arguments: "\(source) -frames:v 20 -c:v libx264", output: "out.mkv", chunk: 6),
        Case(name: "QuickTime", arguments: "\(source) -frames:v 20 -c:v libx264", output: "out.mov"),
        Case(name: "late start", arguments: "\(source) -frames:v 20 -c:v libx264 -output_ts_offset 0.4"),
        Case(name: "from AVI", input: "in.avi", arguments: "\(source) -frames:v 20 -c:v mpeg4"),
        Case(name: "from WebM", input: "in.webm", arguments: "\(source) -frames:v 20 -c:v libvpx -deadline realtime"),
        Case(name: "grey", input: "in.mkv", arguments: "\(source) -frames:v 20 -pix_fmt gray -c:v ffv1"),
        Case(name: "RGB", input: "in.mkv", arguments: "\(source) -frames:v 20 -pix_fmt bgr0 -c:v ffv1", similarity: 32),
        Case(name: "palette", input: "in.gif", arguments: "\(source) -frames:v 20", similarity: 22),
        Case(
            name: "alpha", input: "in.mov", arguments: "\(source) -frames:v 20 -pix_fmt argb -c:v qtrle", similarity: 32
        ),
        Case(name: "4:1:1", input: "in.avi", arguments: "\(source) -frames:v 20 -pix_fmt yuv411p -c:v ffv1"),
        Case(name: "one frame", arguments: "\(source) -frames:v 1 -c:v libx264", frames: 1),
    ]

    @Test(arguments: cases) func keepsWhatFfprobeShows(_ one: Case) throws {
        let scratch = try Scratch()
        let (input, output) = (scratch.path(one.input), scratch.path(one.output))
        if one.name == "rotated" {
            try Tool.makeRotated(input, one.arguments)
        } else {
            try Tool.make(input, one.arguments)
        }
        let preset = one.chunk != nil || one.name == "B-frames" ? "veryfast" : nil
        let result = try Carry.run(input, to: output, preset: preset, bitDepth: one.bitDepth, chunk: one.chunk)
        let (before, after) = (try Probe(input), try Probe(output))
        #expect(before.pts.count == one.frames)
        #expect(result.frames == one.frames)
        if one.output == "out.mkv" {
            #expect(after.milliseconds == before.milliseconds)
        } else {
            #expect(after.microseconds == before.microseconds)
            if one.input == "in.mp4" {
                #expect(after["duration"] == before["duration"])
                // Of B-frames at a variable rate the source's index tells nothing: ffprobe gives the base rate's.
                let steps = zip(before.microseconds, before.microseconds.dropFirst()).map { $1 - $0 }
                let expected = one.name == "variable rate" ? steps + [40000] : before.durationsInMicroseconds
                #expect(after.durationsInMicroseconds == expected)
            }
        }
        let rotation = "side_data_list.side_data.0.rotation"
        // Matroska stores no average: ffprobe guesses one from the first frames.
        if one.name != "variable rate in Matroska" { #expect(after["avg_frame_rate"] == before["avg_frame_rate"]) }
        #expect(after[rotation] == before[rotation])
        #expect((before[rotation] != nil) == (one.name == "rotated"))
        #expect(after["r_frame_rate"] == before["r_frame_rate"])
        #expect((after["sample_aspect_ratio"] ?? "N/A") == (before["sample_aspect_ratio"] ?? "N/A"))
        let isRGB = ["RGB", "palette", "alpha"].contains(one.name)
        for key in ["color_space", "color_range", "color_primaries", "color_transfer"] where !isRGB {
            guard let tag = before[key], tag != "unknown" else { continue }
            #expect(after[key] == tag, "\(key)")
        }
        if before["color_space"] ?? "unknown" == "unknown" || isRGB { #expect(after["color_space"] == "smpte170m") }
        #expect(after["pix_fmt"] == (before["color_range"] == "pc" && !isRGB ? "yuvj420p" : one.pixelFormat))
        #expect(after["width"] == (one.name == "odd size" ? "192" : before["width"]))
        #expect(after["height"] == (one.name == "odd size" ? "108" : before["height"]))
        let noted = one.name == "odd size" ? one.output : one.input
        #expect(result.notes == (one.note.map { ["\(scratch.path(noted)): \($0)"] } ?? []))
        #expect(scratch.names == [one.input, one.output].sorted())
        let picture = try PictureDistance.between(input, output, height: one.name == "odd size" ? 108 : nil)
        #expect(picture > one.similarity, "PSNR")
    }
}
