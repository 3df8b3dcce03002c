import Foundation
import SwiftProtobuf
import Tensors

/// An ONNX file as read: decoded, with every tensor checked against its shape, and its graph in an order in which
/// it can be run. Whether it can be run at a frame size is a matter of `ONNXPlan`.
package struct ONNXModel: Sendable {
    /// What the file is called in messages: the last part of its path.
    package let name: String
    /// The operator set that the graph is written for, 7…21 if it can be run.
    package let opset: Int
    /// Who wrote the file, as it says itself; may be empty.
    package let producer: String
    /// The file's own notes, such as `Image.BitmapPixelFormat`.
    package let metadata: [String: String]
    let graph: ONNXGraph
    let limits: ONNXLimits

    /// Reads a file.
    ///
    /// - Throws: `BrushflowError`, `.input` where it cannot be read, `.content` where it is no ONNX model or one
    ///   that is damaged. Unsupported operators are no reason to throw: `faults` names them all.
    package static func read(path: String, limits: ONNXLimits = .standard) throws -> ONNXModel {
        let url = URL(fileURLWithPath: path)
        guard FileManager.default.fileExists(atPath: path) else {
            throw BrushflowError(.input, "\(path): cannot read a network: there is no such file")
        }
        guard let size = RegularFile.size(path: path) else {
            throw BrushflowError(.input, "\(path): cannot read a network: it is not a regular file")
        }
        guard size <= limits.fileBytes else {
            throw BrushflowError(
                .content,
                "\(url.lastPathComponent): cannot read a network: the file has \(size) bytes, more than "
                    + "\(limits.fileBytes)\(TensorBytesLimit.remedy)"
            )
        }
        let bytes: Data
        do {
            bytes = try Data(contentsOf: url)
        } catch {
            throw BrushflowError(.input, "\(path): cannot read a network: \(error.localizedDescription)")
        }
        return try read(bytes: bytes, name: url.lastPathComponent, limits: limits)
    }

    /// Reads the content of a file, which messages call `name`.
    ///
    /// - Throws: `BrushflowError`, `.content`.
    package static func read(bytes: Data, name: String, limits: ONNXLimits = .standard) throws -> ONNXModel {
        do throws(ONNXFault) {
            return try ONNXModel(bytes: bytes, name: name, limits: limits)
        } catch {
            throw BrushflowError(.content, "\(name): cannot read a network: \(error.message)")
        }
    }

    private init(bytes: Data, name: String, limits: ONNXLimits) throws(ONNXFault) {
        guard bytes.count <= limits.fileBytes else {
            throw ONNXFault(
                "the file has \(bytes.count) bytes, more than \(limits.fileBytes)\(TensorBytesLimit.remedy)")
        }
        let scan = bytes.withUnsafeBytes { ONNXWireScan($0, limits: limits) }
        guard scan.records <= limits.records else {
            throw ONNXFault("the file holds more than \(limits.records) nodes, attributes, tensors and names")
        }
        guard scan.numberBytes <= limits.numberBytes else {
            throw ONNXFault(
                "the file holds more than \(limits.numberBytes) bytes of numbers of variable length; save the weights as raw data"
            )
        }
        var options = BinaryDecodingOptions()
        options.discardUnknownFields = true
        let proto: Onnx_ModelProto
        do {
            proto = try Onnx_ModelProto(serializedBytes: bytes, options: options)
        } catch {
            throw ONNXFault("it is truncated or no ONNX file")
        }
        guard proto.hasGraph, proto.irVersion > 0 else { throw ONNXFault("it is no ONNX file: it holds no graph") }
        let own = proto.opsetImport.filter { $0.domain.isEmpty || $0.domain == "ai.onnx" }
        guard let version = own.first?.version, own.count == 1 else {
            throw ONNXFault("it names \(own.count) versions of ONNX's operator set, not one")
        }
        self.name = name
        self.limits = limits
        opset = Int(version)
        producer = [proto.producerName, proto.producerVersion].filter { !$0.isEmpty }.joined(separator: " ")
        metadata = Dictionary(proto.metadataProps.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
        graph = try ONNXGraph(proto.graph, limits: limits)
    }

    /// Every reason why the graph can be run at no frame size, one sentence each: a version of the operator set
    /// that is not known, and each unsupported operator with its nodes.
    package var faults: [String] {
        var faults: [String] = []
        if !ONNXOperators.versions.contains(opset) {
            let (low, high) = (ONNXOperators.versions.lowerBound, ONNXOperators.versions.upperBound)
            faults.append("it is written for operator set \(opset), not one of \(low) to \(high)")
        }
        var unsupported: [String: [ONNXNode]] = [:]
        for node in graph.nodes where ONNXOperators.builders[node.type] == nil {
            unsupported[node.type, default: []].append(node)
        }
        for (type, nodes) in unsupported.sorted(by: { $0.key < $1.key }) {
            let more = nodes.count > 1 ? " and \(nodes.count - 1) more" : ""
            faults.append("operator \(quoted(type)) is not supported: \(nodes[0].label)\(more)")
        }
        return faults
    }
}
