import NeuralNet
import Stylization
import Tensors

extension NetworkTrainer {
    /// Writes the state to a file from which training goes on as if it had not stopped: the network as
    /// `StyleNetworkParameters` has it, `adam.means` and `adam.squares`, and the steps taken in the metadata. Whole or not at
    /// all.
    ///
    /// - Throws: `BrushflowError`, `.output`.
    package func save(path: String) throws {
        var tensors = network.tensors
        var metadata = network.metadata
        metadata["steps"] = String(steps)
        if let memory {
            tensors["adam.means"] = memory.means
            tensors["adam.squares"] = memory.squares
            metadata["adam.steps"] = String(memory.steps)
        }
        try SafetensorsFile.write(tensors: tensors, metadata: metadata, path: path)
    }

    /// Goes on from a file that `save` wrote, by a trainer with the same configuration.
    ///
    /// - Throws: `BrushflowError`: `.input` where the file cannot be read, `.content` where it is no checkpoint of this
    ///   network and configuration.
    package mutating func resume(path: String) throws {
        let file = try SafetensorsFile.read(path: path)
        func fault(_ words: String) -> BrushflowError {
            BrushflowError(.content, "\(path): cannot resume training: \(words)")
        }
        let saved = try StyleNetworkParameters.load(file, besides: ["adam.means", "adam.squares"])
        guard saved.layout == network.layout, saved.names == network.names else {
            throw fault("it holds another network or other styles; start anew or give the settings it was made with")
        }
        guard let steps = file.metadata["steps"].flatMap({ Int($0) }), steps >= 0 else {
            throw fault("its metadata has no number of steps")
        }
        var memory: Adam.Memory?
        if let word = file.metadata["adam.steps"] {
            let shape: Shape = [trainedRange.count]
            guard let count = Int(word), count >= 0, file.shape(of: "adam.means") == shape,
                file.shape(of: "adam.squares") == shape
            else { throw fault("what the optimizer remembered is not that of the parameters to be trained, \(shape)") }
            memory = Adam.Memory(
                means: try file.tensor(named: "adam.means"), squares: try file.tensor(named: "adam.squares"),
                steps: count)
        }
        restore(network: saved, steps: steps, memory: memory)
    }
}
