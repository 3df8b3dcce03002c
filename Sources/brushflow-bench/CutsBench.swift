import ArgumentParser
import Foundation
import OpticalFlow
import Tensors

/// The measure of scene cuts and the share of reliable flow, frame by frame.
struct CutsBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cuts",
        abstract: "Scene cuts of a clip given as raw RGB on standard input.",
        discussion: "ffmpeg -i clip.mp4 -f rawvideo -pix_fmt rgb24 - | brushflow-bench cuts 640 360")

    @Argument(help: "Columns.") var width: Int
    @Argument(help: "Rows.") var height: Int
    @Option(help: "Threads.") var threads = 2

    func run() throws {
        guard width > 0, height > 0 else { throw ValidationError("a picture of \(width)×\(height)") }
        let estimator = FlowEstimator(rows: ParallelRows(threads: threads), pool: TensorPool())
        var index = 0
        while let bytes = try FileHandle.standardInput.read(upToCount: 3 * width * height),
            bytes.count == 3 * width * height
        {
            let pixels = [UInt8](bytes)
            let count = width * height
            var values = [Float](repeating: 0, count: 3 * count)
            for i in 0..<count {
                for c in 0..<3 { values[c * count + i] = Float(pixels[3 * i + c]) / 255 }
            }
            let (frame, cut) = estimator.measured(PlanarImage(Tensor([3, height, width], values)))
            let reliable = frame.motion.map { motion in
                motion.mask.tensor.values.reduce(0.0) { $0 + Double($1) } / Double(count)
            }
            if let cut {
                print(
                    "frame \(index) unexplained " + String(format: "%.3f", cut.unexplained) + " reliable "
                        + (reliable.map { String(format: "%.3f", $0) } ?? "cut"))
            }
            index += 1
        }
    }
}
