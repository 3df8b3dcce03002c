import Foundation
import Media
import Tensors
import Testing

/// Every codec in every container, chunks, and the same bytes twice.
@Suite(.enabled(if: Tool.isInstalled, "needs /usr/bin/ffmpeg and /usr/bin/ffprobe"))
struct VideoCodecTests {
    static let source = "-f lavfi -i testsrc2=size=128x72:rate=25:duration=4,gblur=sigma=2 -c:v libx264 -bf 2"

    struct Pair: Sendable, CustomTestStringConvertible {
        var codec: VideoCodec
        var container: OutputContainer
        var bitDepth: Int
        var testDescription: String { "\(codec.rawValue) \(bitDepth) bit in \(container.rawValue)" }
    }

    static let pairs = VideoCodec.allCases.flatMap { codec in
        codec.containers.flatMap { container in
            codec.bitDepths.map { Pair(codec: codec, container: container, bitDepth: $0) }
        }
    }

    @Test(arguments: pairs) func everyCodecGoesIntoItsContainers(_ pair: Pair) throws {
        let scratch = try Scratch()
        let (input, output) = (scratch.path("in.mp4"), scratch.path("out.\(pair.container.rawValue)"))
        try Tool.make(input, "\(Self.source) -frames:v 9 -colorspace bt709 -color_primaries bt709 -color_trc bt709")
        let result = try Carry.run(
            input, to: output, codec: pair.codec, preset: pair.codec == .av1 ? "12" : nil, bitDepth: pair.bitDepth,
            chunk: 4)
        #expect(result.frames == 9)
        #expect(result.notes.isEmpty)
        let probe = try Probe(output)
        #expect(probe["codec_name"] == pair.codec.rawValue)
        if pair.codec == .hevc, pair.container != .mkv { #expect(probe["codec_tag_string"] == "hvc1") }
        #expect(probe.milliseconds == (0..<9).map { 40 * $0 })
        #expect(probe["pix_fmt"]?.contains("10le") == (pair.bitDepth == 10))
        #expect(probe["avg_frame_rate"] == "25/1")
        #expect(probe["color_space"] == "bt709")
        #expect(probe["color_primaries"] == "bt709")
        #expect(probe["color_transfer"] == "bt709")
        // ProRes in Matroska and the raw stream have no tag for it, VP9 in mp4 neither.
        if let range = probe["color_range"], range != "unknown" { #expect(range == "tv") }
        #expect(try PictureDistance.between(input, output) > 33)
        #expect(scratch.names == ["in.mp4", "out.\(pair.container.rawValue)"])
    }

    /// The middle chunk of a run decodes to the same pictures as the same frames encoded on their own.
    @Test(arguments: VideoCodec.allCases) func chunksDoNotDependOnTheirNeighbours(codec: VideoCodec) throws {
        let scratch = try Scratch()
        let input = scratch.path("in.mp4")
        try Tool.make(input, "\(Self.source) -frames:v 24")
        let name = codec == .prores ? "mov" : "mkv"
        let preset = codec == .av1 ? "12" : codec == .h264 || codec == .hevc ? "veryfast" : nil
        let whole = scratch.path("whole.\(name)")
        let part = scratch.path("part.\(name)")
        try Carry.run(input, to: whole, codec: codec, preset: preset, chunk: 8)
        try Carry.run(
            input, to: part, codec: codec, preset: preset, chunk: 8,
            options: VideoReadOptions(segment: try MediaSegment(from: 0.32, to: 0.64)))
        let expected = Array(try Pictures.read(whole)[8..<16])
        #expect(try Pictures.read(part) == expected)
    }

    @Test(arguments: [VideoCodec.h264, .hevc, .vp9, .av1])
    func theSameInputGivesTheSameBytes(codec: VideoCodec) throws {
        let scratch = try Scratch()
        let input = scratch.path("in.mp4")
        try Tool.make(input, "\(Self.source) -frames:v 12")
        for name in ["a", "b"] {
            try Carry.run(
                input, to: scratch.path("\(name).mp4"), codec: codec, preset: codec == .av1 ? "12" : nil, chunk: 5)
        }
        let first = try Data(contentsOf: URL(fileURLWithPath: scratch.path("a.mp4")))
        #expect(try first == Data(contentsOf: URL(fileURLWithPath: scratch.path("b.mp4"))))
    }

    @Test func chunksOfOneFrame() throws {
        let scratch = try Scratch()
        let (input, output) = (scratch.path("in.mp4"), scratch.path("out.mp4"))
        try Tool.make(input, "\(Self.source) -frames:v 5")
        try Carry.run(input, to: output, preset: "medium", chunk: 1)
        let probe = try Probe(output)
        #expect(probe.milliseconds == [0, 40, 80, 120, 160])
        #expect(try PictureDistance.between(input, output) > 33)
    }

    @Test func rotationIsAppliedToThePixelsWhereTheContainerCannotStoreIt() throws {
        let scratch = try Scratch()
        let (input, output) = (scratch.path("in.mp4"), scratch.path("out.mkv"))
        try Tool.makeRotated(input, "\(Self.source) -frames:v 3")
        let result = try Carry.run(input, to: output)
        let probe = try Probe(output)
        #expect(probe["width"] == "72")
        #expect(probe["height"] == "128")
        #expect(result.notes == ["\(output): .mkv cannot store a rotation; the pictures are turned"])
        let turned = scratch.path("turned.mp4")
        try Tool.make(turned, "-i \(input) -frames:v 3 -c:v libx264 -crf 10")
        let similarity = try PictureDistance.between(turned, output)
        // Turned the wrong way it is 12 dB.
        #expect(similarity > 31)
    }

    @Test func tagsOfTheSourceAreKept() throws {
        let scratch = try Scratch()
        let (input, output) = (scratch.path("in.mp4"), scratch.path("out.mp4"))
        try Tool.make(input, "\(Self.source) -frames:v 3 -metadata title=Clip -metadata:s:v language=fin")
        try Carry.run(input, to: output)
        #expect(try Probe(output)["tags.language"] == "fin")
        let tags = try Tool.run("ffprobe", ["-v", "error", "-show_entries", "format_tags=title,encoder", output])
        #expect(tags.contains("TAG:title=Clip"))
        #expect(!tags.contains("TAG:encoder"))
    }

    @Test func mp4BeginsWithItsIndex() throws {
        let scratch = try Scratch()
        let (input, output) = (scratch.path("in.mp4"), scratch.path("out.mp4"))
        try Tool.make(input, "\(Self.source) -frames:v 3")
        try Carry.run(input, to: output)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: output))
        let index = try #require(bytes.range(of: Data("moov".utf8)))
        let media = try #require(bytes.range(of: Data("mdat".utf8)))
        #expect(index.lowerBound < media.lowerBound)
    }
}
