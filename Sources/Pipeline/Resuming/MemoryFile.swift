import Foundation
import Media
import NeuralNet
import OpticalFlow
import Tensors

/// The file of a `PaintingMemory`: safetensors in Float32, so that what goes on from it has the same bits.
enum MemoryFile {
    private static let restlessness = "restlessness"

    /// Writes it.
    ///
    /// - Throws: `.output`.
    static func write(_ memory: PaintingMemory, to file: DescriptorWriter) throws {
        var tensors = ["luma": memory.flow.frame.luma]
        tensors["painted"] = memory.painted
        tensors["backward"] = memory.flow.backward?.tensor
        tensors["forward"] = memory.flow.forward?.tensor
        var metadata: [String: String] = [:]
        metadata[restlessness] = memory.flow.restlessness.map { String($0.bitPattern, radix: 16) }
        try SafetensorsFile.stream(tensors: tensors, metadata: metadata, to: file.append)
    }

    /// Reads it, for frames of a size.
    ///
    /// - Throws: `.content` where it is damaged.
    static func read(
        _ data: Data, name: String, width: Int, height: Int, rows: ParallelRows
    ) throws -> PaintingMemory {
        let file = try SafetensorsFile.read(bytes: data, name: name)
        var loader = StrictLoader(file)
        let luma = loader.take("luma", shape: [height, width])
        func take(_ key: String, _ shape: Shape) -> Tensor? {
            file.shape(of: key).map { _ in loader.take(key, shape: shape) }
        }
        let painted = take("painted", [3, height, width])
        let cells = PredictedFlow.shape(width: width, height: height)
        let (backward, forward) = (take("backward", cells), take("forward", cells))
        try loader.finish()
        let bits = file.metadata[restlessness].flatMap { UInt64($0, radix: 16) }
        let flow = FlowMemory(
            frame: GreyPyramid(grey: luma, levels: 1, rows: rows), backward: backward.map { PredictedFlow($0) },
            forward: forward.map { PredictedFlow($0) }, restlessness: bits.map { Double(bitPattern: $0) })
        return PaintingMemory(flow: flow, painted: painted)
    }
}
