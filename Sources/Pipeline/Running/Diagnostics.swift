import Media

/// What a command needs to know and do about the process as a whole.
public enum Diagnostics {
    /// The number of libav's objects that are alive now.
    public static var liveHandles: Int { HandleCensus.count }

    /// Removes every temporary file of this process's unfinished outputs, for an end without unwinding.
    public static func removeTemporaryFiles() { PendingFile.removeAll() }
}
