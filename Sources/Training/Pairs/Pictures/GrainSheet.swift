import Tensors

/// A square of noise with as much of it at every scale, that repeats without a seam.
struct GrainSheet {
    static let side = 128

    private let values: [Float]

    /// Adds octaves of noise between random values at ever closer nodes; each octave is 0.7 times the one before.
    init(random: inout SplitMix64) {
        var values = [Float](repeating: 0, count: Self.side * Self.side)
        var height: Float = 0.5
        for octave in 2...7 {
            let nodes = 1 << octave
            let step = Self.side / nodes
            let levels = (0..<nodes * nodes).map { _ in random.unit() - 0.5 }
            for y in 0..<Self.side {
                let (row, down) = (y / step, Float(y % step) / Float(step))
                for x in 0..<Self.side {
                    let (column, right) = (x / step, Float(x % step) / Float(step))
                    func node(_ dx: Int, _ dy: Int) -> Float {
                        levels[(row + dy) % nodes * nodes + (column + dx) % nodes]
                    }
                    let top = node(0, 0) + right * (node(1, 0) - node(0, 0))
                    let bottom = node(0, 1) + right * (node(1, 1) - node(0, 1))
                    values[y * Self.side + x] += height * (top + down * (bottom - top))
                }
            }
            height *= 0.7
        }
        self.values = values
    }

    /// The value at a place, 0 on average.
    func value(_ x: Int, _ y: Int) -> Float {
        values[(y & (Self.side - 1)) * Self.side + (x & (Self.side - 1))]
    }
}
