import ArgumentParser
import Logging

/// How a command speaks.
struct ReportOptions: ParsableArguments {
    @Flag(help: "Print one JSON object a line instead of text.")
    var json = false

    @Flag(help: "Tell on standard error what goes on inside.")
    var verbose = false

    @Flag(help: "Replace an existing output.")
    var overwrite = false

    /// A logger that speaks on standard error, of everything with `--verbose` and of warnings without.
    var logger: Logger {
        var logger = Logger(label: "brushflow") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = verbose ? .debug : .warning
        return logger
    }
}
