import Tensors
import Training

/// Pictures whose colours tell where a pixel came from.
enum DrawnRamp {
    /// Red is four times the column and green four times the row, exact in 8 bits; blue tells the picture.
    static func picture(side: Int = 60, blue: Float = 0) -> TrainingPicture {
        TrainingPicture(
            width: side, height: side,
            colours: (0..<side * side).map { SIMD4(Float($0 % side * 4) / 255, Float($0 / side * 4) / 255, blue, 0) })
    }

    /// Waves of a few pixels' length.
    static func waves(width: Int, height: Int) -> TrainingPicture {
        TrainingPicture(
            width: width, height: height,
            colours: (0..<width * height).map { place in
                let (x, y) = (Float(place % width), Float(place / width))
                func wave(_ a: Float, _ b: Float) -> Float {
                    let phase = (x * a + y * b).truncatingRemainder(dividingBy: 1)
                    return 0.5 + 0.4 * (1 - 8 * abs(phase - 0.5) * (1 - abs(phase - 0.5)) * 0.5)
                }
                return SIMD4(wave(0.03, 0.05), wave(0.06, 0.01), wave(0.02, 0.07), 0)
            })
    }
}
