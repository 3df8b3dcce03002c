import Synchronization

/// Keeps the pictures that were asked for last, within a number of bytes.
package final class PictureCache: Sendable {
    private struct State {
        var pictures: [Int: (picture: TrainingPicture, stamp: UInt64)] = [:]
        var bytes = 0
        var stamp: UInt64 = 0
    }

    private let state = Mutex(State())
    private let capacity: Int

    /// Makes an empty cache of at most `capacity` bytes.
    package init(capacity: Int) { self.capacity = capacity }

    /// The bytes held now.
    package var byteCount: Int { state.withLock { $0.bytes } }

    /// The picture at an index, made where it is not there.
    package func picture(at index: Int, make: () throws -> TrainingPicture) rethrows -> TrainingPicture {
        let found = state.withLock { state -> TrainingPicture? in
            guard let kept = state.pictures[index] else { return nil }
            state.stamp += 1
            state.pictures[index] = (kept.picture, state.stamp)
            return kept.picture
        }
        if let found { return found }
        let made = try make()
        state.withLock { state in
            guard state.pictures[index] == nil, made.byteCount <= capacity else { return }
            while state.bytes + made.byteCount > capacity,
                let oldest = state.pictures.min(by: { $0.value.stamp < $1.value.stamp })
            {
                state.bytes -= oldest.value.picture.byteCount
                state.pictures[oldest.key] = nil
            }
            state.stamp += 1
            state.bytes += made.byteCount
            state.pictures[index] = (made, state.stamp)
        }
        return made
    }
}
