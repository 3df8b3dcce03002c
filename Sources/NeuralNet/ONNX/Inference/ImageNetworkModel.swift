import Foundation
import Synchronization
import Tensors

/// A three-channel image-to-image network from an ONNX file, for pictures of any size.
///
/// The range and the order of the numbers that it takes and gives are read from the graph, else found by a trial on a drawn
/// picture. The results do not depend on the number of threads.
package final class ImageNetworkModel: Sendable {
    /// The file as read.
    package let model: ONNXModel
    /// What the network takes for a picture.
    package let inputRange: InputRange
    /// What the network gives for a picture.
    package let outputRange: OutputRange
    /// Whether the network's channels are blue, green, red.
    package let isBGR: Bool
    /// How the ranges and the order were found, one sentence; worth a line of the log.
    package let conventionNote: String
    private let lastPlan = Mutex<FittedPlan?>(nil)

    /// - Parameters:
    ///   - inputRange: what the network takes; nil to read it from the graph, or to find it by a trial.
    ///   - rows: the threads of that trial.
    /// - Throws: `BrushflowError`, `.content`, where the network is no three-channel image-to-image network or has an operator
    ///   that is not supported.
    package init(_ model: ONNXModel, inputRange: InputRange? = nil, rows: ParallelRows) throws {
        let faults = model.faults
        guard faults.isEmpty else {
            throw BrushflowError(
                .content, faults.map { "\(model.name): cannot use the network: \($0)" }.joined(separator: "\n"))
        }
        if let channels = model.graph.inputs.first?.extents?.dropFirst().first ?? nil, channels != 3 {
            throw BrushflowError(
                .content,
                "\(model.name): cannot use the network: its input \(quoted(model.graph.inputs[0].name)) has \(channels) channels, not 3"
            )
        }
        self.model = model
        let convention = PixelConvention(model)
        isBGR = convention.isBGR ?? false
        let probe = try ConventionProbe(model, isBGR: isBGR, rows: rows)
        let stated = inputRange ?? convention.input
        let found = stated.map { probe.outcome($0, output: convention.output) } ?? probe.best(output: convention.output)
        self.inputRange = found.input
        outputRange = found.output
        let source =
            inputRange != nil ? "as asked for" : convention.input != nil ? "as its graph says" : "found by a trial"
        conventionNote =
            "\(model.name) takes \(isBGR ? "BGR" : "RGB") \(found.input.rawValue), \(source), and gives \(found.output.rawValue)"
            + (convention.output == nil ? ", found by a trial" : "")
    }

    /// Paints a picture.
    ///
    /// A frame whose size the graph would round is mirrored beyond its right and lower border, and the result cut back.
    ///
    /// - Returns: a picture of the same size, clipped to 0…1.
    /// - Throws: `BrushflowError`, `.content`, where the graph cannot be run at this size, with the node's name.
    package func paint(_ image: PlanarImage, rows: ParallelRows, pool: TensorPool?) throws -> PlanarImage {
        let fitted = try plan(height: image.height, width: image.width)
        let workspace = Workspace(rows: rows, pool: pool)
        var result = fitted.run(image, range: inputRange, isBGR: isBGR, in: workspace)
        let (height, range) = (image.height, outputRange)
        let width = image.width
        result.withMutableFloats { values in
            nonisolated(unsafe) let values = values
            rows.run(rows: 3 * height, grain: 16) { _, stripe in
                for row in stripe {
                    let (scale, offset) = range.affine(channel: row / height)
                    for index in row * width..<(row + 1) * width {
                        let value = values[index] * scale + offset
                        values[index] = value > 0 ? min(value, 1) : 0
                    }
                }
            }
        }
        return PlanarImage(result)
    }

    /// What is wrong with a painted picture, where the network seems to have been given another range of numbers than it
    /// was trained for: almost one colour, or mostly black and white while its source is neither. A sentence with what to try.
    package func complaint(about painted: PlanarImage, from source: PlanarImage) -> String? {
        let (before, after) = (PaintedStatistics(source.tensor), PaintedStatistics(painted.tensor))
        let what: String
        if after.isConstant && before.deviation > 0.03 {
            what = "almost one colour"
        } else if after.isSaturated && before.saturated < 0.4 {
            what = "\(Int((after.saturated * 100).rounded())) % black or white"
        } else {
            return nil
        }
        let others = InputRange.allCases.filter { $0 != inputRange }.map { "--input-range \($0.rawValue)" }
        return
            "\(model.name): the painted frame is \(what); the network may take other numbers than \(inputRange.rawValue): try "
            + others.joined(separator: " or ")
    }

    /// Multiply-adds of one frame.
    package func multiplyAdds(height: Int, width: Int) throws -> Int {
        try plan(height: height, width: width).plan.multiplyAdds
    }

    /// Bytes of activations that one frame holds at most at once, beside scratch memory of the convolutions.
    package func peakBytes(height: Int, width: Int) throws -> Int {
        try plan(height: height, width: width).plan.peakBytes
    }

    private func plan(height: Int, width: Int) throws -> FittedPlan {
        if let plan = lastPlan.withLock({ $0 }), plan.height == height, plan.width == width { return plan }
        let plan = try FittedPlan(model, height: height, width: width)
        lastPlan.withLock { $0 = plan }
        return plan
    }
}
