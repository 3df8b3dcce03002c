import CFFmpeg

/// The versions of libav's libraries that this process runs with.
package enum MediaVersions {
    /// libavcodec's and libavformat's, `59.37.100 59.27.100`.
    package static var text: String {
        [avcodec_version(), avformat_version()].map { "\($0 >> 16).\($0 >> 8 & 255).\($0 & 255)" }
            .joined(separator: " ")
    }
}
