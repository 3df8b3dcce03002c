import Foundation
import OpticalFlow
import Tensors

/// Pictures that are drawn for the tests, each a smooth random texture given by a formula, so that it can be sampled
/// anywhere exactly.
struct Texture {
    private var waves: [(x: Double, y: Double, phase: Double)] = []

    init(seed: UInt64, frequencies: ClosedRange<Double> = 0.05...0.6) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<24 {
            let angle = Double.random(in: 0..<Double.pi, using: &random)
            let frequency = Double.random(in: frequencies, using: &random)
            waves.append(
                (cos(angle) * frequency, sin(angle) * frequency, Double.random(in: 0..<6.28, using: &random)))
        }
    }

    /// The value at a place in pixels, 0…1.
    func value(_ x: Double, _ y: Double) -> Float {
        let sum = waves.reduce(0) { $0 + sin($1.x * x + $1.y * y + $1.phase) }
        return Float(0.5 + sum / Double(waves.count) * 1.5)
    }

    /// A picture whose pixel (x, y) shows the texture at `place(x, y)`.
    func picture(
        width: Int, height: Int, gain: Float = 1,
        _ place: (Double, Double) -> (Double, Double) = { ($0, $1) }
    ) -> PlanarImage {
        var values: [Float] = []
        for y in 0..<height {
            for x in 0..<width {
                let (px, py) = place(Double(x), Double(y))
                values.append(min(max(0, gain * value(px, py)), 1))
            }
        }
        return PlanarImage(Tensor([3, height, width], values + values + values))
    }
}

/// Seeded numbers for these tests (`SplitMix64`).
struct SeededGenerator: RandomNumberGenerator {
    private var generator: SplitMix64

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    mutating func next() -> UInt64 { generator.next() }

    mutating func floats(_ count: Int, in range: ClosedRange<Float>) -> [Float] {
        (0..<count).map { _ in Float.random(in: range, using: &self) }
    }
}

/// A field that is (u, v) everywhere.
func uniformFlow(width: Int, height: Int, u: Float, v: Float) -> FlowField {
    let count = width * height
    return FlowField(
        Tensor([2, height, width], [Float](repeating: u, count: count) + [Float](repeating: v, count: count)))
}

/// Golden data beside this file, from Scripts/golden/flow.py.
enum Golden {
    static func tensor(_ name: String, _ shape: Shape) throws -> Tensor {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name).f32")
        let data = try Data(contentsOf: url)
        let values = stride(from: 0, to: data.count, by: 4).map { offset in
            data.withUnsafeBytes {
                Float(bitPattern: UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
            }
        }
        return Tensor(shape, values)
    }
}

/// The largest absolute difference of two tensors' elements; infinite where the shapes differ.
func largestDifference(_ a: Tensor, _ b: Tensor) -> Float {
    guard a.shape == b.shape else { return .infinity }
    return zip(a.values, b.values).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
}
