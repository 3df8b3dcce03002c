import Tensors

/// One frame of a scene: its colours, which layer alone is seen at each pixel, and where that was.
struct PairFrame {
    /// Where several layers mix, on soft edges.
    static let mixed: Int8 = -1

    /// `[3, side, side]`, 0…1.
    let colours: Tensor
    /// The layer of every pixel, row by row.
    let labels: [Int8]
    /// Where every pixel's content lies in the earlier frame, in pixels from its centre; of a mixed pixel, that of the
    /// foremost layer that covers half of it.
    let origins: [SIMD2<Double>]

    /// Renders the layers where their motions put them, the hindmost first; it covers all.
    init(_ layers: [PairLayer], side: Int, pool: TensorPool?) {
        let plane = side * side
        let middle = Double(side - 1) / 2
        var pixels = [SIMD4<Float>](repeating: .zero, count: plane)
        var labels = [Int8](repeating: Self.mixed, count: plane)
        var origins = [SIMD2<Double>](repeating: .zero, count: plane)
        for (index, layer) in layers.enumerated() {
            let label = Int8(index)
            for place in 0..<plane {
                let pixel = layer.motion.local(Double(place % side) - middle, Double(place / side) - middle)
                let coverage = Float(layer.coverage(pixel.place))
                if coverage == 0 { continue }
                let colour = layer.colour(pixel)
                labels[place] = coverage == 1 ? label : Self.mixed
                if coverage >= 0.5 { origins[place] = pixel.place }
                pixels[place] = coverage == 1 ? colour : pixels[place] + coverage * (colour - pixels[place])
            }
        }
        var frame = Tensor(uninitialized: [3, side, side], pool: pool)
        frame.withMutableFloats { planes in
            for (place, pixel) in pixels.enumerated() {
                let colour = pixel.clamped(lowerBound: .zero, upperBound: .one)
                for channel in 0..<3 { planes[channel * plane + place] = colour[channel] }
            }
        }
        colours = frame
        self.labels = labels
        self.origins = origins
    }
}
