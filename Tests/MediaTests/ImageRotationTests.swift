import Media
import Tensors
import Testing

@Suite struct ImageRotationTests {
    private let image = PlanarImage(Tensor([3, 2, 3], (0..<18).map(Float.init)))
    private let rows = ParallelRows(threads: 2)

    private func firstPlane(_ rotation: PixelRotation) -> [[Float]] {
        let turned = rotation.apply(to: image, rows: rows)
        let values = turned.tensor.values
        return (0..<turned.height).map { y in (0..<turned.width).map { values[y * turned.width + $0] } }
    }

    /// 16.16 fixed point: display column = a·x + c·y, display row = b·x + d·y.
    private func matrix(_ a: Int32, _ b: Int32, _ c: Int32, _ d: Int32) -> [Int32] {
        [a << 16, b << 16, 0, c << 16, d << 16, 0, 0, 0, 1 << 30]
    }

    @Test func displayMatricesTurnClockwiseAsPlayersDo() {
        #expect(firstPlane(PixelRotation(displayMatrix: matrix(1, 0, 0, 1))) == [[0, 1, 2], [3, 4, 5]])
        // A phone held upright: 90° clockwise.
        #expect(firstPlane(PixelRotation(displayMatrix: matrix(0, 1, -1, 0))) == [[3, 0], [4, 1], [5, 2]])
        #expect(firstPlane(PixelRotation(displayMatrix: matrix(-1, 0, 0, -1))) == [[5, 4, 3], [2, 1, 0]])
        #expect(firstPlane(PixelRotation(displayMatrix: matrix(0, -1, 1, 0))) == [[2, 5], [1, 4], [0, 3]])
        #expect(firstPlane(PixelRotation(displayMatrix: matrix(-1, 0, 0, 1))) == [[2, 1, 0], [5, 4, 3]])
    }

    @Test func allPlanesTurnAlike() {
        let turned = PixelRotation(exifOrientation: 6).apply(to: image, rows: rows).tensor
        #expect(turned.shape == [3, 3, 2])
        #expect(turned.values == [3, 0, 4, 1, 5, 2, 9, 6, 10, 7, 11, 8, 15, 12, 16, 13, 17, 14])
    }

    @Test func nonsenseIsUpright() {
        #expect(PixelRotation(exifOrientation: 0).isIdentity)
        #expect(PixelRotation(exifOrientation: 99).isIdentity)
        #expect(PixelRotation(displayMatrix: [Int32](repeating: 0, count: 9)).isIdentity)
        #expect(!PixelRotation(displayMatrix: [Int32](repeating: .min, count: 9)).transposes)
    }
}
