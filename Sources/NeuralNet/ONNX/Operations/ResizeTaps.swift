import Foundation

/// The weights of one axis of ONNX's Resize: output i is Σ_k weights[i][k] · input[indices[i][k]] + outside[i].
struct ResizeTaps: Sendable {
    /// Where an output pixel lies in the input; names as in ONNX.
    enum Coordinates: String, CaseIterable {
        case halfPixel = "half_pixel"
        case halfPixelSymmetric = "half_pixel_symmetric"
        case pytorchHalfPixel = "pytorch_half_pixel"
        case alignCorners = "align_corners"
        case asymmetric
        case tensorflowHalfPixel = "tf_half_pixel_for_nn"
        case cropAndResize = "tf_crop_and_resize"
    }

    /// Which neighbour nearest takes; names as in ONNX.
    enum Rounding: String, CaseIterable {
        case roundPreferFloor = "round_prefer_floor"
        case roundPreferCeil = "round_prefer_ceil"
        case floor
        case ceil
    }

    /// The interpolation.
    enum Filter: Equatable {
        case nearest(Rounding)
        case linear
        /// The coefficient a, and whether taps outside are left out and the others scaled up.
        case cubic(a: Double, excludesOutside: Bool)
    }

    /// Everything about an axis.
    struct Axis {
        var input: Int
        var output: Int
        /// Output per input, as the graph states it: not always the quotient of the extents.
        var scale: Double
        var coordinates: Coordinates
        /// First and last position of the region that is resized, as fractions; for `cropAndResize`.
        var region: (Double, Double) = (0, 1)
        /// What stands outside the region; for `cropAndResize`.
        var extrapolation: Float = 0
    }

    /// Taps per output.
    let width: Int
    /// `[outputs, width]`, within the input.
    private(set) var indices: [Int] = []
    /// `[outputs, width]`.
    private(set) var weights: [Float] = []
    /// `[outputs]`: the extrapolation value where an output lies outside the region, else 0.
    private(set) var outside: [Float] = []

    init(_ axis: Axis, filter: Filter) {
        switch filter {
        case .nearest: width = 1
        case .linear: width = 2
        case .cubic: width = 4
        }
        indices.reserveCapacity(axis.output * width)
        weights.reserveCapacity(axis.output * width)
        outside.reserveCapacity(axis.output)
        for output in 0..<axis.output {
            let position = Self.position(output, axis)
            let last = Double(axis.input - 1)
            if axis.coordinates == .cropAndResize, position < 0 || position > last {
                outside.append(axis.extrapolation)
                for _ in 0..<width { append(0, weight: 0) }
                continue
            }
            outside.append(0)
            switch filter {
            case .nearest(let rounding):
                append(Int(min(max(Self.rounded(position, rounding), 0), last)), weight: 1)
            case .linear:
                let clamped = min(max(position, 0), last)
                let low = clamped.rounded(.down)
                append(Int(low), weight: 1 - (clamped - low))
                append(min(Int(low) + 1, axis.input - 1), weight: clamped - low)
            case .cubic(let a, let excludesOutside):
                appendCubic(position, input: axis.input, a: a, excludesOutside: excludesOutside)
            }
        }
    }

    private mutating func append(_ index: Int, weight: Double) {
        indices.append(index)
        weights.append(Float(weight))
    }

    private mutating func appendCubic(_ position: Double, input: Int, a: Double, excludesOutside: Bool) {
        let bounded = min(max(position, -4), Double(input) + 4)
        let low = bounded.rounded(.down)
        let first = Int(low) - 1
        // No array: an axis may have very many outputs.
        var taps = SIMD4<Double>()
        for k in 0..<4 {
            let isLeftOut = excludesOutside && !(0..<input).contains(first + k)
            taps[k] = isLeftOut ? 0 : Self.cubic(Double(k - 1) - (bounded - low), a: a)
        }
        if excludesOutside {
            let total = taps[0] + taps[1] + taps[2] + taps[3]
            taps = total == 0 ? .zero : taps / total
        }
        for k in 0..<4 { append(min(max(first + k, 0), input - 1), weight: taps[k]) }
    }

    private static func cubic(_ distance: Double, a: Double) -> Double {
        let x = abs(distance)
        if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
    }

    /// In Float32 as in ONNX Runtime, so that scales such as 0.6 meet the same whole numbers.
    private static func position(_ output: Int, _ axis: Axis) -> Double {
        let (x, scale) = (Float(output), Float(axis.scale))
        let (input, last) = (Float(axis.input), Float(axis.input - 1))
        let position: Float
        switch axis.coordinates {
        case .halfPixel: position = (x + 0.5) / scale - 0.5
        case .halfPixelSymmetric:
            let adjustment = Float(axis.output) / (scale * input)
            let offset = input / 2 * (1 - adjustment)
            position = offset + (x + 0.5) / scale - 0.5
        case .pytorchHalfPixel: position = axis.output > 1 ? (x + 0.5) / scale - 0.5 : 0
        case .alignCorners: position = axis.output == 1 ? 0 : x * last / Float(axis.output - 1)
        case .asymmetric: position = x / scale
        case .tensorflowHalfPixel: position = (x + 0.5) / scale
        case .cropAndResize:
            let (start, end) = (Float(axis.region.0), Float(axis.region.1))
            position =
                axis.output == 1
                ? 0.5 * (start + end) * last : start * last + x * (end - start) * last / Float(axis.output - 1)
        }
        // Hostile scales and regions lead far away or nowhere.
        return position.isFinite ? Double(min(max(position, -1e9), 1e9)) : 0
    }

    private static func rounded(_ position: Double, _ rounding: Rounding) -> Double {
        switch rounding {
        case .roundPreferFloor: return (position - 0.5).rounded(.up)
        case .roundPreferCeil: return (position + 0.5).rounded(.down)
        case .floor: return position.rounded(.down)
        case .ceil: return position.rounded(.up)
        }
    }
}
