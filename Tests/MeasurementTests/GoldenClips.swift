import Foundation
import Measurement
import OpticalFlow
import Tensors

/// The clips, flow and masks of `Scripts/golden/measurement.py` and what NumPy made of them.
struct GoldenClips {
    /// Figures of one frame; of three clips: source, stylized, independent.
    struct Frame: Decodable {
        let sharpness: [Double]
        let brightness: [Double]
        let short: [[Double]]?
        let shortOccluded: Double?
        let long: [[Double]]?
        let longOccluded: Double?
    }

    /// Figures of the clip.
    struct Expected: Decodable {
        let frames: [Frame]
        let warp: Double
        let floor: Double
        let independent: Double
        let shortRoot: Double
        let sourceShortRoot: Double
        let longRoot: Double
        let longWarp: Double
        let independentLongRoot: Double
        let steadied: Double
        let sharpnessOfSource: Double
        let sharpnessOfIndependent: Double
        let sharpnessDrift: Double
        let brightnessDrift: Double
        let occluded: Double
    }

    static let (frames, height, width) = (16, 18, 26)
    let expected: Expected
    private let clips: [Float]
    private let flow: [Float]
    private let mask: [Float]

    init() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Golden")
        func floats(_ name: String) throws -> [Float] {
            let data = try Data(contentsOf: folder.appending(path: name))
            return stride(from: 0, to: data.count, by: 4).map { offset in
                data.withUnsafeBytes {
                    Float(bitPattern: UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
                }
            }
        }
        clips = try floats("clips.f32")
        flow = try floats("flow.f32")
        mask = try floats("mask.f32")
        expected = try JSONDecoder().decode(
            Expected.self, from: try Data(contentsOf: folder.appending(path: "expected.json")))
    }

    func compared(_ index: Int) -> ComparedFrames {
        func picture(_ clip: Int) -> PlanarImage {
            PlanarImage(Self.part(of: clips, clip * Self.frames + index, channels: 3))
        }
        return ComparedFrames(index: index, source: picture(0), stylized: picture(1), independent: picture(2))
    }

    /// The motion out of a frame, 0: into the frame before, 1: into the tenth before.
    func motion(_ index: Int, interval: Int) -> MeasuredMotion {
        let place = interval * Self.frames + index
        return MeasuredMotion(
            flow: FlowField(Self.part(of: flow, place, channels: 2)),
            mask: ReliabilityMask(Self.part(of: mask, place, channels: 1)))
    }

    private static func part(of values: [Float], _ index: Int, channels: Int) -> Tensor {
        let count = channels * height * width
        return Tensor([channels, height, width], Array(values[index * count..<(index + 1) * count]))
    }
}
