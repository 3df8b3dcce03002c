import ArgumentParser
import Foundation
import Media
import OpticalFlow
import Tensors

/// Precision and recall of the reliability masks against known occlusion.
struct ReliabilityBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reliability",
        abstract:
            "Precision and recall of the unreliable pixels, for Ruder's rule, for ours, and for ours of one flow.",
        discussion: """
            Takes threes of pictures: frame t, frame t−1 (in either direction of time), and a picture that is above ½ \
            where a pixel of frame t is not seen in the other. Scripts/bench-flow prepares them.
            """)

    @Argument(help: "Threes of pictures.") var pictures: [String]
    @Option(help: "ultrafast, fast, steady, medium or accurate.") var preset = "medium"
    @Option(help: "Threads.") var threads = 2

    func run() throws {
        guard !pictures.isEmpty, pictures.count % 3 == 0 else { throw ValidationError("give threes of pictures") }
        let rows = ParallelRows(threads: threads)
        let search = ScaledSearch(configuration: try FlowBench.configuration(preset), rows: rows)
        for i in stride(from: 0, to: pictures.count, by: 3) {
            let frames = try pictures[i..<i + 2].map { path in
                let grey = FlowBench.grey(try ImageFile.read(path: path))
                let levels = search.levels(width: grey.shape[1], height: grey.shape[0])
                return GreyPyramid(grey: grey, levels: levels, rows: rows)
            }
            let hidden = try ImageFile.read(path: pictures[i + 2])
            guard frames[1].width == frames[0].width, frames[1].height == frames[0].height,
                hidden.width == frames[0].width, hidden.height == frames[0].height
            else {
                throw ValidationError("\(pictures[i]) and the two after it differ in size")
            }
            let backward = search.flow(from: frames[0], into: frames[1])
            let forward = search.flow(from: frames[1], into: frames[0])
            let ruder = ForwardBackwardCheck.mask(backward: backward, forward: forward, rows: rows)
            let ours = ForwardBackwardCheck.mask(
                backward: backward, forward: forward, frames: (frames[0], frames[1]), rows: rows)
            let oneWay = OneWayCheck.mask(backward: backward, frames: (frames[0], frames[1]), rows: rows)
            for (name, mask) in [("ruder", ruder), ("ours", ours), ("one-way", oneWay)] {
                let score = Self.score(mask, hidden: hidden)
                print(
                    "\(name) hit \(score.hit) found \(score.found) hidden \(score.hidden) "
                        + String(
                            format: "precision %.4f recall %.4f", Double(score.hit) / Double(max(score.found, 1)),
                            Double(score.hit) / Double(max(score.hidden, 1))))
            }
        }
    }

    /// Pixels that are hidden and found unreliable, found, and hidden.
    private static func score(_ mask: ReliabilityMask, hidden: PlanarImage) -> (hit: Int, found: Int, hidden: Int) {
        let truth = hidden.tensor.values
        var score = (hit: 0, found: 0, hidden: 0)
        for (i, trust) in mask.tensor.values.enumerated() {
            let isFound = trust < 0.5
            let isHidden = truth[i] > 0.5
            if isFound { score.found += 1 }
            if isHidden { score.hidden += 1 }
            if isFound && isHidden { score.hit += 1 }
        }
        return score
    }
}
