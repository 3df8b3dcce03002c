import CFFmpeg
import Tensors

/// The container formats that are read: those that keep a clip in the one file that was opened.
///
/// Playlists, concat lists, numbered image patterns and descriptions of streams on a network are left out: they
/// name other files. Plain text and subtitles are left out because any text can pass for them.
enum ReadableFormats {
    private static let names: Set<String> = [
        "3g2", "3gp", "aac", "ac3", "aiff", "amr", "apng", "asf", "av1", "avi", "avs2", "avs3", "bmp_pipe", "cavsvideo",
        "dirac", "dnxhd", "dv", "eac3", "flac", "flv", "gif", "gxf", "h261", "h263", "h264", "hevc", "ivf", "ipmovie",
        "j2k_pipe", "jpeg_pipe", "jpegxl_pipe", "jpegls_pipe", "live_flv", "lxf", "m4a", "m4v", "matroska", "mj2",
        "mjpeg",
        "mlv", "mov", "mp3", "mp4", "mpeg", "mpegts", "mpegvideo", "mxf", "nut", "obu", "ogg", "pam_pipe", "pbm_pipe",
        "pgm_pipe", "pgmyuv_pipe", "png_pipe", "ppm_pipe", "psd_pipe", "qoi_pipe", "rm", "roq", "swf", "tga_pipe",
        "tiff_pipe", "vc1", "vc1test", "w64", "wav", "webm", "webp_pipe", "wtv", "yuv4mpegpipe", "smjpeg", "tta", "wv",
        "caf", "bink", "ea", "nsv", "4xm", "film_cpk", "flic", "smk", "thp", "truehd", "dts", "oga", "mpc", "mpc8",
    ]

    /// Finds the format of an open file by its contents.
    ///
    /// - Throws: `.content` where it is no format that is read.
    static func probe(
        _ io: UnsafeMutablePointer<AVIOContext>, url: String, path: String
    ) throws -> UnsafePointer<AVInputFormat> {
        var format: UnsafePointer<AVInputFormat>?
        let code = av_probe_input_buffer2(io, &format, url, nil, 0, 0)
        guard code >= 0, let format else {
            throw LibavError.failure(
                .content, "\(path): is not a media file that can be read", function: "av_probe_input_buffer2",
                code: code)
        }
        let name = format.pointee.name.map { String(cString: $0) } ?? ""
        guard name.split(separator: ",").contains(where: { names.contains(String($0)) }) else {
            throw BrushflowError(
                .content, "\(path): is in the format '\(name)', which is not read as media; give the media file itself")
        }
        return format
    }
}
