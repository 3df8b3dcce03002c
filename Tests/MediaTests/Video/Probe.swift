import Foundation

/// What ffprobe says of a file's first video stream.
struct Probe {
    let stream: [String: String]
    /// Presentation times of the decoded frames in order, in ticks of `timeBase`.
    let pts: [Int64]
    /// Durations of the packets in presentation order, ticks.
    let durations: [Int64]

    init(_ path: String) throws {
        let text = try Tool.run(
            "ffprobe",
            [
                "-v", "error", "-select_streams", "v:0", "-show_entries",
                "stream=codec_name,width,height,pix_fmt,r_frame_rate,avg_frame_rate,time_base,sample_aspect_ratio,"
                    + "color_space,color_range,color_transfer,color_primaries,field_order,start_pts,duration,"
                    + "codec_tag_string"
                    + ":stream_side_data=rotation:stream_tags=language,title:frame=pts:packet=pts,duration",
                "-of", "flat=s=.", "file:" + path,
            ])
        var stream: [String: String] = [:]
        var pts: [Int: Int64] = [:]
        var packets: [Int: (pts: Int64, duration: Int64)] = [:]
        for line in text.split(separator: "\n") {
            guard let cut = line.firstIndex(of: "=") else { continue }
            let key = line[..<cut].split(separator: ".")
            let value = line[line.index(after: cut)...].trimmingCharacters(in: CharacterSet(charactersIn: "\""))
            if key[0] == "streams" {
                stream[key.dropFirst(3).joined(separator: ".")] = value
            } else if key[0] == "packets_and_frames", key.count == 4, let index = Int(key[2]), let number = Int64(value)
            {
                if key[1] == "frame" { pts[index] = number }
                if key[1] == "packet" {
                    if key[3] == "pts" { packets[index, default: (0, 0)].pts = number }
                    if key[3] == "duration" { packets[index, default: (0, 0)].duration = number }
                }
            }
        }
        self.stream = stream
        self.pts = pts.sorted { $0.key < $1.key }.map(\.value)
        durations = packets.values.sorted { $0.pts < $1.pts }.map(\.duration)
    }

    subscript(_ key: String) -> String? { stream[key] }

    /// Seconds per tick.
    var timeBase: Double {
        let parts = (stream["time_base"] ?? "0/1").split(separator: "/").compactMap { Double($0) }
        return parts.count == 2 ? parts[0] / parts[1] : 0
    }

    /// Presentation times in milliseconds, rounded.
    var milliseconds: [Int] { pts.map { Int((Double($0) * timeBase * 1000).rounded()) } }

    /// Presentation times in microseconds, rounded.
    var microseconds: [Int] { pts.map { Int((Double($0) * timeBase * 1e6).rounded()) } }
}
