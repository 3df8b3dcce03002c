import CFFmpeg
import Foundation
import Tensors

/// What a source has to be for Brushflow to paint it.
package enum SourceChecks {
    /// Checks what the header says.
    ///
    /// - Throws: `.content` for HDR and for frames over the limit.
    static func run(_ info: MediaInfo, maximumPixels: Int) throws {
        try checkRange(info.video.color, path: info.path)
        try checkSize(info.video.width, info.video.height, path: info.path, maximumPixels: maximumPixels)
    }

    /// Checks a decoded frame against the stream that it belongs to.
    ///
    /// - Throws: `.content` for HDR and for a change of size.
    static func run(_ frame: AVFrame, at index: Int, _ info: MediaInfo) throws {
        let transfer = Int32(bitPattern: frame.color_trc.rawValue)
        try checkRange(ColorDescription(transfer: transfer), path: info.path)
        guard frame.width > 0, frame.height > 0 else {
            throw BrushflowError(.content, "\(info.path): frame \(index) has no size")
        }
    }

    /// Seconds as they are written in messages: `8.56`.
    static func format(_ seconds: Double) -> String {
        let text = String(format: "%.3f", seconds)
        guard text.contains(".") else { return text }
        let trimmed = text.reversed().drop { $0 == "0" }.drop { $0 == "." }
        return String(trimmed.reversed())
    }

    /// Checks how many frames an input claims (`its header promises`, `holds`) before one is read.
    ///
    /// - Throws: `.content` where they are over the limit.
    package static func checkClaim(_ claim: String, of frames: Int, path: String, maximumFrames: Int) throws {
        guard frames > maximumFrames else { return }
        throw tooMany("\(path): \(claim) \(frames) frames, over the limit of \(maximumFrames)")
    }

    /// Checks how many frames there were.
    ///
    /// - Throws: `.content` where they are over the limit.
    static func checkCount(_ frames: Int, path: String, maximumFrames: Int) throws {
        guard frames > maximumFrames else { return }
        throw tooMany("\(path): has more frames than the limit of \(maximumFrames)")
    }

    private static func tooMany(_ what: String) -> BrushflowError {
        BrushflowError(.content, "\(what); raise 'limits.frames' if that is right")
    }

    /// - Throws: `.content` where frames of that size are over the limit.
    static func checkSize(_ width: Int, _ height: Int, path: String, maximumPixels: Int) throws {
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        guard overflow || pixels > maximumPixels else { return }
        throw BrushflowError(
            .content,
            "\(path): frames of \(width)x\(height) have \(pixels) pixels, over the limit of \(maximumPixels); "
                + "raise 'limits.pixels' where memory allows")
    }

    private static func checkRange(_ color: ColorDescription, path: String) throws {
        guard let transfer = color.highDynamicRangeTransfer else { return }
        throw BrushflowError(
            .content,
            "\(path): is HDR video with the transfer \(transfer), which cannot be painted as it is; tone-map it first, "
                + "for instance with ffmpeg -i \(path) -vf zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,"
                + "tonemap=hable,zscale=t=bt709:m=bt709:r=tv,format=yuv420p -c:a copy sdr.mp4")
    }
}
