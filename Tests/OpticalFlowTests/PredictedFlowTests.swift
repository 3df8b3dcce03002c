import OpticalFlow
import Tensors
import Testing

@Suite struct PredictedFlowTests {
    private let rows = ParallelRows(threads: 2)
    private let width = 320
    private let height = 200

    /// A block, 40 pixels wide, that has moved `shift` pixels to the right over a ground that stands still.
    private func frame(_ shift: Double) -> PlanarImage {
        let (ground, block) = (Texture(seed: 31), Texture(seed: 32))
        let values = (0..<width * height).map { index -> Float in
            let (x, y) = (Double(index % width), Double(index / width))
            let isInside = (40..<80).contains(x - shift) && (80..<120).contains(y)
            return isInside ? block.value(x - shift, y) : ground.value(x, y)
        }
        return PlanarImage(Tensor([3, height, width], values + values + values))
    }

    /// The mean error of the flow inside the block, which is at 40 + shift.
    private func error(_ flow: FlowField, shift: Int, truth: Float) -> Float {
        var sum: Float = 0
        for y in 84..<116 {
            for x in 44 + shift..<76 + shift { sum += abs(flow.tensor.values[y * width + x] - truth) }
        }
        return sum / (32 * 32)
    }

    /// 64 pixels a frame, more than the block's own width: only a motion that goes on is found.
    @Test func findsAFastBlockThatTheCoarseLevelsLose() {
        let search = DenseInverseSearch(configuration: .medium, rows: rows)
        let levels = search.levels(width: width, height: height)
        let frames = [0.0, 64, 128].map { GreyPyramid(frame($0), levels: levels, rows: rows) }
        func moved(_ shift: Int, _ u: Float) -> FlowField {
            var flow = Tensor([2, height, width])
            flow.withMutableFloats { values in
                for y in 80..<120 {
                    for x in 40 + shift..<80 + shift { values[y * width + x] = u }
                }
            }
            return FlowField(flow)
        }
        let backward = PredictedFlow(continuing: moved(64, -64), .backward)
        let forward = PredictedFlow(continuing: moved(0, 64), .forward)
        #expect(error(search.flow(from: frames[2], into: frames[1]), shift: 128, truth: -64) > 20)
        let back = search.flow(from: frames[2], into: frames[1], predicted: backward)
        #expect(error(back, shift: 128, truth: -64) < 4)
        let onwards = search.flow(from: frames[1], into: frames[2], predicted: forward)
        #expect(error(onwards, shift: 64, truth: 64) < 4)
    }

    @Test func aWrongPredictionIsNotTaken() {
        let search = DenseInverseSearch(configuration: .medium, rows: rows)
        let levels = search.levels(width: width, height: height)
        let texture = Texture(seed: 33)
        let frames = [0.0, 2].map { shift in
            GreyPyramid(
                texture.picture(width: width, height: height) { ($0 - shift, $1) }, levels: levels, rows: rows)
        }
        let truth = uniformFlow(width: width, height: height, u: -2, v: 0)
        for wrong in [Float(30), .nan, .infinity] {
            let prediction = PredictedFlow(
                continuing: uniformFlow(width: width, height: height, u: wrong, v: wrong), .backward)
            let found = search.flow(from: frames[1], into: frames[0], predicted: prediction)
            #expect(EndPointError.compute(flow: found, truth: truth).mean < 0.2, "predicted \(wrong)")
        }
    }
}
