import Foundation
import Media
import Pipeline
import Tensors
import Testing

/// An encoder that fails within a chunk: the run says so, keeps the chunks before, and goes on from them.
@Suite struct EncoderFaultTests {
    /// Fails at a frame, or at the end of the chunk that the frame is in.
    private final class Failing: ChunkOutput {
        private let output: any ChunkOutput
        private let frame: Int
        private let atEnd: Bool
        private var frames = 0
        static let error = BrushflowError(
            .internal, "out.mkv: cannot encode frame 3: avcodec_send_frame: Unknown error")

        init(_ output: any ChunkOutput, frame: Int, atEnd: Bool) {
            self.output = output
            self.frame = frame
            self.atEnd = atEnd
        }

        func begin(_ number: Int) throws { try output.begin(number) }

        func write(_ frame: PaintedFrame) throws {
            if frames == self.frame, !atEnd { throw Self.error }
            frames += 1
            try output.write(frame)
        }

        func end() throws -> ChunkContents {
            if frames > frame { throw Self.error }
            return try output.end()
        }

        func abandon() { output.abandon() }
    }

    private static let clip = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../Fixtures/clip/clip.mp4").standardizedFileURL.path

    /// The clip has 60 frames of two shots; unpainted ones are one run of frames, of which twelve are a chunk.
    private func job(_ output: String, of clip: String = clip) throws -> StylizeJob {
        var request = StylizeRequest(input: clip, output: output, style: nil)
        request.configuration.encode.chunkFrames = 16
        request.isResumable = true
        return try StylizeJob(request)
    }

    @Test(arguments: [false, true], [27, 40]) func chunksBeforeItAreKept(atEnd: Bool, frame: Int) throws {
        let folder = try Folder()
        _ = try job(folder("whole.mkv")).run()
        let failing = try job(folder("out.mkv"))
        failing.chunkOutput = { Failing($0, frame: frame, atEnd: atEnd) }
        let error = #expect(throws: BrushflowError.self) { try failing.run() }
        #expect(
            error
                == BrushflowError(
                    .internal,
                    "\(Failing.error.message); \(frame / 12 * 12) of 60 frames are finished and kept in "
                        + "\(folder(".out.mkv.brushflow")): the same command goes on after them"))
        let rest = try job(folder("out.mkv")).run()
        #expect(rest.framesBefore == frame / 12 * 12 && rest.frames == 60)
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: folder("out.mkv")))
                == Data(contentsOf: URL(fileURLWithPath: folder("whole.mkv"))))
    }

    /// Changes the clip while it is read, and takes that back.
    @Test func aClipThatIsChangedWhileItIsRead() throws {
        let folder = try Folder()
        try FileManager.default.copyItem(atPath: Self.clip, toPath: folder("clip.mp4"))
        func change(to second: Double) throws {
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: second)], ofItemAtPath: folder("clip.mp4"))
        }
        try change(to: 1000)
        let changed = try job(folder("out.mkv"), of: folder("clip.mp4"))
        changed.chunkOutput = {
            try? change(to: 2000)
            return $0
        }
        let error = #expect(throws: BrushflowError.self) { try changed.run() }
        #expect(
            error
                == BrushflowError(
                    .input,
                    "\(folder("clip.mp4")): was changed while it was read: it was last changed at 1000.000000000, now at "
                        + "2000.000000000; bring it back and run again; 60 of 60 frames are finished and kept in "
                        + "\(folder(".out.mkv.brushflow")): the same command goes on after them"))
        try change(to: 1000)
        #expect(try job(folder("out.mkv"), of: folder("clip.mp4")).run().framesBefore == 60)
    }

    /// Nothing is left where the first chunk fails.
    @Test func theFirstChunk() throws {
        let folder = try Folder()
        let failing = try job(folder("out.mkv"))
        failing.chunkOutput = { Failing($0, frame: 5, atEnd: false) }
        #expect(throws: Failing.error) { try failing.run() }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }
}
