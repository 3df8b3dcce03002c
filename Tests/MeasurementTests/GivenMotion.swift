import Measurement
import Tensors

/// Motion that a test knows.
final class GivenMotion: MotionSource {
    private let short: (Int) -> MeasuredMotion?
    private let long: (Int, Int) -> MeasuredMotion
    private var index = 0

    init(short: @escaping (Int) -> MeasuredMotion?, long: @escaping (Int, Int) -> MeasuredMotion) {
        self.short = short
        self.long = long
    }

    func motion(of image: PlanarImage, index: Int) -> MeasuredMotion? {
        self.index = index
        return short(index)
    }

    func motion(of image: PlanarImage, into earlier: PlanarImage, interval: Int) -> MeasuredMotion {
        long(index, interval)
    }
}
