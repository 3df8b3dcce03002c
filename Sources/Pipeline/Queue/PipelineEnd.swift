/// Ways for a stage to end early that are no failure of its own.
package enum PipelineEnd: Error, Equatable {
    /// A later stage wants no more; its own error, if any, is the one to report.
    case consumerStopped
    /// The run was cancelled.
    case cancelled
}
