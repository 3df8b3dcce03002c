import Foundation
import Media
import Tensors

/// Carries a clip through reader, converter and writer without painting it.
enum Carry {
    struct Result {
        var frames = 0
        var notes: [String] = []
        var damaged = 0
    }

    /// - Parameter chunk: frames of a chunk; nil for one chunk.
    @discardableResult
    static func run(
        _ input: String, to output: String, codec: VideoCodec? = nil, crf: Double? = nil, preset: String? = nil,
        bitDepth: Int? = nil, chunk: Int? = nil, options: VideoReadOptions = VideoReadOptions(), sides: Bool = false,
        overwrite: Bool = false
    ) throws -> Result {
        let reader = try VideoReader(path: input, options: options)
        let container = try OutputContainer(path: output)
        let fast = codec == nil || codec == .h264 || codec == .hevc ? preset ?? "ultrafast" : preset
        let isStandard = container != .webm || codec != nil
        let settings = try EncoderSettings(
            codec: codec, container: container, crf: crf, preset: isStandard ? fast : nil, bitDepth: bitDepth)
        let sideStreams =
            sides
            ? try SideStreams(path: input, container: container, segment: options.segment, audioOnly: false) : nil
        let writer = try VideoWriter(
            path: output, description: reader.info.video.outputDescription, settings: settings,
            sideStreams: sideStreams, metadataFrom: input, overwrite: overwrite)
        let converter = FrameConverter()
        let rows = ParallelRows(threads: 2)
        let pool = TensorPool()
        var result = Result()
        while let frame = try reader.next() {
            if frame.isWarmUp { continue }
            if let chunk, result.frames > 0, result.frames % chunk == 0 { try writer.beginChunk() }
            let image = try converter.image(from: frame, rows: rows, pool: pool)
            try writer.write(image, pts: frame.pts, duration: frame.duration)
            result.frames += 1
        }
        try writer.finish()
        result.notes = reader.notes + writer.notes
        result.damaged = reader.damagedPackets
        return result
    }
}
