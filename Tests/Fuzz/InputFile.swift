import Foundation
import Tensors

/// The one file that inputs are written to, in a directory of this process's own below `TMPDIR`.
enum InputFile {
    private static let directory: String = {
        var template = Array((NSTemporaryDirectory() + "/brushflow-fuzz-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { preconditionFailure("no directory can be made in TMPDIR") }
        return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }()
    private static let file = directory + "/" + FuzzTarget.fileName
    /// A path for what is made of an input.
    static let output = directory + "/" + FuzzTarget.fileName + ".out"
    private static let target: String = {
        let target = directory + "/" + FuzzTarget.fileName + ".mkv"
        mkdir(directory + "/." + FuzzTarget.fileName + ".mkv.brushflow", 0o700)
        return target
    }()

    /// The path of a file with these bytes, until the next call.
    static func path(of bytes: Data) throws -> String {
        try write(bytes, to: file)
        return file
    }

    /// The target whose run has a manifest of these bytes, until the next call.
    static func manifestTarget(holding bytes: Data) throws -> String {
        let name = (target as NSString).lastPathComponent
        try write(bytes, to: directory + "/." + name + ".brushflow/manifest.json")
        return target
    }

    private static func write(_ bytes: Data, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        defer { close(descriptor) }
        let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        precondition(written == bytes.count, "\(path): \(String(cString: strerror(errno)))")
    }
}
