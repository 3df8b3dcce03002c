import Tensors

/// Finds the first frame of a segment, exactly, however the file can be entered.
enum SegmentStart {
    /// Decodes up to the segment's first frame.
    ///
    /// Where the file can be jumped in, decoding starts from a key frame far enough before; where that turns out too
    /// late or too short for the warm-up, from an earlier one, and in the end from the file's start. `pass` becomes
    /// the pass to go on with.
    ///
    /// - Returns: the warm-up frames in order and then the first frame; empty where the clip has no frame there.
    static func find(
        _ pass: inout DecodingPass, bounds: SegmentBounds, options: VideoReadOptions
    ) throws -> [DecodingPass.Decoded] {
        guard let from = bounds.from else { return try pass.next().map { [$0] } ?? [] }
        let video = pass.info.video
        let frameTicks = 1 / (video.timeBase.value * (video.frameRate?.value ?? 25))
        // Frames to go back by; doubled with every attempt.
        var back = Double(options.warmUpFrames) * 1.25 + 1
        while pass.canSeek {
            let target = Double(from) - back * frameTicks
            guard target > Double(video.startPts) + frameTicks, back < 1e6 else { break }
            if pass.seek(to: Int64(target)) {
                let found = try decode(&pass, from: from, warmUpFrames: options.warmUpFrames)
                let entered = pass.startKey.map { $0 <= from } ?? false
                if entered, found.isEmpty || found.count == options.warmUpFrames + 1 { return found }
            }
            back *= 4
            pass = try DecodingPass(path: pass.info.path, options: options)
        }
        return try decode(&pass, from: from, warmUpFrames: options.warmUpFrames)
    }

    private static func decode(
        _ pass: inout DecodingPass, from: Int64, warmUpFrames: Int
    ) throws -> [DecodingPass.Decoded] {
        var before: [DecodingPass.Decoded] = []
        while let frame = try pass.next() {
            if frame.pts >= from { return before + [frame] }
            guard warmUpFrames > 0 else { continue }
            if before.count == warmUpFrames { before.removeFirst() }
            before.append(frame)
        }
        return []
    }
}
