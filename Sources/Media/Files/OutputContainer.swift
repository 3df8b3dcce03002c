import CFFmpeg
import Foundation
import Tensors

/// The file formats that Brushflow writes videos in, chosen by file name.
public enum OutputContainer: String, CaseIterable, Sendable {
    /// MPEG-4 part 14.
    case mp4
    /// QuickTime.
    case mov
    /// Matroska.
    case mkv
    /// WebM.
    case webm

    /// The container that the extension of `path` names.
    ///
    /// - Throws: `.usage` where it names none of them.
    public init(path: String) throws {
        let suffix = (path as NSString).pathExtension.lowercased()
        guard let container = OutputContainer(rawValue: suffix) else {
            let known = Self.allCases.map { ".\($0.rawValue)" }.joined(separator: ", ")
            let found = suffix.isEmpty ? "has no extension" : "has the extension '.\(suffix)'"
            throw BrushflowError(.usage, "\(path): the output \(found); a video is written as one of \(known)")
        }
        self = container
    }

    /// The name of libav's muxer.
    package var muxerName: String { self == .mkv ? "matroska" : rawValue }

    /// Whether time stamps are stored in each stream's own time base; Matroska and WebM round them to milliseconds.
    package var keepsExactTimestamps: Bool { isQuickTimeFamily }

    /// Whether a display matrix (a rotation) can be stored.
    package var keepsDisplayMatrix: Bool { isQuickTimeFamily }

    /// mp4 or mov.
    package var isQuickTimeFamily: Bool { self == .mp4 || self == .mov }
}
