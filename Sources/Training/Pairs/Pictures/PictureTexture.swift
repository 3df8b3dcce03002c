import Tensors

/// A picture that can be sampled anywhere. Beyond its borders it is mirrored, without end.
struct PictureTexture: Sendable {
    private let texels: [SIMD4<Float>]
    private let width: Int
    private let height: Int
    /// Texels a picture pixel, 1 or ½ or ¼ ….
    private let scale: Double
    /// Added before a number is cut off, so that those below 0 are rounded down too.
    private static let offset = 1 << 20

    /// Halves a picture until at most two texels lie within `spacing` picture pixels: two samples in each direction and
    /// frame pixel then alias nothing.
    init(_ picture: TrainingPicture, spacing: Double) {
        var (width, height) = (picture.width, picture.height)
        var texels = picture.pixels.map { SIMD4<Float>($0) / 255 }
        var pixels = 1.0
        while spacing / pixels > 2, min(width, height) >= 2 {
            texels = Self.halved(texels, width: width, height: height)
            (width, height, pixels) = (width / 2, height / 2, 2 * pixels)
        }
        self.texels = texels
        self.width = width
        self.height = height
        scale = 1 / pixels
    }

    /// The colour at a place in picture pixels, (0, 0) the centre of the first, by Catmull-Rom's cubic.
    func sample(_ place: SIMD2<Double>) -> SIMD4<Float> {
        let x = (place.x + 0.5) * scale - 0.5
        let y = (place.y + 0.5) * scale - 0.5
        let left = Int(x + Double(Self.offset)) - Self.offset
        let top = Int(y + Double(Self.offset)) - Self.offset
        let (across, down) = (Self.weights(Float(x - Double(left))), Self.weights(Float(y - Double(top))))
        let (column, row) = (left - 1, top - 1)
        var sum = SIMD4<Float>.zero
        texels.withUnsafeBufferPointer { texels in
            if column >= 0, row >= 0, column + 4 <= width, row + 4 <= height {
                for j in 0..<4 {
                    let base = (row + j) * width + column
                    var line = across[0] * texels[base]
                    line += across[1] * texels[base + 1]
                    line += across[2] * texels[base + 2]
                    line += across[3] * texels[base + 3]
                    sum += down[j] * line
                }
            } else {
                for j in 0..<4 {
                    let base = Self.mirrored(row + j, width: height) * width
                    for i in 0..<4 {
                        sum += (down[j] * across[i]) * texels[base + Self.mirrored(column + i, width: width)]
                    }
                }
            }
        }
        return sum
    }

    /// Keys 1981, a = −½: of the four texels around a place that lies `t` after the second.
    private static func weights(_ t: Float) -> SIMD4<Float> {
        SIMD4(
            ((-0.5 * t + 1) * t - 0.5) * t, (1.5 * t - 2.5) * t * t + 1, ((-1.5 * t + 2) * t + 0.5) * t,
            (0.5 * t - 0.5) * t * t)
    }

    /// … 1 0 0 1 … w−1 w−1 w−2 …
    private static func mirrored(_ index: Int, width: Int) -> Int {
        let period = 2 * width
        let place = (index % period + period) % period
        return place < width ? place : period - 1 - place
    }

    private static func halved(_ texels: [SIMD4<Float>], width: Int, height: Int) -> [SIMD4<Float>] {
        let (columns, rows) = (width / 2, height / 2)
        return (0..<columns * rows).map { place in
            let base = place / columns * 2 * width + place % columns * 2
            return 0.25 * (texels[base] + texels[base + 1] + texels[base + width] + texels[base + width + 1])
        }
    }
}
