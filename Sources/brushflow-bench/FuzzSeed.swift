import Foundation
import NeuralNet
import Tensors

/// A whole file that is to be damaged.
struct FuzzSeed {
    /// What it is loaded as.
    enum Kind: String, CaseIterable {
        case onnx
        case styleNetwork = "style networks"
        case encoder = "encoders"
    }

    let kind: Kind
    let bytes: Data

    /// The file of a path, or those in a file of golden cases (see Scripts/golden/onnx_graphs.py).
    static func read(_ path: String) throws -> [FuzzSeed] {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        if path.hasSuffix(".onnx") { return [FuzzSeed(kind: .onnx, bytes: bytes)] }
        if path.hasSuffix(".cases") { return models(bytes).map { FuzzSeed(kind: .onnx, bytes: $0) } }
        let file = try SafetensorsFile.read(bytes: bytes, name: path)
        return [FuzzSeed(kind: (try? StyleNetwork.load(file)) == nil ? .encoder : .styleNetwork, bytes: bytes)]
    }

    private static func models(_ data: Data) -> [Data] {
        var position = 0
        func count() -> Int {
            defer { position += 4 }
            return data.withUnsafeBytes { Int($0.loadUnaligned(fromByteOffset: position, as: UInt32.self)) }
        }
        func take(_ count: Int) -> Data {
            defer { position += count }
            return data.subdata(in: position..<position + count)
        }
        var models: [Data] = []
        while position < data.count {
            _ = take(count())
            models.append(take(count()))
            for _ in 0..<2 {
                let extents = (0..<count()).map { _ in count() }
                position += 4 * extents.reduce(1, *)
            }
        }
        return models.filter { !$0.isEmpty }
    }
}
