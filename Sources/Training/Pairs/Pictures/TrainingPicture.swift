import Tensors

/// A picture that training pairs are cut from: 8 bits a channel, so that many fit in memory.
package struct TrainingPicture: Sendable, Equatable {
    /// The short side that pictures are brought down to where there are many.
    package static let keptSide = 480

    /// Columns.
    package let width: Int
    /// Rows.
    package let height: Int
    /// R G B and nothing, row by row.
    package let pixels: [SIMD4<UInt8>]

    /// Takes a picture, brought down as `PlanarImage.reduced`.
    package init(_ image: PlanarImage, shortSide: Int, rows: ParallelRows) {
        let tensor = image.reduced(toShortSide: shortSide, rows: rows).tensor
        let (height, width) = (tensor.shape[1], tensor.shape[2])
        let plane = height * width
        pixels = tensor.withFloats { values in
            (0..<plane).map { place in
                let colour = SIMD4(values[place], values[plane + place], values[2 * plane + place], 0)
                return Self.rounded(colour)
            }
        }
        self.width = width
        self.height = height
    }

    /// Takes pixels, row by row.
    package init(width: Int, height: Int, colours: [SIMD4<Float>]) {
        precondition(colours.count == width * height, "\(colours.count) colours for \(width)×\(height)")
        self.width = width
        self.height = height
        pixels = colours.map(Self.rounded)
    }

    /// The bytes that it takes.
    package var byteCount: Int { pixels.count * MemoryLayout<SIMD4<UInt8>>.stride }

    /// A value that is not a number becomes 0.
    private static func rounded(_ colour: SIMD4<Float>) -> SIMD4<UInt8> {
        let clamped = (colour * 255 + 0.5).clamped(lowerBound: .zero, upperBound: SIMD4(repeating: 255))
        let bytes = clamped.replacing(with: 0, where: clamped .!= clamped)
        // One by one: the conversion of a whole vector is a call for each number.
        return SIMD4(UInt8(bytes.x), UInt8(bytes.y), UInt8(bytes.z), UInt8(bytes.w))
    }
}
