import Tensors

/// One of the eight ways to turn a picture by quarter turns and mirror it: the way from stored pixels to the
/// upright picture.
public struct PixelRotation: Hashable, Sendable {
    /// Whether rows of the upright picture are columns of the stored one.
    public let transposes: Bool
    /// Whether the upright picture's columns run against the stored axis that they come from.
    public let reversesColumns: Bool
    /// Whether the upright picture's rows run against the stored axis that they come from.
    public let reversesRows: Bool

    /// Upright already.
    public static let identity = PixelRotation(transposes: false, reversesColumns: false, reversesRows: false)

    package init(transposes: Bool, reversesColumns: Bool, reversesRows: Bool) {
        self.transposes = transposes
        self.reversesColumns = reversesColumns
        self.reversesRows = reversesRows
    }

    /// Reads a display matrix (nine fixed-point values, libav's order); turns that are not quarter turns are taken
    /// as the nearest one.
    public init(displayMatrix m: [Int32]) {
        precondition(m.count == 9, "a display matrix has 9 values, not \(m.count)")
        // Display column = a·column + c·row, display row = b·column + d·row.
        let (a, b, c, d) = (Int64(m[0]), Int64(m[1]), Int64(m[3]), Int64(m[4]))
        if abs(a) + abs(d) >= abs(b) + abs(c) {
            self.init(transposes: false, reversesColumns: a < 0, reversesRows: d < 0)
        } else {
            self.init(transposes: true, reversesColumns: c < 0, reversesRows: b < 0)
        }
    }

    /// Reads EXIF's orientation tag, 1…8; anything else is upright.
    public init(exifOrientation: Int) {
        switch exifOrientation {
        case 2: self.init(transposes: false, reversesColumns: true, reversesRows: false)
        case 3: self.init(transposes: false, reversesColumns: true, reversesRows: true)
        case 4: self.init(transposes: false, reversesColumns: false, reversesRows: true)
        case 5: self.init(transposes: true, reversesColumns: false, reversesRows: false)
        case 6: self.init(transposes: true, reversesColumns: true, reversesRows: false)
        case 7: self.init(transposes: true, reversesColumns: true, reversesRows: true)
        case 8: self.init(transposes: true, reversesColumns: false, reversesRows: true)
        default: self = .identity
        }
    }

    /// Whether nothing changes.
    public var isIdentity: Bool { self == .identity }

    /// The upright picture; the same tensor where nothing changes.
    package func apply(to image: PlanarImage, rows: ParallelRows, pool: TensorPool? = nil) -> PlanarImage {
        if isIdentity { return image }
        let (width, height) = (image.width, image.height)
        let (outWidth, outHeight) = transposes ? (height, width) : (width, height)
        var upright = Tensor(uninitialized: [3, outHeight, outWidth], pool: pool)
        image.tensor.withFloats { source in
            upright.withMutableFloats { target in
                let planes = Planes(source: source, target: target)
                rows.run(rows: 3 * outHeight, grain: 64) { _, range in
                    for line in range {
                        let (plane, y) = line.quotientAndRemainder(dividingBy: outHeight)
                        let row = reversesRows ? outHeight - 1 - y : y
                        // Where the upright row begins in the stored plane and how far apart its pixels are there.
                        let step = (transposes ? width : 1) * (reversesColumns ? -1 : 1)
                        let first = reversesColumns ? outWidth - 1 : 0
                        let start =
                            plane * width * height + (transposes ? first * width + row : row * width + first)
                        let out = line * outWidth
                        for x in 0..<outWidth { planes.target[out + x] = planes.source[start + x * step] }
                    }
                }
            }
        }
        return PlanarImage(upright)
    }

    /// Lets the row loops share two buffers; every row writes its own part of the target.
    private struct Planes: @unchecked Sendable {
        let source: UnsafeBufferPointer<Float>
        let target: UnsafeMutableBufferPointer<Float>
    }
}
