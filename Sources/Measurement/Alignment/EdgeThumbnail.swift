import Tensors

/// The edges of a small copy of a picture, by which a stylized frame can be told from its neighbours.
struct EdgeThumbnail: Sendable {
    /// Squared lengths of the luma's gradient, their mean taken off, scaled to a length of 1; all 0 where there are no
    /// edges.
    private let values: [Float]

    private static let longestSide = 128

    init(_ image: PlanarImage, rows: ParallelRows) {
        let scale = min(1, Double(Self.longestSide) / Double(max(image.width, image.height)))
        let width = max(2, Int((Double(image.width) * scale).rounded()))
        let height = max(2, Int((Double(image.height) * scale).rounded()))
        let small = Resampler(
            inputHeight: image.height, inputWidth: image.width, height: height, width: width, filter: .area
        ).resample(image.tensor, rows: rows)
        let count = width * height
        let luma = Self.smoothed(
            small.withFloats { s in
                (0..<count).map { 0.2126 * s[$0] + 0.7152 * s[count + $0] + 0.0722 * s[2 * count + $0] }
            }, width: width, height: height)
        var edges = [Float](repeating: 0, count: count)
        for y in 0..<height - 1 {
            for x in 0..<width - 1 {
                let i = y * width + x
                let (dx, dy) = (luma[i + 1] - luma[i], luma[i + width] - luma[i])
                edges[i] = (dx * dx + dy * dy).squareRoot()
            }
        }
        let mean = edges.reduce(0, +) / Float(count)
        let centered = edges.map { $0 - mean }
        let length = centered.reduce(0) { $0 + $1 * $1 }.squareRoot()
        values = length > 1e-4 ? centered.map { $0 / length } : [Float](repeating: 0, count: count)
    }

    /// The mean of 3×3 pixels around each: blur and brush strokes change the finest detail most, even its sign.
    private static func smoothed(_ plane: [Float], width: Int, height: Int) -> [Float] {
        plane.indices.map { i in
            let (x, y) = (i % width, i / width)
            var sum: Float = 0
            for row in [max(y - 1, 0), y, min(y + 1, height - 1)] {
                for column in [max(x - 1, 0), x, min(x + 1, width - 1)] { sum += plane[row * width + column] }
            }
            return sum / 9
        }
    }

    /// The correlation of two thumbnails of one size, −1…1.
    func correlation(with other: EdgeThumbnail) -> Double {
        zip(values, other.values).reduce(0.0) { $0 + Double($1.0 * $1.1) }
    }
}
