import Foundation

/// The ONNX networks in the tests' files of golden cases (see Scripts/golden/onnx_graphs.py).
enum GoldenNetworks {
    /// Writes each into a file of its own.
    static func unpack(_ paths: [String], into directory: String) throws {
        for path in paths {
            let url = URL(fileURLWithPath: path)
            for (number, model) in models(try Data(contentsOf: url)).enumerated() {
                let name = "\(url.deletingPathExtension().lastPathComponent)-\(number).onnx"
                try model.write(to: URL(fileURLWithPath: directory).appendingPathComponent(name))
            }
        }
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
