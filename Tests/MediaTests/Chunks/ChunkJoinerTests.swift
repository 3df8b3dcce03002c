import Foundation
import Media
import Tensors
import Testing

/// Videos that are joined from chunks are those that are written at once.
@Suite(.enabled(if: Tool.isInstalled, "needs /usr/bin/ffmpeg and /usr/bin/ffprobe"))
struct ChunkJoinerTests {
    private static let words =
        "-f lavfi -i testsrc2=size=96x64:rate=24000/1001:duration=2 -f lavfi -i sine=duration=2 -c:a aac -c:v mpeg4 -frames:v 30"

    @Test(
        arguments: [
            ("out.mp4", VideoCodec?.none), ("out.mkv", .h264), ("out.mkv", .ffv1), ("out.mov", .hevc),
            ("out.mov", .prores),
            ("out.webm", .vp9), ("out.mp4", .av1),
        ])
    func joinedChunksAreTheFileWrittenAtOnce(name: String, codec: VideoCodec?) throws {
        let scratch = try Scratch()
        let input = scratch.path("in.mp4")
        try Tool.make(input, Self.words)
        let chunks = try ChunkFiles(input, codec: codec, output: scratch.path(name), length: 12, in: scratch)
        #expect(chunks.chunks.map(\.contents.frames) == [12, 12, 6])
        try chunks.join(to: scratch.path(name), sidesOf: input)
        let reference = try whole(input, codec, scratch.path("whole-" + name))
        #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.path(name))) == reference)
    }

    /// The same frames through a `VideoWriter`, at once.
    private func whole(_ input: String, _ codec: VideoCodec?, _ path: String) throws -> Data {
        let reader = try VideoReader(path: input)
        let settings = try EncoderSettings(codec: codec, container: try OutputContainer(path: path))
        let writer = try VideoWriter(
            path: path, description: reader.info.video.outputDescription, settings: settings,
            sideStreams: try SideStreams(path: input, container: settings.container, segment: nil, audioOnly: false))
        let converter = FrameConverter()
        while let frame = try reader.next() {
            if writer.framesWritten % 12 == 0 { try writer.beginChunk() }
            let image = try converter.image(from: frame, rows: ParallelRows(threads: 1))
            try writer.write(image, pts: frame.pts, duration: frame.duration)
        }
        try writer.finish()
        return try Data(contentsOf: URL(fileURLWithPath: path))
    }

    /// Whatever byte of a chunk is changed, joining ends with an error: nothing is taken for a chunk that is none.
    @Test func aDamagedChunkIsRefused() throws {
        let scratch = try Scratch()
        let input = scratch.path("in.mp4")
        try Tool.make(input, "\(Self.words) -frames:v 6")
        let chunks = try ChunkFiles(input, codec: nil, output: scratch.path("out.mp4"), length: 6, in: scratch)
        let path = chunks.chunks[0].path
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        func refusal(_ damaged: Data) throws -> BrushflowError? {
            try damaged.write(to: URL(fileURLWithPath: path))
            return #expect(throws: BrushflowError.self) {
                try chunks.join(to: scratch.path("out.mp4"), sidesOf: input)
            }
        }
        for place in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 60)) {
            var damaged = bytes
            damaged[place] ^= 0x41
            let error = try refusal(damaged)
            #expect(
                error?.kind == .content && error?.message.hasPrefix("\(path): is damaged: ") == true, "byte \(place)")
            #expect(error?.message.hasSuffix("; give --restart to begin anew") == true)
        }
        let cut = try refusal(bytes.dropLast())
        #expect(
            cut == BrushflowError(.content, "\(path): is damaged: it is too short; give --restart to begin anew"))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("out.mp4")))
    }
}
