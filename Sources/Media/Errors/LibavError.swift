import CFFmpeg
import Tensors

/// Turns libav's negative return codes into `BrushflowError`s.
enum LibavError {
    /// `doing: function: libav's words for code (its last log line)`.
    static func failure(
        _ kind: BrushflowError.Kind, _ doing: String, function: String, code: Int32
    ) -> BrushflowError {
        let line = LibavLog.lastLine
        let detail = line.isEmpty ? "" : " (\(line))"
        return BrushflowError(kind, "\(doing): \(function): \(words(for: code))\(detail)")
    }

    /// What is thrown where a C allocation returns nil.
    static func outOfMemory(_ function: String) -> BrushflowError {
        BrushflowError(.internal, "out of memory in \(function)")
    }

    /// libav's description of a code.
    static func words(for code: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        av_strerror(code, &buffer, buffer.count)
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
