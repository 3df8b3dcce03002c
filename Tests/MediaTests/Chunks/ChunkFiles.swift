import Foundation
import Media
import Tensors

/// Carries a clip through files of chunks.
struct ChunkFiles {
    let settings: EncoderSettings
    let description: OutputVideoDescription
    var chunks: [(path: String, contents: ChunkContents)] = []

    /// Encodes a clip in chunks of `length` frames.
    init(_ input: String, codec: VideoCodec?, output: String, length: Int, in scratch: Scratch) throws {
        let reader = try VideoReader(path: input)
        settings = try EncoderSettings(codec: codec, container: try OutputContainer(path: output))
        description = reader.info.video.outputDescription
        let writer = try ChunkWriter(
            path: output, description: description, settings: settings, rows: ParallelRows(threads: 1))
        let converter = FrameConverter()
        var count = 0
        while let frame = try reader.next() {
            if count % length == 0 {
                if count > 0 { chunks[chunks.count - 1].contents = try writer.end() }
                let path = scratch.path("chunk-\(chunks.count)")
                chunks.append((path, ChunkContents(frames: 0, firstPts: 0, lastPts: 0, bytes: 0, digest: "")))
                try writer.begin(descriptor: open(path, O_CREAT | O_EXCL | O_WRONLY, 0o600))
            }
            let image = try converter.image(from: frame, rows: ParallelRows(threads: 1))
            try writer.write(image, pts: frame.pts, duration: frame.duration)
            count += 1
        }
        chunks[chunks.count - 1].contents = try writer.end()
    }

    /// Joins them, with the side streams of `input`.
    func join(to output: String, sidesOf input: String) throws {
        let sides = try SideStreams(
            path: input, container: settings.container, segment: nil, audioOnly: false)
        let joiner = try ChunkJoiner(
            try PendingFile(target: output, overwrite: false), description: description, settings: settings,
            sideStreams: sides)
        for chunk in chunks {
            try joiner.append(
                descriptor: open(chunk.path, O_RDONLY), name: chunk.path, contents: chunk.contents)
        }
        try joiner.finish { _ in }
    }
}
