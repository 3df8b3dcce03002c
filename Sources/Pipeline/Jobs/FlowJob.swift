import Foundation
import Media
import OpticalFlow
import Tensors

/// Estimates the forward optical flow between two images and writes it.
public struct FlowJob {
    /// What was found out about a flow field whose truth is known.
    public struct Outcome: Sendable, Equatable {
        /// The mean end-point error in pixels over all pixels of known flow; nil without a truth.
        public var endPointError: Double?
        /// Pixels whose true flow is unknown.
        public var unknownPixels: Int
    }

    private let first: PlanarImage
    private let second: PlanarImage
    private let output: String
    private let writesPicture: Bool
    private let truth: FlowField?
    private let configuration: Configuration
    private let overwrite: Bool
    private let rows: ParallelRows

    /// Reads the images and the truth.
    ///
    /// - Parameters:
    ///   - output: a `.flo` file (Middlebury's format), or an image file for the colour wheel's picture.
    ///   - truthPath: a `.flo` file to compare with.
    /// - Throws: `.input`, `.content` or `.usage` where a file cannot be used, sizes differ, or the output's
    ///   extension is neither; `.output` where it exists.
    public init(
        from firstPath: String, to secondPath: String, output: String, truthPath: String? = nil,
        configuration: Configuration = Configuration(), overwrite: Bool = false, threads: Int? = nil
    ) throws {
        self.output = output
        self.configuration = configuration
        self.overwrite = overwrite
        rows = ThreadBudget(total: threads).rows
        if (output as NSString).pathExtension.lowercased() == "flo" {
            writesPicture = false
        } else {
            guard case .still? = try? OutputKind(path: output) else {
                throw BrushflowError(.usage, "\(output): a flow is written as .flo, or as .png for its picture")
            }
            writesPicture = true
        }
        try PendingFile.check(target: output, overwrite: overwrite)
        let limit = configuration.run.maximumPixels
        first = try ImageFile.read(path: firstPath, maximumPixels: limit)
        second = try ImageFile.read(path: secondPath, maximumPixels: limit)
        guard first.width == second.width, first.height == second.height else {
            throw BrushflowError(
                .content,
                "\(secondPath): is \(second.width)×\(second.height), but \(firstPath) is \(first.width)×\(first.height); "
                    + "flow needs two images of one size")
        }
        truth = try truthPath.map { try FlowFile.read(path: $0) }
        if let truth, let truthPath, truth.width != first.width || truth.height != first.height {
            throw BrushflowError(
                .content,
                "\(truthPath): is \(truth.width)×\(truth.height), but \(firstPath) is \(first.width)×\(first.height)")
        }
    }

    /// Estimates and writes.
    public func run() throws -> Outcome {
        let flow = configuration.flow()
        let search = ScaledSearch(configuration: flow.search, halvings: flow.halvings, rows: rows)
        let levels = search.levels(width: first.width, height: first.height)
        let field = search.flow(
            from: GreyPyramid(first, levels: levels, rows: rows), into: GreyPyramid(second, levels: levels, rows: rows))
        if writesPicture {
            try ImageFile.write(FlowColorWheel.picture(of: field), path: output, overwrite: overwrite)
        } else {
            let file = try PendingFile(target: output, overwrite: overwrite)
            try FlowFile.write(field, path: file.temporaryPath)
            try file.commit()
        }
        guard let truth else { return Outcome(endPointError: nil, unknownPixels: 0) }
        let error = EndPointError.compute(flow: field, truth: truth)
        return Outcome(endPointError: error.mean, unknownPixels: error.unknown)
    }
}
