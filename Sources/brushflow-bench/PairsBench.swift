import ArgumentParser
import Dispatch
import Foundation
import Media
import OpticalFlow
import Tensors
import Training

/// Training pairs as pictures to look at, and what they cost.
struct PairsBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pairs",
        abstract:
            "Training pairs as rows of earlier frame, later frame, flow, mask and what the flow leaves, and their cost."
    )

    @Argument(help: "Photographs; drawn pictures where there are none.") var photographs: [String] = []
    @Option(help: "Pairs.") var count = 6
    @Option(help: "Columns and rows of the frames.") var size = 192
    @Option(help: "Seed.") var seed: UInt64 = 0
    @Option(name: .shortAndLong, help: "The picture's file, and with drawn pictures PICTURES-N.png beside it.")
    var output: String

    func run() throws {
        let rows = ParallelRows(threads: 1)
        let pictures: any PictureCollection
        if photographs.isEmpty {
            pictures = DrawnPictures(count: 8, seed: seed)
        } else {
            pictures = PictureSet(
                try photographs.map {
                    TrainingPicture(try ImageFile.read(path: $0), shortSide: TrainingPicture.keptSide, rows: rows)
                })
        }
        for index in 0..<pictures.count { _ = try pictures.picture(at: index) }
        let sequence = PairSequence(pictures: pictures, side: size, batch: count, seed: seed)
        let start = DispatchTime.now().uptimeNanoseconds
        let pairs = try sequence.batch(0)
        let milliseconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e6
        print(String(format: "%.1f ms a pair by one thread", milliseconds / Double(count)))
        var strip = Tensor(uninitialized: [3, count * size, 5 * size])
        for (row, pair) in pairs.enumerated() {
            let (earlier, later) = (pair.earlier.values, pair.later.values)
            let flow = FlowColorWheel.picture(of: pair.flow).tensor.values
            let (mask, moved) = (pair.reliability.tensor.values, pair.moved(pair.earlier, rows: rows).values)
            let plane = size * size
            strip.withMutableFloats { target in
                for index in 0..<3 * plane {
                    let (channel, place) = (index / plane, index % plane)
                    let left = 0.5 + 4 * mask[place] * (moved[index] - later[index])
                    for (column, value) in [earlier[index], later[index], flow[index], mask[place], left].enumerated() {
                        let line = (channel * count + row) * size + place / size
                        target[line * 5 * size + column * size + place % size] = min(max(value, 0), 1)
                    }
                }
            }
        }
        try ImageFile.write(PlanarImage(strip), path: output, overwrite: true)
        guard photographs.isEmpty else { return }
        for index in 0..<pictures.count {
            let picture = try pictures.picture(at: index)
            let values = (0..<3).flatMap { channel in picture.pixels.map { Float($0[channel]) / 255 } }
            let image = PlanarImage(Tensor([3, picture.height, picture.width], values))
            try ImageFile.write(image, path: "\(output)-\(index).png", overwrite: true)
        }
    }
}
