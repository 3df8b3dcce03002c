import Foundation
import Media
import Tensors

/// The source and the stylized clip side by side in a small video, for a page to hold.
final class PlayerClip {
    /// The largest file, in bytes, that a report takes.
    static let mostBytes = 2_400_000
    /// Frames at most.
    private static let mostFrames = 900
    /// The encoder is reopened after as many, so that a browser finds every frame quickly.
    private static let framesPerChunk = 30

    /// Frames a second.
    let rate: Rational
    private let path: String
    private let writer: VideoWriter
    private let reduction: Resampler
    private let rows: ParallelRows
    /// Frames so far.
    private(set) var count = 0

    /// Plays pictures of `width`×`height`, the smaller the more `frames` there are.
    init(width: Int, height: Int, frames: Int?, rate: Rational, rows: ParallelRows) throws {
        self.rows = rows
        self.rate = rate
        let side =
            switch frames ?? Self.mostFrames {
            case ...150: 480
            case ...400: 400
            default: 320
            }
        reduction = Self.reduction(width: width, height: height, to: side)
        path = NSTemporaryDirectory() + "brushflow-report-\(UUID().uuidString).mp4"
        writer = try VideoWriter(
            path: path,
            description: OutputVideoDescription(
                width: 2 * reduction.width, height: reduction.height,
                timeBase: Rational(rate.denominator, rate.numerator), frameRate: rate),
            settings: try EncoderSettings(codec: .h264, container: .mp4, crf: 27, preset: "medium"),
            sideStreams: nil, overwrite: false, rows: rows)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func add(source: PlanarImage, stylized: PlanarImage) throws {
        guard count < Self.mostFrames else { return }
        if count > 0, count % Self.framesPerChunk == 0 { try writer.beginChunk() }
        let pair = [source, stylized].map { PlanarImage(reduction.resample($0.tensor, rows: rows)) }
        try writer.write(ImageGrid.join(pair, columns: 2), pts: Int64(count), duration: 1)
        count += 1
    }

    /// The file's bytes; nil where they are too many.
    func finish() throws -> Data? {
        guard count > 0 else { return nil }
        try writer.finish()
        let bytes = try? Data(contentsOf: URL(fileURLWithPath: path))
        return bytes.flatMap { $0.count <= Self.mostBytes ? $0 : nil }
    }

    /// Brings pictures of `width`×`height` to even sides of at most `side`; none is enlarged but by a pixel.
    static func reduction(width: Int, height: Int, to side: Int) -> Resampler {
        let scale = min(1, Double(side) / Double(max(width, height)))
        func even(_ extent: Int) -> Int { max(2, Int((Double(extent) * scale / 2).rounded()) * 2) }
        return Resampler(
            inputHeight: height, inputWidth: width, height: even(height), width: even(width), filter: .bilinear)
    }
}
