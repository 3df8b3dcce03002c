/// Wall time.
enum Seconds {
    /// What `body` takes, in seconds.
    static func taken(_ body: () -> Void) -> Double {
        let elapsed = ContinuousClock().measure(body)
        return Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    }
}
