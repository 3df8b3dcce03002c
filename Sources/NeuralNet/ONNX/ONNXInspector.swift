import Foundation
import Tensors

/// Describes weight files in lines of text, for `brushflow inspect`.
package enum ONNXInspector {
    /// The frame size that is described where a file names none.
    private static let customarySize = (height: 360, width: 640)

    /// Describes an ONNX or safetensors file.
    ///
    /// - Parameter size: rows and columns of a frame; nil for the size that the file declares, else 640×360.
    /// - Returns: lines without line breaks. What is wrong with the network stands among them; it is no error.
    /// - Throws: `BrushflowError` where the file cannot be read.
    package static func describe(path: String, size: (height: Int, width: Int)? = nil) throws -> [String] {
        if path.lowercased().hasSuffix(".safetensors") {
            return describe(try SafetensorsFile.read(path: path), size: size)
        }
        return describe(try ONNXModel.read(path: path), size: size)
    }

    /// Describes tensors: names, shapes, numbers, and what network they make up, at a frame size (nil: 640×360).
    package static func describe(_ file: SafetensorsFile, size: (height: Int, width: Int)? = nil) -> [String] {
        var lines = ["\(file.name): \(file.names.count) tensors"]
        lines += file.metadata.sorted { $0.key < $1.key }.map { "  \(printable($0.key)): \(printable($0.value))" }
        var total = 0
        let width = min(60, file.names.map(\.count).max() ?? 0)
        for name in file.names {
            guard let shape = file.shape(of: name) else { continue }
            total += shape.count
            lines.append("  \(printable(name).padding(to: width))  \(shape)")
        }
        return lines + ["\(total) parameters"] + WeightsInspector.describe(file, size: size ?? customarySize)
    }

    /// Describes a network at a frame size: layers, shapes, parameters, multiply-adds, and all that is not supported.
    package static func describe(_ model: ONNXModel, size: (height: Int, width: Int)? = nil) -> [String] {
        let graph = model.graph
        var lines = [
            "\(model.name): ONNX, operator set \(model.opset)"
                + (model.producer.isEmpty ? "" : ", from \(printable(model.producer))")
        ]
        lines += model.metadata.sorted { $0.key < $1.key }.map { "  \(printable($0.key)): \(printable($0.value))" }
        lines += graph.inputs.map { "  input \(quoted($0.name)) \(extents($0))" }
        lines += graph.outputs.map { "  output \(quoted($0.name)) \(extents($0))" }
        let (height, width) = size ?? model.declaredSize ?? customarySize
        let faults = model.faults
        if faults.isEmpty {
            do {
                let plan = try model.plan(height: height, width: width)
                lines.append("at \(width)×\(height):")
                lines += layers(graph, plan)
                lines.append(summary(model, plan, height: height, width: width))
                lines.append(convention(model))
                return lines
            } catch {
                lines.append("not usable at \(width)×\(height): \(error)")
            }
        }
        lines += graph.nodes.map { "  \($0.label)" }
        lines.append("\(graph.parameters) parameters")
        return lines + faults.map { "not supported: \($0)" }
    }

    private static func layers(_ graph: ONNXGraph, _ plan: ONNXPlan) -> [String] {
        let costs = Dictionary(plan.steps.map { ($0.label, $0.operation.multiplyAdds) }, uniquingKeysWith: +)
        let width = min(60, graph.nodes.map(\.label.count).max() ?? 0)
        return graph.nodes.map { node in
            let shapes = node.outputs.compactMap { plan.shapes[$0]?.description }.joined(separator: " ")
            let weights = node.inputs.compactMap { graph.initializers[$0]?.shape }.filter { $0.rank > 1 }
            let cost = costs[node.label] ?? 0
            return "  \(node.label.padding(to: width))  \(shapes)"
                + (weights.isEmpty ? "" : "  weights \(weights.map(\.description).joined(separator: " "))")
                + (cost > 0 ? String(format: "  %.3f GMAC", Double(cost) / 1e9) : "")
        }
    }

    private static func summary(_ model: ONNXModel, _ plan: ONNXPlan, height: Int, width: Int) -> String {
        String(
            format:
                "%d layers, %d parameters, %.2f GMAC a frame (%.1f thousand multiply-adds a pixel), %.0f MB of activations at once",
            model.graph.nodes.count, model.graph.parameters, Double(plan.multiplyAdds) / 1e9,
            Double(plan.multiplyAdds) / 1e3 / Double(height * width), Double(plan.peakBytes) / 1e6)
    }

    private static func convention(_ model: ONNXModel) -> String {
        let convention = PixelConvention(model)
        let order = convention.isBGR.map { $0 ? "BGR" : "RGB" } ?? "channel order not stated, RGB assumed"
        return "pixels as the graph says: \(order), takes \(convention.input?.rawValue ?? "no stated range"), "
            + "gives \(convention.output?.rawValue ?? "no stated range")"
    }

    private static func extents(_ value: ONNXGraph.Value) -> String {
        guard let extents = value.extents else { return "of any shape" }
        return "[\(extents.map { $0.map(String.init) ?? "any" }.joined(separator: ", "))]"
    }

    /// Text from a file on one line, without control characters, shortened.
    private static func printable(_ text: String) -> String { String(quoted(text).dropFirst().dropLast()) }
}

extension String {
    /// The text with spaces behind it, at least `width` characters.
    fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
