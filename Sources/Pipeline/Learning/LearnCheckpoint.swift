import Foundation
import NeuralNet
import Tensors

/// The file that a training run can go on from.
package struct LearnCheckpoint {
    private let path: String
    private let recipe: LearnRecipe

    private static let losses = "losses"

    /// Names the file.
    package init(path: String, recipe: LearnRecipe) {
        self.path = path
        self.recipe = recipe
    }

    /// Writes the state after the steps in `history`, whole or not at all.
    ///
    /// - Throws: `.output`.
    package func write(_ state: [String: Tensor], history: LossHistory, steps: Int) throws {
        var tensors = state
        tensors[Self.losses] = history.tensor
        var metadata = recipe.metadata
        metadata["steps"] = "\(steps)"
        metadata["losses"] = history.names.joined(separator: " ")
        try LearnFiles.write(SafetensorsFile.bytes(tensors: tensors, metadata: metadata), to: path)
    }

    /// Reads the state back.
    ///
    /// - Parameter state: of a trainer at its beginning: names and shapes.
    /// - Returns: the state, the losses so far, and how many steps there will be.
    /// - Throws: `.input` and `.content` where the file is none of this network; `.usage` where its run was another.
    package func read(
        like state: [String: Tensor], names: [String]
    ) throws -> (state: [String: Tensor], history: LossHistory, steps: Int) {
        let file = try SafetensorsFile.read(path: path)
        try recipe.check(file.metadata, of: path)
        guard let steps = file.metadata["steps"].flatMap(Int.init), steps > 0,
            file.metadata["losses"] == names.joined(separator: " "),
            let losses = file.shape(of: Self.losses), losses.rank == 2, losses[1] == names.count, losses[0] <= steps
        else {
            throw BrushflowError(.content, "\(path): is no checkpoint of `brushflow learn`; leave --resume out")
        }
        var loader = StrictLoader(file)
        let history = LossHistory(names: names, tensor: loader.take(Self.losses, shape: losses))
        let restored = state.reduce(into: [:]) { $0[$1.key] = loader.take($1.key, shape: $1.value.shape) }
        try loader.finish()
        return (restored, history, steps)
    }

    /// Removes the file where there is one.
    package func remove() { unlink(path) }
}
