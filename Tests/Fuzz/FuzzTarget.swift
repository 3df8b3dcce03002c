import Foundation
import Media
import NeuralNet
import OpticalFlow
import Pipeline
import Stylization
import Tensors

@_silgen_name("__lsan_disable") private func pauseLeakChecks()
@_silgen_name("__lsan_enable") private func resumeLeakChecks()

/// What reads bytes that come from strangers. Each throws a `BrushflowError` that names the file, or succeeds.
enum FuzzTarget: String, CaseIterable {
    case configuration
    case safetensors
    case onnx
    case flow
    case images
    case manifest
    case clips
    case sides

    /// A part of the name of the file in all targets, which messages have to contain.
    static let fileName = "stranger"
    /// Frames and images of more pixels are refused.
    private static let greatestPicture = 1 << 16
    private static let workspace = Workspace(rows: ParallelRows(threads: 1), pool: nil)

    func run(_ bytes: Data) throws {
        switch self {
        case .configuration: try Self.configure(bytes)
        case .safetensors: try Self.loadWeights(bytes)
        case .onnx: try Self.paintWithNetwork(bytes)
        case .flow:
            let path = try InputFile.path(of: bytes)
            let flow = try FlowFile.read(path: path)
            precondition(bytes.count == 12 + 8 * flow.width * flow.height)
        case .images:
            let image = try ImageFile.read(path: try InputFile.path(of: bytes), maximumPixels: Self.greatestPicture)
            precondition(image.width * image.height <= Self.greatestPicture)
        case .manifest: try Self.readManifest(bytes)
        case .clips: try Self.decode(bytes)
        case .sides: try Self.carrySides(bytes)
        }
    }

    /// A file of settings, and where it is one line an assignment of `--set`.
    private static func configure(_ bytes: Data) throws {
        var configuration = Configuration()
        if !bytes.contains(UInt8(ascii: "\n")) {
            try? ConfigurationReader.apply(
                assignment: String(decoding: bytes, as: UTF8.self), to: &configuration)
        }
        try ConfigurationReader.apply(file: try InputFile.path(of: bytes), to: &configuration)
        for key in ConfigurationKeys.all { _ = key.read(configuration) }
    }

    /// All that reads safetensors. The weights that the header speaks of are added as zeros where the file ends with the
    /// header, so that mutations meet headers rather than weights.
    private static func loadWeights(_ bytes: Data) throws {
        let name = fileName + ".safetensors"
        _ = try? SafetensorsFile.read(bytes: bytes, name: name)
        let file = try SafetensorsFile.read(bytes: WeightlessHeader.completed(bytes), name: name)
        for key in file.names { _ = try file.tensor(named: key) }
        _ = ONNXInspector.describe(file)
        _ = ONNXInspector.describe(file, size: (8, 12))
        let path = try InputFile.path(of: WeightlessHeader.completed(bytes))
        _ = try? PerceptualEncoder.load(path: path)
        let network = try StyleNetwork.load(file)
        let frame = Tensor([network.layout.inputChannels, 13, 22], filledWith: 0.4)
        _ = network.paint(frame, style: network.styles[0], in: workspace)
    }

    private static func paintWithNetwork(_ bytes: Data) throws {
        var limits = ONNXLimits()
        // The product's limits at some inputs only: what they let through takes seconds.
        if bytes.count % 8 > 0 {
            limits.activationBytes = 8 << 20
            limits.multiplyAdds = 50_000_000
        }
        let model = try ONNXModel.read(bytes: bytes, name: fileName + ".onnx", limits: limits)
        _ = ONNXInspector.describe(model)
        _ = ONNXInspector.describe(model, size: (8, 12))
        let (height, width) = (1 + bytes.count % 29, 1 + bytes.count % 23)
        let plan = try model.plan(height: height, width: width)
        let output = plan.run(Tensor(plan.inputShape, filledWith: 0.4), in: workspace)
        precondition(output.shape == plan.outputShape)
        // What is no image-to-image network may be a graph all the same.
        guard let network = try? ImageNetworkModel(model, rows: workspace.rows) else { return }
        let picture = PlanarImage(Tensor([3, height, width], filledWith: 0.4))
        _ = try network.paint(picture, rows: workspace.rows, pool: nil)
    }

    private static func readManifest(_ bytes: Data) throws {
        let target = try InputFile.manifestTarget(holding: bytes)
        guard let directory = try WorkingDirectory(lookingAt: target),
            let manifest = try RunManifest.read(from: directory)
        else { preconditionFailure("the working directory has gone") }
        _ = try RunStatus(target: target)
        try? manifest.check(input: manifest.input, settings: ["encode.crf": "auto"], target: target)
        try manifest.write(to: directory, target: target)
        let again = try RunManifest.read(from: directory)
        precondition(again == manifest, "a manifest changes when it is written")
    }

    /// Demuxes, decodes and converts the first frames of a clip.
    private static func decode(_ bytes: Data) throws {
        let options = VideoReadOptions(threads: 1, maximumDamagedPackets: 20, maximumPixels: greatestPicture)
        let reader = try VideoReader(path: try InputFile.path(of: bytes), options: options)
        let converter = FrameConverter()
        var last: Int64?
        for _ in 0..<40 {
            guard let frame = try reader.next() else { break }
            precondition(last.map { $0 < frame.pts } ?? true, "time stamps do not rise")
            last = frame.pts
            let image = try converter.image(from: frame, rows: workspace.rows)
            precondition(image.width * image.height <= greatestPicture)
        }
    }

    /// Copies or converts a clip's audio, subtitles, chapters and tags into another file.
    private static func carrySides(_ bytes: Data) throws {
        let containers: [OutputContainer] = [.mkv, .mp4, .webm]
        let container = containers[bytes.count % containers.count]
        let streams = try SideStreams(
            path: try InputFile.path(of: bytes), container: container, segment: nil, audioOnly: false)
        let output = try OutputFormatHandle(path: InputFile.output, container: container)
        try streams.declare(in: output)
        // Muxers want a stream; the product has a video at least.
        guard (try? output.writeHeader()) != nil else { return }
        for second in 0..<5 { try streams.write(upTo: Double(second), to: output) }
        try streams.finish(to: output)
        // libavformat 59 loses a list of Opus packets that are too short where it writes an mp4's index.
        pauseLeakChecks()
        defer { resumeLeakChecks() }
        try output.writeTrailer()
        try output.close()
    }
}
