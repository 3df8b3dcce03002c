import Foundation
import Measurement
import OpticalFlow
import Tensors

/// A texture that pans to the right, with its flow, and copies of it with known faults.
struct PannedClip {
    static let (width, height, pixelsPerFrame) = (96, 64, 2)
    let frames: [PlanarImage]

    /// The texture with `grain` of fresh noise in every frame.
    init(frames count: Int, grain: Float = 0, seed: UInt64 = 1) {
        var random = SplitMix64(seed: seed)
        frames = (0..<count).map { t in
            Self.picture { x, y, channel in
                Self.texture(x - Self.pixelsPerFrame * t, y, channel) + grain * (random.unit() - 0.5)
            }
        }
    }

    private init(_ frames: [PlanarImage]) { self.frames = frames }

    /// Every frame changed.
    func changed(_ body: (_ frame: Int, _ value: Float) -> Float) -> PannedClip {
        PannedClip(
            frames.enumerated().map { index, frame in
                PlanarImage(Tensor(frame.tensor.shape, frame.tensor.values.map { body(index, $0) }))
            })
    }

    /// The frames of these numbers.
    func picking(_ numbers: [Int]) -> PannedClip { PannedClip(numbers.map { frames[$0] }) }

    /// Each pixel the mean of the 5×5 around it.
    var blurred: PannedClip {
        PannedClip(
            frames.map { frame in
                let values = frame.tensor.values
                return Self.picture { x, y, channel in
                    var sum: Float = 0
                    for dy in -2...2 {
                        for dx in -2...2 {
                            let row = min(max(y + dy, 0), Self.height - 1)
                            let column = min(max(x + dx, 0), Self.width - 1)
                            sum += values[(channel * Self.height + row) * Self.width + column]
                        }
                    }
                    return sum / 25
                }
            })
    }

    /// What a measurer finds of `stylized` against this clip.
    func figures(of stylized: PannedClip, independent: PannedClip? = nil) throws -> ClipFigures {
        let motion = GivenMotion(
            short: { $0 == 0 ? nil : Self.motion(over: 1) }, long: { Self.motion(over: $1) })
        let measurer = ClipMeasurer(motion: motion, distances: nil, rows: ParallelRows(threads: 2))
        for index in 0..<min(frames.count, stylized.frames.count) {
            _ = try measurer.add(
                ComparedFrames(
                    index: index, source: frames[index], stylized: stylized.frames[index],
                    independent: independent?.frames[index]))
        }
        for surplus in frames.dropFirst(stylized.frames.count) { measurer.add(surplusSource: surplus) }
        return measurer.finish()
    }

    static func motion(over interval: Int) -> MeasuredMotion {
        let shift = pixelsPerFrame * interval
        let count = width * height
        let flow = Tensor([2, height, width], (0..<2 * count).map { $0 < count ? Float(-shift) : 0 })
        let mask = Tensor([1, height, width], (0..<count).map { $0 % width >= shift ? 1 : 0 })
        return MeasuredMotion(flow: FlowField(flow), mask: ReliabilityMask(mask))
    }

    private static func texture(_ x: Int, _ y: Int, _ channel: Int) -> Float {
        let (x, y) = (Float(x), Float(y))
        let waves = sin(0.31 * x + 0.17 * y) + sin(0.83 * x - 0.41 * y) + sin(0.11 * x * 1.7 + 0.9 * y) + sin(1.9 * x)
        return 0.45 + 0.08 * waves + 0.03 * Float(channel)
    }

    private static func picture(_ value: (_ x: Int, _ y: Int, _ channel: Int) -> Float) -> PlanarImage {
        var tensor = Tensor([3, height, width])
        tensor.withMutableFloats { floats in
            for i in floats.indices { floats[i] = value(i % width, i / width % height, i / (width * height)) }
        }
        return PlanarImage(tensor)
    }
}
