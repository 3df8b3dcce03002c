import CFFmpeg
import Foundation
import Tensors

/// Tells a truncated file from a whole one: by its index at once where it has one, else by what its header promises
/// when the end was reached.
enum CompletenessCheck {
    private static let remedy = "the file is truncated; fetch it again"

    /// Before decoding: every sample of the index must lie inside the file. Nothing in formats without an index.
    ///
    /// - Throws: `.content` with the number of frames that are there and the number promised.
    static func index(of pass: DecodingPass) throws {
        guard pass.hasIndex else { return }
        let size = avio_size(pass.input.pointer.pointee.pb)
        let entries = avformat_index_get_entries_count(pass.stream)
        guard size > 0, entries > 0 else { return }
        let inside = (0..<entries).count { number in
            guard let entry = avformat_index_get_entry(pass.stream, number) else { return false }
            return entry.pointee.pos <= size - Int64(entry.pointee.size)
        }
        guard inside < entries else { return }
        throw BrushflowError(
            .content, "\(pass.info.path): holds \(inside) of the \(entries) frames that its index promises; \(remedy)")
    }

    /// After the last frame.
    ///
    /// - Returns: notes on single frames that the decoder did not give.
    /// - Throws: `.content` where the file ends before its promise.
    static func end(of pass: DecodingPass) throws -> [String] {
        if pass.hasIndex {
            let entries = avformat_index_get_entries_count(pass.stream)
            if entries > 0, let last = avformat_index_get_entry(pass.stream, entries - 1),
                pass.lastPacketDts.map({ $0 < last.pointee.timestamp }) ?? true
            {
                throw tooFew(pass, promised: pass.info.video.frameCount ?? Int(entries), by: "index")
            }
        } else {
            try checkDuration(pass)
        }
        guard pass.isFromStart, pass.hasIndex || pass.info.containerName == "avi",
            let promised = pass.info.video.frameCount
        else { return [] }
        let missing = promised - pass.framesDecoded - pass.damagedPackets - pass.discardedPackets
        guard missing > 0 else { return [] }
        guard missing <= max(2, promised / 100) else { throw tooFew(pass, promised: promised, by: "header") }
        return ["\(pass.info.path): the header promises \(promised) frames, \(pass.framesDecoded) are there"]
    }

    /// The packets must reach the duration in the header; a second or two percent may be missing.
    private static func checkDuration(_ pass: DecodingPass) throws {
        let context = pass.input.pointer.pointee
        guard context.duration_estimation_method == AVFMT_DURATION_FROM_STREAM, let promised = pass.info.duration else {
            return
        }
        let start = context.start_time == bf_nopts_value() ? 0 : Double(context.start_time) / Double(AV_TIME_BASE)
        let reached = pass.latestEnd - start
        guard reached + max(1, promised / 50) < promised else { return }
        let frames = pass.info.video.estimatedFrameCount.map { ", about \($0) frames" } ?? ""
        let found = pass.isFromStart ? "after \(pass.framesDecoded) frames at" : "at"
        throw BrushflowError(
            .content,
            "\(pass.info.path): ends \(found) \(SourceChecks.format(reached)) s, but its header promises "
                + "\(SourceChecks.format(promised)) s\(frames); \(remedy)")
    }

    private static func tooFew(_ pass: DecodingPass, promised: Int, by what: String) -> BrushflowError {
        let found = pass.isFromStart ? "after \(pass.framesDecoded) frames" : "before the segment does"
        return BrushflowError(
            .content, "\(pass.info.path): ends \(found), but its \(what) promises \(promised) frames; \(remedy)")
    }
}
