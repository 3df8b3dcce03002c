import Foundation
import Tensors

extension PairLayer.View {
    /// A random part of a picture, from one frame pixel a picture pixel to the largest square within it, at most three; of a
    /// smaller picture, the largest.
    ///
    /// - Parameter side: rows and columns of the frame.
    init(of picture: TrainingPicture, side: Int, random: inout SplitMix64) {
        let largest = Double(min(picture.width, picture.height)) / Double(side)
        let spacing = largest > 1 ? pow(min(largest, 3), Double(random.unit())) : largest
        func place(_ length: Int, _ random: inout SplitMix64) -> Double {
            let half = spacing * Double(side) / 2
            return random.value(in: half...max(half, Double(length) - half)) - 0.5
        }
        let center = SIMD2(place(picture.width, &random), place(picture.height, &random))
        let mirror = random.next() & 1 == 0 ? 1.0 : -1.0
        self.init(center: center, spacing: SIMD2(mirror * spacing, spacing))
    }
}

extension TrainingPicture {
    /// A random square part of the picture, `[3, side, side]`, 0…1.
    package func crop(side: Int, random: inout SplitMix64, pool: TensorPool?) -> Tensor {
        let layer = PairLayer(
            picture: self, view: PairLayer.View(of: self, side: side, random: &random), motion: .identity, shape: nil)
        return PairFrame([layer], side: side, pool: pool).colours
    }
}
