/// The one error that Brushflow throws at its users: what was being done, on what, what was wrong and
/// what to do about it, in one sentence, with the exit code that a command-line run ends with.
///
/// Wrong input is a `BrushflowError`; wrong code is a `precondition`.
public struct BrushflowError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The class of a failure. The raw value is the process's exit code (after BSD's `sysexits`).
    public enum Kind: Int32, Sendable {
        /// Flags, configuration, an unknown style, a segment outside the clip.
        case usage = 64
        /// Content that cannot be used, a truncated file included.
        case content = 65
        /// Input that is missing or cannot be read.
        case input = 66
        /// A fault of Brushflow's own.
        case `internal` = 70
        /// A target that exists, cannot be written, or a full disk.
        case output = 73
        /// Stopped by SIGINT.
        case interrupted = 130
        /// Stopped by SIGTERM.
        case terminated = 143
    }

    /// The class of the failure.
    public let kind: Kind
    /// The whole message, without a trailing full stop or newline.
    public let message: String

    /// Makes an error of the given class.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// The message, as printed after `brushflow: error: `.
    public var description: String { message }
}
