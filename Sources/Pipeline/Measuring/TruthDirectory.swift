import Foundation
import Measurement
import Media
import OpticalFlow
import Tensors

/// True flow in files, one a frame, numbered by the frame that it leads out of.
struct TruthDirectory {
    private let path: String
    private let files: [Int: String]
    private let width: Int
    private let height: Int

    /// Lists the files; pictures of `width`×`height` are asked for.
    ///
    /// - Throws: `.input` where the directory cannot be read, `.content` where its files cannot be told apart by number.
    init(path: String, width: Int, height: Int) throws {
        self.path = path
        self.width = width
        self.height = height
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw BrushflowError(.input, "\(path): the directory of true flow cannot be read")
        }
        var files: [Int: String] = [:]
        for name in names.sorted() where !name.hasPrefix(".") && ["flo", "png"].contains(Self.suffix(name)) {
            let file = (path as NSString).appendingPathComponent(name)
            let stem = (name as NSString).deletingPathExtension
            guard
                let number = Int(
                    stem.reversed().prefix { $0.isASCII && $0.isNumber }.reversed().map(String.init).joined())
            else {
                throw BrushflowError(
                    .content, "\(file): has no number; number flow files by their frame, counted from 0")
            }
            if let other = files[number] {
                throw BrushflowError(
                    .content,
                    "\(file): has the same number as \((other as NSString).lastPathComponent); keep one of them")
            }
            guard number > 0 else {
                throw BrushflowError(
                    .content,
                    "\(file): is the flow of frame 0, which has no frame before it; number flow files by the later "
                        + "frame, counted from 0")
            }
            files[number] = file
        }
        guard !files.isEmpty else {
            throw BrushflowError(.content, "\(path): holds no flow files (.flo, or 16-bit .png in KITTI's form)")
        }
        self.files = files
    }

    /// - Throws: `.content` where there is flow of frames that a clip of `frames` frames has not got.
    func check(frames: Int) throws {
        guard let number = files.keys.max(), number >= frames, let file = files[number] else { return }
        throw BrushflowError(
            .content,
            "\(file): is the flow of frame \(number), but the clip has \(frames) frames, 0 to \(frames - 1)")
    }

    /// Whether any file says nothing about occlusion.
    var leavesOcclusionOpen: Bool { files.values.contains { Self.suffix($0) == "flo" } }

    /// The motion of a frame into the one before; nil where there is no file: a shot begins.
    ///
    /// - Throws: `.input` or `.content` where a file cannot be read, is no flow, or has another size.
    func motion(_ index: Int) throws -> MeasuredMotion? {
        guard let file = files[index] else { return nil }
        let motion: MeasuredMotion
        if Self.suffix(file) == "flo" {
            motion = MiddleburyFlow.motion(in: try FlowFile.read(path: file))
        } else {
            guard let read = KITTIFlow.motion(in: try ImageFile.read(path: file)) else {
                throw BrushflowError(
                    .content, "\(file): is an 8-bit picture; flow in KITTI's form has 16 bits a channel")
            }
            motion = read
        }
        guard motion.flow.width == width, motion.flow.height == height else {
            throw BrushflowError(
                .content, "\(file): is \(motion.flow.width)×\(motion.flow.height), but the clip is \(width)×\(height)")
        }
        return motion
    }

    private static func suffix(_ name: String) -> String { (name as NSString).pathExtension.lowercased() }
}
