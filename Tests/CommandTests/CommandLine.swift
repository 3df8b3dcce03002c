import Foundation

/// Runs the built `brushflow` and other programs, as a user would.
struct CommandRun {
    let status: Int32
    let output: String
    let errors: String

    /// The built executable: it lies beside the test bundle.
    static let brushflow: String = {
        let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        return bundle.deletingLastPathComponent().appendingPathComponent("brushflow").path
    }()

    /// The repository.
    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Runs `brushflow` to its end.
    static func brushflow(_ words: String..., in directory: URL, environment: [String: String] = [:]) throws
        -> CommandRun
    {
        try run(brushflow, words, in: directory, environment: environment)
    }

    /// Runs a program to its end.
    static func run(
        _ program: String, _ words: [String], in directory: URL, environment: [String: String] = [:]
    ) throws -> CommandRun {
        let process = try start(program, words, in: directory, environment: environment)
        return try process.wait()
    }

    /// Starts a program.
    static func start(
        _ program: String, _ words: [String], in directory: URL, environment: [String: String] = [:]
    ) throws -> RunningCommand {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = words
        process.currentDirectoryURL = directory
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        return try RunningCommand(process)
    }
}
