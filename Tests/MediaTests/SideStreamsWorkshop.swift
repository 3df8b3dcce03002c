import Foundation
import Media
import Tensors
import Testing

/// A temporary directory in which clips are made by ffmpeg and looked at by ffprobe.
final class SideStreamsWorkshop {
    let directory: URL

    /// Whether both programs are installed; without them the tests that use them are skipped.
    static let isOpen = ["/usr/bin", "/usr/local/bin"].contains {
        FileManager.default.isExecutableFile(atPath: "\($0)/ffmpeg")
            && FileManager.default.isExecutableFile(atPath: "\($0)/ffprobe")
    }

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("brushflow-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: directory) }

    func path(_ name: String) -> String { directory.appendingPathComponent(name).path }

    /// Runs a program in the directory and returns its standard output.
    @discardableResult
    func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.currentDirectoryURL = directory
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(program) \(arguments.joined(separator: " "))")
        return String(decoding: data, as: UTF8.self)
    }

    /// Runs ffmpeg on words separated by spaces; returns the path of `name`.
    @discardableResult
    func clip(_ name: String, _ words: String) throws -> String {
        let arguments = words.split(separator: " ").map(String.init)
        try run("ffmpeg", ["-v", "error", "-y"] + arguments + [name])
        return path(name)
    }

    /// Asks ffprobe for entries, as lines of comma-separated values.
    func probe(_ path: String, _ words: String) throws -> [String] {
        let arguments = words.split(separator: " ").map(String.init)
        let output = try run("ffprobe", ["-v", "error", "-of", "csv=p=0"] + arguments + [path])
        return output.split(separator: "\n").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: ",\r")) }
            .filter { !$0.isEmpty }
    }

    /// Muxes the side streams of `source` alone, pulled in steps of a 25 fps video, into `name`.
    func mux(
        _ source: String, into name: String, segment: MediaSegment? = nil, audioOnly: Bool = false, zero: Double? = nil
    ) throws -> (path: String, notes: [String]) {
        let target = path(name)
        let container = try OutputContainer(path: target)
        let streams = try SideStreams(path: source, container: container, segment: segment, audioOnly: audioOnly)
        if let zero { streams.sourceZero = zero }
        let output = try OutputFormatHandle(path: target, container: container)
        try streams.declare(in: output)
        try output.writeHeader()
        for frame in 0..<100 { try streams.write(upTo: Double(frame) / 25, to: output) }
        try streams.finish(to: output)
        try output.writeTrailer()
        try output.close()
        return (target, streams.notes)
    }

    /// The mono samples of an audio stream from time 0 at 48 kHz, each where a player would put it.
    func samples(_ path: String, stream: Int = 0) throws -> [Float] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "ffmpeg", "-v", "error", "-i", path, "-map", "0:a:\(stream)", "-af", "aresample=48000:async=1:first_pts=0",
            "-ac", "1", "-f", "f32le", "-copyts", "-",
        ]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return data.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    }

    /// The second at which a sound first rises above a fifth of full scale; nil where it never does.
    func onset(_ path: String, stream: Int = 0) throws -> Double? {
        try samples(path, stream: stream).firstIndex { abs($0) > 0.2 }.map { Double($0) / 48_000 }
    }
}
