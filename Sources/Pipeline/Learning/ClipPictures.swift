import Foundation
import Media
import Tensors
import Training

/// Frames sampled over a whole clip, to learn on what will be painted.
package enum ClipPictures {
    /// At most `count` frames at even distances, the same ones whatever part of the clip is painted.
    ///
    /// - Throws: as `VideoReader`.
    package static func sample(clip path: String, count: Int, threads: Int) throws -> PictureSet {
        let whole = try VideoReader(path: path, options: VideoReadOptions(threads: threads))
        guard let duration = whole.info.video.duration ?? whole.info.duration, duration > 0 else {
            return PictureSet(try thinned(whole, count: count))
        }
        // A short clip is read once; of a long one only what is needed.
        if let frames = whole.info.video.estimatedFrameCount, frames <= 40 * count {
            return PictureSet(try thinned(whole, count: count))
        }
        let pictures = try (0..<count).compactMap { index in
            try frame(of: path, at: duration * (Double(index) + 0.5) / Double(count), threads: threads)
        }
        return PictureSet(pictures.isEmpty ? try thinned(whole, count: count) : pictures)
    }

    /// The frame at a second; nil where the header promised a longer clip than there is.
    private static func frame(of path: String, at second: Double, threads: Int) throws -> TrainingPicture? {
        let options = VideoReadOptions(threads: threads, segment: try MediaSegment(from: second))
        do {
            return try VideoReader(path: path, options: options).next().map { try picture($0) }
        } catch let error as BrushflowError where error.kind == .usage {
            return nil
        }
    }

    /// Every 2ⁿ-th frame, n so that at most `count` are left at the end.
    private static func thinned(_ reader: VideoReader, count: Int) throws -> [TrainingPicture] {
        var kept: [TrainingPicture] = []
        var (stride, index) = (1, 0)
        while let frame = try reader.next() {
            defer { index += 1 }
            guard index % stride == 0 else { continue }
            kept.append(try picture(frame))
            guard kept.count > count else { continue }
            kept = kept.indices.filter { $0 % 2 == 0 }.map { kept[$0] }
            stride *= 2
        }
        return kept
    }

    private static func picture(_ frame: VideoFrame) throws -> TrainingPicture {
        let rows = ParallelRows(threads: 1)
        let image = try FrameConverter().image(from: frame, rows: rows, pool: nil)
        return TrainingPicture(image, shortSide: TrainingPicture.keptSide, rows: rows)
    }
}
