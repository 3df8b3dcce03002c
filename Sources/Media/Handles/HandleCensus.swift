import Synchronization

/// Counts the C objects that are alive, so that a test can see that all of them were freed.
package enum HandleCensus {
    private static let alive = Atomic(0)

    /// The number of C objects alive in this process now.
    package static var count: Int { alive.load(ordering: .sequentiallyConsistent) }

    static func born() { alive.wrappingAdd(1, ordering: .sequentiallyConsistent) }

    static func died() { alive.wrappingSubtract(1, ordering: .sequentiallyConsistent) }
}
