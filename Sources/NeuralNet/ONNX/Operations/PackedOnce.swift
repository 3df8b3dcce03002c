import Synchronization

/// A value that is made when it is first asked for: planning tries many sizes, and only the one that is run needs its
/// filters packed.
final class PackedOnce<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)

    /// The value, made by `make` if this is the first time.
    func callAsFunction(_ make: () -> Value) -> Value {
        value.withLock { value in
            if let value { return value }
            let made = make()
            value = made
            return made
        }
    }
}
