import Tensors

/// Takes tensors out of a weight file and collects everything that is wrong with it: missing tensors, wrong
/// shapes, values that are not finite, and tensors that nobody took.
package struct StrictLoader {
    private let file: SafetensorsFile
    private var taken: Set<String> = []
    private var faults: [String] = []
    /// What stands for tensors that are missing or unfit, one for each shape, so that a small file that says it is a
    /// large network takes no large memory.
    private var zeros: [Shape: Tensor] = [:]

    /// Faults that a message lists.
    private static let listed = 200

    /// Starts with nothing taken.
    package init(_ file: SafetensorsFile) { self.file = file }

    /// The tensor of a name; zeros of the expected shape, with the fault noted for `finish`, where it is missing
    /// or unfit.
    package mutating func take(_ key: String, shape: Shape) -> Tensor {
        taken.insert(key)
        guard let found = file.shape(of: key), let tensor = try? file.tensor(named: key) else {
            faults.append("\(quoted(key)) is missing")
            return zero(shape)
        }
        guard found == shape else {
            faults.append("\(quoted(key)) has shape \(found), expected \(shape)")
            return zero(shape)
        }
        guard tensor.withFloats({ $0.allSatisfy(\.isFinite) }) else {
            faults.append("\(quoted(key)) has values that are not finite")
            return zero(shape)
        }
        return tensor
    }

    private mutating func zero(_ shape: Shape) -> Tensor {
        let tensor = zeros[shape] ?? Tensor(shape)
        zeros[shape] = tensor
        return tensor
    }

    /// Accepts tensors that the file may have and nobody needs.
    package mutating func ignore(where isIgnored: (String) -> Bool) {
        taken.formUnion(file.names.filter(isIgnored))
    }

    /// Ends the loading.
    ///
    /// - Throws: `BrushflowError`, `.content`, with all faults (200 at most), one to a line.
    package func finish() throws {
        let unused = file.names.filter { !taken.contains($0) }.map { "\(quoted($0)) is not used" }
        let all = faults + unused
        guard all.isEmpty else {
            let rest = all.count > Self.listed ? ["\(all.count - Self.listed) more faults"] : []
            let lines = all.prefix(Self.listed) + rest
            throw BrushflowError(.content, lines.map { "\(file.name): \($0)" }.joined(separator: "\n"))
        }
    }
}
