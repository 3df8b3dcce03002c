import Foundation
import Tensors

/// Pictures of ../shared, decoded by the ffmpeg command since this module knows no picture formats.
enum SharedPictures {
    private static let ffmpeg = "/usr/bin/ffmpeg"

    static func path(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).appending(path: "../../../../shared/\(name)").standardizedFileURL.path
    }

    static var available: Bool {
        FileManager.default.fileExists(atPath: path("flow"))
            && FileManager.default.isExecutableFile(atPath: ffmpeg)
    }

    static func read(_ name: String) throws -> PlanarImage {
        try frames(name, filters: "null")[0]
    }

    /// The frames of a picture or clip that pass `filters`.
    static func frames(_ name: String, filters: String) throws -> [PlanarImage] {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: ffmpeg)
        process.arguments = [
            "-v", "error", "-i", path(name), "-vf", filters, "-vsync", "vfr", "-f", "image2pipe",
            "-c:v", "ppm", "-pix_fmt", "rgb24", "-",
        ]
        process.standardOutput = pipe
        try process.run()
        let bytes = [UInt8](try pipe.fileHandleForReading.readToEnd() ?? Data())
        process.waitUntilExit()
        var pictures: [PlanarImage] = []
        var offset = 0
        while offset < bytes.count {
            // "P6\n<width> <height>\n255\n"
            var lines: [String] = []
            while lines.count < 3 {
                let line = bytes[offset...].prefix { $0 != 10 }
                lines.append(String(decoding: line, as: UTF8.self))
                offset += line.count + 1
            }
            let size = lines[1].split(separator: " ").compactMap { Int($0) }
            let count = size[0] * size[1]
            var values = [Float](repeating: 0, count: 3 * count)
            for i in 0..<count {
                for c in 0..<3 { values[c * count + i] = Float(bytes[offset + 3 * i + c]) / 255 }
            }
            offset += 3 * count
            pictures.append(PlanarImage(Tensor([3, size[1], size[0]], values)))
        }
        return pictures
    }
}
