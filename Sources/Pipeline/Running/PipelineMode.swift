/// How the steps of a pipeline are joined. The result is the same, bit for bit.
public enum PipelineMode: Sendable, Equatable {
    /// One after the other on the caller's thread.
    case inline
    /// Each on a serial Dispatch queue of its own, with bounded queues of `capacity` values between them.
    case queued(capacity: Int)
}
