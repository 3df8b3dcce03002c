/// A place where the stylized clip gets out of step with its source.
public struct Slip: Sendable, Equatable {
    /// What seems to have happened.
    public enum Kind: String, Sendable {
        /// Frames were lost: from here on the clip shows later source frames.
        case missing
        /// Frames were added: from here on the clip shows earlier source frames.
        case late
        /// One frame repeats the one before in place of its own.
        case doubled
    }

    /// What.
    public var kind: Kind
    /// The stylized frame at which it shows, counted from 0.
    public var frame: Int
    /// How many frames.
    public var count: Int

    /// Names a place.
    public init(kind: Kind, frame: Int, count: Int) {
        self.kind = kind
        self.frame = frame
        self.count = count
    }

    /// A frame that changes less than this part of what its neighbours do, against the source's change, repeats.
    private static let repeatedChange = 0.1
    /// A source that changes less than this tells nothing about repeated frames.
    private static let leastChange = 0.002

    /// Reads the slips off the lags of the frames and off frames that do not change.
    static func find(in lags: [Int], frames: [FrameFigures]) -> [Slip] {
        var slips: [Slip] = []
        var lag = 0
        var index = 0
        while index < lags.count {
            let change = lags[index] - lag
            if change < 0, index + 1 < lags.count, lags[index + 1] == lag {
                slips.append(Slip(kind: .doubled, frame: index, count: 1))
                index += 2
                continue
            }
            if change != 0 {
                slips.append(Slip(kind: change > 0 ? .missing : .late, frame: index, count: abs(change)))
                lag = lags[index]
            }
            index += 1
        }
        for frame in repeated(frames)
        where !slips.contains(where: { $0.kind != .missing && abs($0.frame - frame) <= 1 }) {
            slips.append(Slip(kind: .doubled, frame: frame, count: 1))
        }
        return slips.sorted { $0.frame < $1.frame }
    }

    private static func repeated(_ frames: [FrameFigures]) -> [Int] {
        let moving = frames.compactMap { frame in
            frame.change.flatMap { change -> (frame: Int, ratio: Double)? in
                guard change.source > leastChange else { return nil }
                return (frame.index, change.stylized / change.source)
            }
        }
        guard moving.count >= 5 else { return [] }
        let usual = moving.map(\.ratio).sorted()[moving.count / 2]
        return moving.filter { $0.ratio < repeatedChange * usual }.map(\.frame)
    }
}
