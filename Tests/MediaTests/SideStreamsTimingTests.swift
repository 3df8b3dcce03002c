import Foundation
import Media
import Tensors
import Testing

@Suite(.enabled(if: SideStreamsWorkshop.isOpen, "ffmpeg and ffprobe are not installed"))
struct SideStreamsTimingTests {
    @Test func soundThatStartsLateStaysLate() throws {
        let shop = try SideStreamsWorkshop()
        let beep = try SideStreamsAudioTests.beep(shop, "aac", "beep.mp4")
        let late = try shop.clip("late.mp4", "-i beep.mp4 -itsoffset 0.7 -i beep.mp4 -map 0:v -map 1:a -c copy")
        let first = try #require(try shop.onset(beep))
        for name in ["out.mp4", "out.mkv", "out.mov", "out.webm"] {
            let onset = try #require(try shop.onset(try shop.mux(late, into: name).path))
            #expect(abs(onset - first - 0.7) < 0.003, "\(name): \(onset)")
        }
    }

    @Test func badlyInterleavedSoundArrivesWhole() throws {
        let shop = try SideStreamsWorkshop()
        let beep = try SideStreamsAudioTests.beep(shop, "libvorbis", "beep.mkv")
        try shop.clip("video.mkv", "-i beep.mkv -map 0:v -c copy")
        try shop.clip("audio.mkv", "-i beep.mkv -map 0:a -c copy")
        // All pictures, then all sound, as libav writes files whose streams it is told not to interleave.
        let source = try shop.clip(
            "bad.mkv", "-i video.mkv -i audio.mkv -map 0:v -map 1:a -c copy -max_interleave_delta 1")
        let sizes = try shop.probe(beep, "-select_streams a -show_entries packet=size")
        for name in ["out.mkv", "out.webm"] {
            let (path, notes) = try shop.mux(source, into: name)
            #expect(notes.isEmpty)
            #expect(try shop.probe(path, "-show_entries packet=size") == sizes)
        }
    }

    @Test func aTransportStreamsClockIsTakenToZero() throws {
        let shop = try SideStreamsWorkshop()
        _ = try SideStreamsAudioTests.beep(shop, "aac", "beep.mp4")
        let source = try shop.clip("s.ts", "-i beep.mp4 -c:v mpeg2video -c:a copy -output_ts_offset 500")
        let streams = try SideStreams(path: source, container: .mp4, segment: nil, audioOnly: false)
        #expect(streams.sourceZero > 500)
        for name in ["out.mp4", "out.mkv", "out.webm"] {
            let (path, notes) = try shop.mux(source, into: name)
            let onset = try #require(try shop.onset(path))
            #expect(abs(onset - 1) < 0.05, "\(name): \(onset)")
            #expect(notes.count == (name == "out.webm" ? 1 : 0))
        }
    }

    @Test(arguments: ["out.mp4", "out.mkv", "out.webm"])
    func aSegmentTakesItsPartOfTheSound(name: String) throws {
        let shop = try SideStreamsWorkshop()
        let beep = try SideStreamsAudioTests.beep(shop, "aac", "beep.mp4")
        let (path, _) = try shop.mux(beep, into: name, segment: try MediaSegment(from: 0.6, to: 1.5))
        let onset = try #require(try shop.onset(path))
        #expect(abs(onset - 0.4) < 0.012, "\(onset)")
        let duration = try #require(Double(try shop.probe(path, "-show_entries format=duration").joined()))
        #expect(abs(duration - 0.9) < 0.03, "\(duration)")
        // A first frame later than the segment's start moves everything.
        let moved = try shop.mux(beep, into: "moved.\(name)", segment: try MediaSegment(from: 0.6), zero: 0.62).path
        #expect(abs(try #require(try shop.onset(moved)) - 0.38) < 0.012)
    }

    @Test func damagedSoundIsCopiedOrBecomesSilence() throws {
        let shop = try SideStreamsWorkshop()
        let beep = try SideStreamsAudioTests.beep(shop, "flac", "beep.mkv")
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: beep)))
        // Scattered damage in the second half, where most bytes are sound.
        for index in stride(from: bytes.count / 2, to: bytes.count * 9 / 10, by: 997) { bytes[index] ^= 0xFF }
        let source = shop.path("damaged.mkv")
        try Data(bytes).write(to: URL(fileURLWithPath: source))
        _ = try shop.mux(source, into: "copied.mkv")
        let (path, _) = try shop.mux(source, into: "converted.mp4")
        let duration = try #require(Double(try shop.probe(path, "-show_entries format=duration").joined()))
        #expect(duration < 2.1)
    }

    @Test func aHoleInTheSoundBecomesSilence() throws {
        let shop = try SideStreamsWorkshop()
        let tone = "-f lavfi -i aevalsrc=0.8*sin(2*PI*500*t):s=48000:d=3 -c:a flac"
        let source = try shop.clip("hole.mkv", tone + " -af aselect=not(between(t\\,1\\,2))")
        let (path, _) = try shop.mux(source, into: "out.mp4")
        let samples = try shop.samples(path)
        func loudest(_ from: Double, _ to: Double) -> Float {
            samples[Int(from * 48_000)..<Int(to * 48_000)].map(abs).max() ?? 0
        }
        #expect(loudest(0.2, 0.9) > 0.5)
        #expect(loudest(1.2, 1.9) < 0.05)
        #expect(loudest(2.2, 2.9) > 0.5)
    }

    static let clips = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/clips").path

    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: clips), "../shared/clips is not here"),
        arguments: ["failing_audio.mp4", "chaplin_640x360.mp4", "fire_vfr.mp4", "no_duration.webm"])
    func realClipsKeepTheirSound(name: String) throws {
        let shop = try SideStreamsWorkshop()
        let source = "\(Self.clips)/\(name)"
        let sizes = try shop.probe(source, "-select_streams a -show_entries packet=size")
        let suffix = name.hasSuffix("webm") ? "webm" : "mp4"
        let (path, notes) = try shop.mux(source, into: "out.\(suffix)")
        #expect(notes.isEmpty, "\(notes)")
        #expect(try shop.probe(path, "-show_entries packet=size") == sizes)
        let entries = "-select_streams a -show_entries packet=pts_time"
        let before = try shop.probe(source, entries).compactMap { Double($0) }
        let after = try shop.probe(path, entries).compactMap { Double($0) }
        #expect(before.count == after.count)
        for (a, b) in zip(before, after) { #expect(abs(a - b) < 0.0021) }
        let converted = try shop.mux(source, into: "out.\(suffix == "mp4" ? "webm" : "mov")")
        #expect(converted.notes.contains { $0.contains("is converted to") })
    }

    @Test func whatTheOutputCannotBeIsSaid() throws {
        #expect(throws: BrushflowError(.usage, "a segment cannot start at -1.0 s; give 0 or more seconds")) {
            try MediaSegment(from: -1)
        }
        #expect(
            throws: BrushflowError(.usage, "a segment from 2.0 s cannot end at 2.0 s; give an end after its start")
        ) { try MediaSegment(from: 2, to: 2) }
        #expect(
            throws: BrushflowError(
                .usage,
                "a.avi: the output has the extension '.avi'; a video is written as one of .mp4, .mov, .mkv, .webm")
        ) { try OutputContainer(path: "a.avi") }
        #expect(try OutputContainer(path: "x/A.MKV") == .mkv)
        let shop = try SideStreamsWorkshop()
        #expect(throws: BrushflowError.self) { try OutputFormatHandle(path: shop.path("none/x.mp4"), container: .mp4) }
    }

    @Test func damagedFilesNeitherTrapNorHang() throws {
        let shop = try SideStreamsWorkshop()
        let sources = [
            try SideStreamsAudioTests.beep(shop, "aac", "a.mp4"), try SideStreamsAudioTests.beep(shop, "flac", "b.mkv"),
        ]
        var state: UInt64 = 7
        func random(_ below: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % below
        }
        for source in sources {
            let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: source)))
            for round in 0..<40 {
                var bytes = whole
                for _ in 0..<(1 + round) { bytes[random(bytes.count)] = UInt8(random(256)) }
                if round % 4 == 0 { bytes.removeLast(random(bytes.count / 2)) }
                let damaged = shop.path("damaged." + source.suffix(3))
                try Data(bytes).write(to: URL(fileURLWithPath: damaged))
                do {
                    _ = try shop.mux(damaged, into: ["out.mp4", "out.mkv", "out.webm"][round % 3])
                } catch let error as BrushflowError {
                    #expect(error.kind != .internal, "\(error)")
                }
            }
        }
    }
}
