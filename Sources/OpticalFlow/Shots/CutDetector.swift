/// Turns the measures of a clip's pairs of frames into cuts: a new shot begins where the unexplained share is high and
/// rises over what the shot has lately shown, since fast motion leaves much unexplained frame after frame.
package struct CutDetector: Sendable {
    /// The settings of the decision.
    package struct Configuration: Sendable, Equatable {
        /// The share of unexplained structure, 0…1, above which a frame may begin a new shot, if it also rises.
        package var threshold = 0.25
        /// The least rise over the shot's restlessness.
        package var rise = 0.17
        /// The share above which a frame begins a new shot whatever came before.
        package var certain = 0.6
        /// What is taken for the restlessness of a shot of one frame.
        package var initialRestlessness = 0.25
        /// What is left of the restlessness after each pair, 0…1.
        package var memory = 0.9

        /// The defaults.
        package init() {}
    }

    /// The largest unexplained share of the shot, fading with every pair; nil on the first frame of a shot.
    package private(set) var restlessness: Double?

    private let configuration: Configuration

    /// Makes a detector that has seen no pair.
    package init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
    }

    /// Whether the later frame of the next pair begins a new shot.
    package mutating func isCut(_ measure: SceneCut) -> Bool {
        let share = measure.unexplained
        let cut =
            share > configuration.certain
            || share > configuration.threshold
                && share - (restlessness ?? configuration.initialRestlessness) > configuration.rise
        restlessness = cut ? nil : max(share, configuration.memory * (restlessness ?? 0))
        return cut
    }

    /// Goes on with a shot of a given restlessness.
    package mutating func resume(restlessness: Double?) {
        self.restlessness = restlessness
    }

    /// Forgets the shot.
    package mutating func reset() {
        restlessness = nil
    }
}
