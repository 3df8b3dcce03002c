import Media
import Tensors

/// What a command needs to know and do about the process as a whole.
public enum Diagnostics {
    /// Brushflow's version.
    public static let version = "0.1.0"

    /// The number of libav's objects that are alive now.
    public static var liveHandles: Int { HandleCensus.count }

    /// Removes every temporary file of this process's unfinished outputs, for an end without unwinding.
    public static func removeTemporaryFiles() { PendingFile.removeAll() }

    /// Has large blocks of this process mapped and unmapped one by one. The encoder is reopened at every shot, and
    /// glibc would otherwise leave its blocks in the heaps of whichever threads came by, so that the peak of a long
    /// clip would grow by a tenth. For programs, to be called before the first run.
    public static func keepHeapFromFragmenting() { HeapPolicy.mapLargeBlocks() }

    /// Ends the threads of linked libraries that would only look for work while the first frames are painted. For programs,
    /// to be called before the first run.
    public static func endIdleThreads() { MatrixMultiply.endIdleThreads() }
}
