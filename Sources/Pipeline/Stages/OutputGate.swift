/// Lets a segment's own frames through to the sink, counted, and holds its warm-up frames back.
package final class OutputGate: Stage {
    package let name = "gate"
    private let monitor: RunMonitor

    package init(monitor: RunMonitor) {
        self.monitor = monitor
    }

    package func process(_ input: PaintedFrame, emit: (PaintedFrame) throws -> Void) throws {
        guard !input.label.isWarmUp else { return }
        var counted = input
        counted.digest = monitor.count(input)
        try emit(counted)
    }
}
