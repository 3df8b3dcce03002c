import Foundation

/// The memory of this process.
enum MemoryUse {
    /// The peak of resident bytes so far, as the kernel counts it.
    static var peakBytes: Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss * 1024
    }
}
