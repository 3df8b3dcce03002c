import ArgumentParser
import Brushflow
import Foundation

/// `brushflow bench`.
struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Time the layers of a style network on this machine, each against its own limit.",
        discussion: """
            A layer's limit is the time that its products take at the speed that the micro-kernel reaches within the \
            caches, or its reads and writes at the speed of a copy of as many bytes, whichever is longer. GFLOP/s count the \
            products of a direct convolution, of which Winograd's method makes fewer.
            """)

    @Option(help: ArgumentHelp("half (16, 32, 64 channels) or johnson (32, 64, 128).", valueName: "NAME"))
    var network: BenchJob.Network = .half

    @Option(help: ArgumentHelp("The frame.", valueName: "WxH"))
    var size = FrameSizeArgument(width: 640, height: 360)

    @Option(help: ArgumentHelp("Timed runs of every layer; medians are printed.", valueName: "N"))
    var rounds = 9

    @Option(help: ArgumentHelp("Threads; one per core by default.", valueName: "N"))
    var threads: Int?

    @Flag(help: "Print one JSON object a line instead of text.")
    var json = false

    func run() throws {
        let job = try BenchJob(
            network: network, size: (size.width, size.height), rounds: rounds,
            threads: try SettingsOptions.checked(threads: threads))
        let outcome = job.run()
        if json {
            for layer in outcome.layers { Terminal.result(Self.line(layer).text) }
            var line = JSONLine(event: "frame")
            line.add("milliseconds", outcome.frameMilliseconds)
            line.add("kernelGigaflops", outcome.gigaflops)
            Terminal.result(line.text)
            return
        }
        Terminal.result(String(format: "micro-kernel within the caches: %.0f GFLOP/s", outcome.gigaflops))
        for layer in outcome.layers {
            let name = layer.name.padding(toLength: 12, withPad: " ", startingAt: 0)
            let kind = "\(layer.kind) \(layer.width)×\(layer.height)".padding(toLength: 34, withPad: " ", startingAt: 0)
            let figures = String(
                format: "%8.2f ms  %5.0f GFLOP/s  limit %7.2f ms", layer.milliseconds, layer.effectiveGigaflops,
                layer.limit)
            Terminal.result("\(name)\(kind)\(figures) (\(layer.bound), \(Self.percent(layer)) %)")
        }
        Terminal.result(String(format: "a frame of \(size.width)×\(size.height): %.1f ms", outcome.frameMilliseconds))
    }

    private static func percent(_ layer: BenchJob.Layer) -> Int {
        Int((100 * layer.limit / max(layer.milliseconds, 1e-9)).rounded())
    }

    private static func line(_ layer: BenchJob.Layer) -> JSONLine {
        var line = JSONLine(event: "layer")
        line.add("name", layer.name)
        line.add("kind", layer.kind)
        line.add("width", layer.width)
        line.add("height", layer.height)
        line.add("milliseconds", layer.milliseconds)
        line.add("effectiveGigaflops", layer.effectiveGigaflops)
        line.add("limitMilliseconds", layer.limit)
        line.add("bound", layer.bound)
        return line
    }
}

extension BenchJob.Network: ExpressibleByArgument {}
