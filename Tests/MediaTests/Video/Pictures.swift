import Media
import Tensors

/// Decodes clips into float pictures.
enum Pictures {
    static func read(
        _ path: String, options: VideoReadOptions = VideoReadOptions(), threads: Int = 1
    ) throws -> [PlanarImage] {
        let reader = try VideoReader(path: path, options: options)
        let converter = FrameConverter()
        var pictures: [PlanarImage] = []
        while let frame = try reader.next() {
            pictures.append(try converter.image(from: frame, rows: ParallelRows(threads: threads)))
        }
        return pictures
    }

    /// The time stamps of a clip's frames, and whether each warms up.
    static func times(_ path: String, options: VideoReadOptions) throws -> [(pts: Int64, isWarmUp: Bool)] {
        let reader = try VideoReader(path: path, options: options)
        var times: [(Int64, Bool)] = []
        while let frame = try reader.next() { times.append((frame.pts, frame.isWarmUp)) }
        return times
    }
}
