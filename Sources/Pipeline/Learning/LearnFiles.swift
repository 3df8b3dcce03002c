import Foundation
import Media
import Tensors

/// The files of one training run.
struct LearnFiles {
    /// What is learned.
    let output: String
    /// The losses of every step.
    let table: String
    /// Their picture.
    let curve: String
    /// The state to go on from; gone once the run has ended.
    let checkpoint: String

    private let overwrite: Bool

    private static let suffix = ".safetensors"

    /// Names the files and looks whether they can be written.
    ///
    /// - Throws: `.usage` where the output is no `.safetensors` file; `.output` where a file exists and may not be
    ///   replaced; `.input` where there is no checkpoint to go on from.
    ///
    /// - Parameter what: is learned: "a learned style".
    init(_ request: some LearningRequest, what: String) throws {
        output = request.output
        overwrite = request.overwrite
        guard output.hasSuffix(Self.suffix), (output as NSString).lastPathComponent != Self.suffix else {
            throw BrushflowError(.usage, "\(output): \(what) is a \(Self.suffix) file; name one")
        }
        let stem = String(output.dropLast(Self.suffix.count))
        table = stem + ".loss.csv"
        curve = stem + ".loss.svg"
        checkpoint = request.checkpoint ?? stem + ".checkpoint" + Self.suffix
        guard checkpoint != output else {
            throw BrushflowError(.usage, "--checkpoint \(checkpoint): is the output itself; name another file")
        }
        for file in [output, table, curve] { try PendingFile.check(target: file, overwrite: request.overwrite) }
        try PendingFile.check(target: checkpoint, overwrite: true)
        let exists = FileManager.default.fileExists(atPath: checkpoint)
        if request.resumes, !exists {
            throw BrushflowError(.input, "\(checkpoint): there is no such file to go on from; leave --resume out")
        }
        if exists, !request.resumes, !request.overwrite {
            throw BrushflowError(
                .output,
                "\(checkpoint): is left of a run that was stopped; go on from it with --resume, or begin anew with "
                    + "--overwrite")
        }
    }

    /// Writes what was learned, the table of the losses and their picture.
    ///
    /// - Parameter title: over the picture.
    /// - Throws: `.output`.
    func write(_ bytes: Data, history: LossHistory, title: String) throws {
        try Self.write(Data(history.csv.utf8), to: table, overwrite: overwrite)
        try Self.write(Data(LossCurve(history, title: title).svg.utf8), to: curve, overwrite: overwrite)
        try Self.write(bytes, to: output, overwrite: overwrite)
    }

    /// Replaces a file, whole or not at all.
    ///
    /// - Throws: `.output`.
    static func write(_ bytes: Data, to path: String, overwrite: Bool = true) throws {
        let file = try PendingFile(target: path, overwrite: overwrite)
        try file.write(bytes)
        try file.commit()
    }
}
