import CFFmpeg
import Tensors

/// Copies tags, dispositions and chapters.
enum SideTags {
    /// Tags that describe the source's file rather than its content; muxers write their own.
    private static let dropped: Set<String> = [
        "major_brand", "minor_version", "compatible_brands", "encoder", "vendor_id", "duration", "bps",
        "number_of_frames", "number_of_bytes", "_statistics_writing_app", "_statistics_writing_date_utc",
        "_statistics_tags", "rotate", "alpha_mode",
    ]

    /// Copies the file's own tags (title, artist, date …).
    static func copyFile(from input: InputFormatHandle, to output: OutputFormatHandle) throws {
        try copy(input.pointer.pointee.metadata, to: &output.pointer.pointee.metadata, container: output.container)
    }

    /// Copies a stream's tags (language, title …) and dispositions.
    static func copyStream(
        from source: UnsafeMutablePointer<AVStream>, to target: UnsafeMutablePointer<AVStream>,
        container: OutputContainer
    ) throws {
        try copy(source.pointee.metadata, to: &target.pointee.metadata, container: container)
        target.pointee.disposition = source.pointee.disposition & ~AV_DISPOSITION_ATTACHED_PIC
    }

    /// Copies chapters, moved to the output's timeline and cut to `clock`'s part.
    static func copyChapters(from input: InputFormatHandle, to output: OutputFormatHandle, clock: SideClock) throws {
        let count = Int(input.pointer.pointee.nb_chapters)
        guard count > 0, let chapters = input.pointer.pointee.chapters else { return }
        let stride = MemoryLayout<UnsafeMutablePointer<AVChapter>?>.stride
        guard let raw = av_calloc(count, stride) else { throw LibavError.outOfMemory("av_calloc") }
        let list = raw.bindMemory(to: UnsafeMutablePointer<AVChapter>?.self, capacity: count)
        output.pointer.pointee.chapters = list
        output.pointer.pointee.nb_chapters = 0
        for index in 0..<count {
            guard let source = chapters[index] else { continue }
            let timeBase = source.pointee.time_base
            guard timeBase.num > 0, timeBase.den > 0 else { continue }
            var start = clock.shifted(source.pointee.start, timeBase)
            var end = clock.shifted(source.pointee.end, timeBase)
            if clock.cuts {
                start = max(start, 0)
                if let length = clock.end {
                    end = min(end, av_rescale_q(length - clock.zero, SideClock.microseconds, timeBase))
                }
                guard end > start else { continue }
            }
            guard let memory = av_mallocz(MemoryLayout<AVChapter>.size) else {
                throw LibavError.outOfMemory("av_mallocz")
            }
            let chapter = memory.bindMemory(to: AVChapter.self, capacity: 1)
            list[Int(output.pointer.pointee.nb_chapters)] = chapter
            output.pointer.pointee.nb_chapters += 1
            chapter.pointee.id = source.pointee.id
            chapter.pointee.time_base = timeBase
            chapter.pointee.start = start
            chapter.pointee.end = end
            try copy(source.pointee.metadata, to: &chapter.pointee.metadata, container: output.container)
        }
    }

    /// The value of a tag, empty where there is none.
    static func value(_ key: String, in dictionary: OpaquePointer?) -> String {
        guard let entry = av_dict_get(dictionary, key, nil, 0), let text = entry.pointee.value else { return "" }
        return String(cString: text)
    }

    private static func copy(
        _ source: OpaquePointer?, to target: inout OpaquePointer?, container: OutputContainer
    ) throws {
        var entry: UnsafeMutablePointer<AVDictionaryEntry>?
        while let next = av_dict_get(source, "", entry, AV_DICT_IGNORE_SUFFIX) {
            entry = next
            guard let key = next.pointee.key, let value = next.pointee.value else { continue }
            let name = String(cString: key)
            if dropped.contains(String(name.lowercased().prefix { $0 != "-" })) { continue }
            if name == "handler_name", !container.isQuickTimeFamily { continue }
            guard av_dict_set(&target, name, String(cString: value), 0) >= 0 else {
                throw LibavError.outOfMemory("av_dict_set")
            }
        }
    }
}
