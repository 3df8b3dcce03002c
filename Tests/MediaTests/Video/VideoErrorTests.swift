import Foundation
import Media
import Tensors
import Testing

/// Inputs that cannot be used and outputs that cannot be written: the exact sentence and its class.
@Suite(.enabled(if: Tool.isInstalled, "needs /usr/bin/ffmpeg and /usr/bin/ffprobe"))
struct VideoErrorTests {
    static let source = "-f lavfi -i testsrc2=size=128x72:rate=25:duration=4 -c:v libx264"

    private func failure(_ body: () throws -> Void) -> BrushflowError? {
        do {
            try body()
            return nil
        } catch {
            return error as? BrushflowError
        }
    }

    private func readAll(_ path: String, _ options: VideoReadOptions = VideoReadOptions()) -> BrushflowError? {
        failure {
            let reader = try VideoReader(path: path, options: options)
            while try reader.next() != nil {}
        }
    }

    @Test func missingInputs() throws {
        let scratch = try Scratch()
        #expect(
            readAll(scratch.path("no.mp4"))
                == BrushflowError(.input, "\(scratch.path("no.mp4")): No such file or directory"))
        #expect(
            readAll("http://localhost/clip.mp4")
                == BrushflowError(.input, "http://localhost/clip.mp4: No such file or directory"))
        #expect(
            readAll(scratch.url.path) == BrushflowError(.input, "\(scratch.url.path): is not a regular file"))
    }

    @Test func filesThatAreNoVideo() throws {
        let scratch = try Scratch()
        let path = scratch.path("clip.mp4")
        let url = URL(fileURLWithPath: path)
        try Data().write(to: url)
        #expect(readAll(path) == BrushflowError(.content, "\(path): is empty (0 bytes)"))
        try Data("This is no film, whatever its name.\n".utf8).write(to: url)
        #expect(
            readAll(path)
                == BrushflowError(
                    .content,
                    "\(path): cannot open as media: avformat_open_input: Invalid data found when processing input "
                        + "(moov atom not found)"))
        try Tool.make(scratch.path("song.m4a"), "-f lavfi -i sine=duration=1 -c:a aac")
        #expect(
            readAll(scratch.path("song.m4a"))
                == BrushflowError(.content, "\(scratch.path("song.m4a")): has no video stream (only 1 audio stream)"))
    }

    /// Found by fuzzing: libav allocates what a table claims before it reads it.
    @Test func tablesBeyondMemoryAreNotAllocated() throws {
        let scratch = try Scratch()
        let path = scratch.path("clip.mp4")
        try Tool.make(path, "\(Self.source) -frames:v 5")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let table = try #require(bytes.range(of: Data("stco".utf8)))
        // Behind the version and the flags: 251,658,240 chunks, of 8 bytes each in memory.
        bytes.replaceSubrange(table.upperBound + 4..<table.upperBound + 8, with: [0x0F, 0, 0, 0])
        try bytes.write(to: URL(fileURLWithPath: path))
        #expect(
            readAll(path)
                == BrushflowError(
                    .content,
                    "\(path): cannot open as media: its header asks for a table of more than 1073741824 bytes; it is "
                        + "damaged"))
    }

    @Test func listsOfOtherFilesAreRefused() throws {
        let scratch = try Scratch()
        try Tool.make(scratch.path("real.mp4"), "\(Self.source) -frames:v 5")
        try Tool.make(scratch.path("real.ts"), "\(Self.source) -frames:v 5")
        let list = scratch.path("list.mp4")
        try Data("ffconcat version 1.0\nfile 'real.mp4'\n".utf8).write(to: URL(fileURLWithPath: list))
        #expect(
            readAll(list)
                == BrushflowError(
                    .content,
                    "\(list): is in the format 'concat', which is not read as media; give the media file itself"))
        let playlist = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nreal.ts\n#EXT-X-ENDLIST\n"
        try Data(playlist.utf8).write(to: URL(fileURLWithPath: list))
        #expect(
            readAll(list)
                == BrushflowError(
                    .content, "\(list): is in the format 'hls', which is not read as media; give the media file itself")
        )
    }

    @Test(arguments: ["a:b.mp4", "-y.mp4", "file:c.mp4", "100%d.mp4", "æ ø.mp4"])
    func strangeNamesWork(name: String) throws {
        let scratch = try Scratch()
        try Tool.make(scratch.path("plain.mp4"), "\(Self.source) -frames:v 3")
        try FileManager.default.moveItem(atPath: scratch.path("plain.mp4"), toPath: scratch.path(name))
        let result = try Carry.run(scratch.path(name), to: scratch.path("out " + name))
        #expect(result.frames == 3)
    }

    @Test(arguments: [("smpte2084", "PQ (smpte2084)"), ("arib-std-b67", "HLG (arib-std-b67)")])
    func highDynamicRangeIsRefused(transfer: String, name: String) throws {
        let scratch = try Scratch()
        let path = scratch.path("hdr.mp4")
        try Tool.make(
            path,
            "\(Self.source) -frames:v 3 -pix_fmt yuv420p10le -colorspace bt2020nc -color_primaries bt2020 "
                + "-color_trc \(transfer)")
        #expect(
            readAll(path)
                == BrushflowError(
                    .content,
                    "\(path): is HDR video with the transfer \(name), which cannot be painted as it is; tone-map it "
                        + "first, for instance with ffmpeg -i \(path) -vf zscale=t=linear:npl=100,format=gbrpf32le,"
                        + "zscale=p=bt709,tonemap=hable,zscale=t=bt709:m=bt709:r=tv,format=yuv420p -c:a copy sdr.mp4"))
    }

    @Test func framesOverTheLimitAreRefused() throws {
        let scratch = try Scratch()
        let path = scratch.path("in.mp4")
        try Tool.make(path, "\(Self.source) -frames:v 3")
        #expect(
            readAll(path, VideoReadOptions(maximumPixels: 9000))
                == BrushflowError(
                    .content,
                    "\(path): frames of 128x72 have 9216 pixels, over the limit of 9000; raise 'limits.pixels' where "
                        + "memory allows"))
    }

    @Test func truncatedFiles() throws {
        let scratch = try Scratch()
        let made = scratch.path("made.mp4")
        let cut = { (name: String, part: Double) in
            let data = try Data(contentsOf: URL(fileURLWithPath: made))
            try data.prefix(Int(Double(data.count) * part)).write(to: URL(fileURLWithPath: scratch.path(name)))
        }
        try Tool.make(made, "\(Self.source) -frames:v 50 -bf 2 -movflags +faststart")
        try cut("front.mp4", 0.6)
        let front = try #require(readAll(scratch.path("front.mp4")))
        #expect(front.kind == .content)
        let pattern = "holds [0-9]+ of the 50 frames that its index promises; the file is truncated; fetch it again$"
        #expect(front.message.range(of: pattern, options: .regularExpression) != nil, "\(front)")
        try Tool.make(made, "\(Self.source) -frames:v 50 -bf 2")
        try cut("back.mp4", 0.6)
        #expect(
            readAll(scratch.path("back.mp4"))
                == BrushflowError(
                    .content,
                    "\(scratch.path("back.mp4")): cannot open as media: avformat_open_input: Invalid data found when "
                        + "processing input (moov atom not found)"))
        try Tool.make(scratch.path("whole.mkv"), "\(Self.source) -frames:v 100 -bf 2")
        try FileManager.default.removeItem(atPath: made)
        try FileManager.default.moveItem(atPath: scratch.path("whole.mkv"), toPath: made)
        try cut("half.mkv", 0.5)
        let half = try #require(readAll(scratch.path("half.mkv")))
        #expect(half.kind == .content)
        let promise = "ends after [0-9]+ frames at [0-9.]+ s, but its header promises 4 s, about 100 frames; the file "
        #expect(half.message.range(of: promise, options: .regularExpression) != nil, "\(half)")
    }

    /// Damage in the middle: skipped with a count, refused over the limit.
    @Test func damagedPackets() throws {
        let scratch = try Scratch()
        let path = scratch.path("in.mkv")
        try Tool.make(path, "-f lavfi -i testsrc2=size=128x72:rate=25:duration=4 -frames:v 40 -c:v mjpeg")
        var data = try Data(contentsOf: URL(fileURLWithPath: path))
        // The marker that starts every JPEG picture.
        var starts: [Int] = []
        var search = data.startIndex
        while let found = data.range(of: Data([0xFF, 0xD8, 0xFF]), in: search..<data.endIndex) {
            starts.append(found.lowerBound)
            search = found.upperBound
        }
        try #require(starts.count == 40)
        for start in starts[10..<15] { for offset in 0..<400 { data[start + offset] = 0 } }
        try data.write(to: URL(fileURLWithPath: path))
        let result = try Carry.run(path, to: scratch.path("out.mp4"))
        #expect(result.damaged == 5)
        #expect(result.frames == 35)
        #expect(result.notes == ["\(path): 5 damaged packets were skipped"])
        let refused = try #require(readAll(path, VideoReadOptions(threads: 1, maximumDamagedPackets: 4)))
        #expect(refused.kind == .content)
        #expect(
            refused.message.hasPrefix(
                "\(path): cannot decode video stream 0 at frame 10 (0.4 s): avcodec_send_packet: Invalid data found when "
                    + "processing input"), "\(refused)")
        #expect(
            refused.message.hasSuffix(
                "; 5 damaged packets are over the limit of 4; raise 'limits.damagedPackets' to skip more"), "\(refused)"
        )
    }

    @Test func outputsThatCannotBeWritten() throws {
        let scratch = try Scratch()
        let (input, output) = (scratch.path("in.mp4"), scratch.path("out.mp4"))
        try Tool.make(input, "\(Self.source) -frames:v 3")
        try Data("precious".utf8).write(to: URL(fileURLWithPath: output))
        #expect(
            failure { try Carry.run(input, to: output) }
                == BrushflowError(.output, "\(output): exists already; give --overwrite to replace it"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: output)) == Data("precious".utf8))
        try Carry.run(input, to: output, overwrite: true)
        #expect(try Probe(output).pts.count == 3)
        let lost = scratch.path("no/out.mp4")
        #expect(
            failure { try Carry.run(input, to: lost) }
                == BrushflowError(
                    .output, "\(lost): the directory \(scratch.path("no")) does not exist; make it first"))
        #expect(scratch.names == ["in.mp4", "out.mp4"])
    }

    @Test func aWriterThatIsLetGoLeavesNothing() throws {
        let scratch = try Scratch()
        let description = OutputVideoDescription(width: 64, height: 64, timeBase: Rational(1, 25))
        let settings = try EncoderSettings(container: .mp4, preset: "ultrafast")
        do {
            let writer = try VideoWriter(path: scratch.path("out.mp4"), description: description, settings: settings)
            try writer.write(PlanarImage(Tensor([3, 64, 64])), pts: 0, duration: 1)
            #expect(scratch.names.count == 1)
            #expect(scratch.names.first?.hasPrefix(".out.brushflow-") == true)
        }
        #expect(scratch.names == [])
    }

    @Test func encoderSettingsAreChecked() {
        #expect(
            failure { _ = try EncoderSettings(codec: .prores, container: .mp4) }
                == BrushflowError(.usage, "codec prores does not go into .mp4; name the output .mov, .mkv"))
        #expect(
            failure { _ = try EncoderSettings(codec: .h264, container: .mp4, crf: 52) }
                == BrushflowError(.usage, "codec h264 has no rate factor 52; give a number from 0 to 51"))
        #expect(
            failure { _ = try EncoderSettings(codec: .vp9, container: .webm, crf: 20.5) }
                == BrushflowError(.usage, "codec vp9 has no rate factor 20.5; give a whole number from 0 to 63"))
        #expect(
            failure { _ = try EncoderSettings(codec: .ffv1, container: .mkv, crf: 20) }
                == BrushflowError(.usage, "codec ffv1 has no rate factor; leave --crf out"))
        #expect(
            failure { _ = try EncoderSettings(codec: .vp9, container: .webm, preset: "slow") }
                == BrushflowError(.usage, "codec vp9 has no preset 'slow'; leave --preset out"))
        #expect(
            failure { _ = try EncoderSettings(codec: .h264, container: .mp4, preset: "swift") }
                == BrushflowError(
                    .usage,
                    "codec h264 has no preset 'swift'; give one of ultrafast, superfast, veryfast, faster, fast, medium, "
                        + "slow, slower, veryslow, placebo"))
        #expect(
            failure { _ = try EncoderSettings(codec: .prores, container: .mov, bitDepth: 8) }
                == BrushflowError(.usage, "codec prores has no bit depth of 8; give 10"))
        #expect(
            failure { _ = try EncoderSettings(codec: .h264, container: .mp4, crf: .nan) }
                == BrushflowError(.usage, "codec h264 has no rate factor nan; give a number from 0 to 51"))
    }
}
