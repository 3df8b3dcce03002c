import Foundation
import Media
import Tensors

/// How far two clips' pictures are apart.
enum PictureDistance {
    /// The PSNR in dB of the first frames of two clips as ffmpeg shows them in R'G'B': an implementation of the
    /// colour conversion that is not Brushflow's.
    ///
    /// - Parameter height: compares only that many rows and the even number of columns.
    static func between(_ first: String, _ second: String, height: Int? = nil) throws -> Double {
        let crop = height.map { "crop=trunc(iw/2)*2:\($0):0:0:exact=1," } ?? ""
        return try between(
            first, second, filter: crop + "scale=flags=accurate_rnd+full_chroma_int+bilinear", format: "rgb24")
    }

    /// The PSNR in dB of the first frames of two clips after a filter of ffmpeg's.
    static func between(_ first: String, _ second: String, filter: String, format: String) throws -> Double {
        let a = try samples(of: first, filter: filter, format: format)
        let b = try samples(of: second, filter: filter, format: format)
        guard a.count == b.count, !a.isEmpty else { return 0 }
        var sum = 0
        for index in a.indices {
            let difference = Int(a[index]) - Int(b[index])
            sum += difference * difference
        }
        let mean = max(Double(sum) / Double(a.count), 1e-9)
        return 10 * log10(255 * 255 / mean)
    }

    private static func samples(of path: String, filter: String, format: String) throws -> [UInt8] {
        let scratch = try Scratch()
        let raw = scratch.path("frames.raw")
        let input = [
            "-v", "error", "-noautorotate", "-i", "file:" + path, "-frames:v", "3", "-vsync", "passthrough", "-vf",
            filter,
        ]
        try Tool.run("ffmpeg", input + ["-pix_fmt", format, "-f", "rawvideo", raw])
        return [UInt8](try Data(contentsOf: URL(fileURLWithPath: raw)))
    }
}
