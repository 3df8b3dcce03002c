import Foundation
import Media
import Tensors
import Testing

/// Colours against ffmpeg's own conversion, and the round trip through floats.
@Suite(.enabled(if: Tool.isInstalled, "needs /usr/bin/ffmpeg and /usr/bin/ffprobe"))
struct VideoColorTests {
    struct Coding: Sendable, CustomTestStringConvertible {
        var format: String
        var matrix: String
        var range: String
        /// Columns × rows; decides the matrix of untagged clips.
        var size = "64x48"
        var isTagged = true
        var testDescription: String { "\(format) \(matrix) \(range) \(size)\(isTagged ? "" : " untagged")" }
    }

    static let codings: [Coding] =
        ["yuv420p", "yuv422p", "yuv444p", "yuv440p", "yuv420p10le", "yuv444p12le", "yuv422p16le"].flatMap { format in
            ["bt601", "bt709", "bt2020", "fcc", "smpte240m"].flatMap { matrix in
                ["tv", "pc"].map { Coding(format: format, matrix: matrix, range: $0) }
            }
        }.enumerated().filter { $0.offset % 3 == 0 }.map(\.element) + [
            Coding(format: "yuv420p", matrix: "bt601", range: "tv", size: "64x718", isTagged: false),
            Coding(format: "yuv420p", matrix: "bt709", range: "tv", size: "64x720", isTagged: false),
        ]

    /// Patches of known colours, coded by ffmpeg's scaler, read by Brushflow.
    @Test(arguments: codings) func readsTheColoursThatWereCoded(_ coding: Coding) throws {
        let scratch = try Scratch()
        let clip = scratch.path("in.mkv")
        let tags = ["bt601": "smpte170m", "bt2020": "bt2020nc"]
        let tag =
            coding.isTagged ? "-colorspace \(tags[coding.matrix] ?? coding.matrix) -color_range \(coding.range)" : ""
        let scale =
            "scale=out_color_matrix=\(coding.matrix):out_range=\(coding.range):flags=accurate_rnd+full_chroma_int"
        for (name, color) in [("c86432", [200, 100, 50]), ("1450dc", [20, 80, 220]), ("f0f0f0", [240, 240, 240])] {
            try Tool.make(
                clip,
                "-f lavfi -i color=c=0x\(name):s=\(coding.size),format=gbrp,\(scale),format=\(coding.format) "
                    + "-frames:v 1 -c:v ffv1 \(tag)")
            let picture = try #require(try Pictures.read(clip).first)
            let plane = picture.width * picture.height
            let values = picture.tensor.values
            for channel in 0..<3 {
                let found = values[channel * plane + plane / 2 + picture.width / 2] * 255
                #expect(abs(found - Float(color[channel])) < 1.6, "channel \(channel) of \(name): \(found)")
            }
        }
    }

    /// Bytes → floats → the same bytes, by way of a lossless file, for pictures whose colours all exist in R'G'B'.
    @Test(arguments: ["yuv444p", "yuv420p"]) func eightBitsComeBack(format: String) throws {
        let scratch = try Scratch()
        let (input, output) = (scratch.path("in.mkv"), scratch.path("out.mkv"))
        try Tool.make(
            input,
            "-f lavfi -i testsrc2=s=320x240,format=gbrp,lutrgb=r=40+val/2:g=40+val/2:b=40+val/2,gblur=sigma=2,"
                + "format=\(format) -frames:v 2 -c:v ffv1 -colorspace bt709")
        // FFV1 keeps 4:4:4; the luma of a 4:2:0 source must come through it.
        try Carry.run(input, to: output, codec: .ffv1)
        let luma = try psnr(input, output, plane: "y")
        #expect(luma >= 50, "\(luma) dB of luma")
    }

    @Test func fourTwoZeroComesBackFromH264() throws {
        let scratch = try Scratch()
        let (input, output) = (scratch.path("in.mkv"), scratch.path("out.mkv"))
        try Tool.make(
            input,
            "-f lavfi -i testsrc2=s=320x240,format=gbrp,lutrgb=r=40+val/2:g=40+val/2:b=40+val/2,gblur=sigma=2,"
                + "format=yuv420p -frames:v 2 -c:v ffv1 -colorspace bt709")
        try Carry.run(input, to: output, codec: .h264, crf: 0)
        #expect(try psnr(input, output, plane: "y") >= 50)
        #expect(try psnr(input, output, plane: "u") >= 45)
        #expect(try psnr(input, output, plane: "v") >= 45)
    }

    /// Chroma must not shift: a picture that changes colour at one column comes back with the change there.
    @Test func chromaKeepsItsPlace() throws {
        let scratch = try Scratch()
        let (input, output) = (scratch.path("in.mkv"), scratch.path("out.mkv"))
        try Tool.make(
            input,
            "-f lavfi -i color=c=0x904040:s=64x64,format=yuv444p,geq=lum=120:cb=128+24*(X/64-0.5):"
                + "cr=128+24*(Y/64-0.5) -frames:v 1 -c:v ffv1 -colorspace bt709")
        try Carry.run(input, to: output, codec: .h264, crf: 0)
        let (before, after) = (try Pictures.read(input)[0], try Pictures.read(output)[0])
        let worst = zip(before.tensor.values, after.tensor.values).map { abs($0 - $1) }.max() ?? 1
        // A ramp of 24 steps over 64 pixels shifted by half a pixel would be off by 0.2 steps everywhere; rounding to
        // bytes is off by half a step at most, twice here.
        #expect(worst < 2.2 / 255)
        let mean = zip(before.tensor.values, after.tensor.values).map { Double($0 - $1) }.reduce(0, +)
        #expect(abs(mean / Double(before.tensor.count)) < 0.2 / 255)
    }

    @Test func picturesDoNotDependOnTheNumberOfThreads() throws {
        let scratch = try Scratch()
        let clip = scratch.path("in.mkv")
        try Tool.make(clip, "-f lavfi -i testsrc2=s=130x94 -frames:v 2 -c:v ffv1")
        #expect(try Pictures.read(clip, threads: 1) == Pictures.read(clip, threads: 5))
    }

    @Test func tenBitsAreMoreThanEight() throws {
        let scratch = try Scratch()
        let (input, output) = (scratch.path("in.mkv"), scratch.path("out.mkv"))
        try Tool.make(
            input,
            "-f lavfi -i color=c=black:s=256x16,format=yuv444p10le,geq=lum=400+X:cb=512:cr=512 -frames:v 1 "
                + "-c:v ffv1 -colorspace bt709")
        try Carry.run(input, to: output, codec: .ffv1, bitDepth: 10)
        let (before, after) = (try Pictures.read(input)[0], try Pictures.read(output)[0])
        let worst = zip(before.tensor.values, after.tensor.values).map { abs($0 - $1) }.max() ?? 1
        #expect(worst < 0.6 / 876)
    }

    private func psnr(_ first: String, _ second: String, plane: String) throws -> Double {
        try PictureDistance.between(first, second, filter: "extractplanes=\(plane)", format: "gray")
    }
}
