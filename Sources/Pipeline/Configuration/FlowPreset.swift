import OpticalFlow

/// How thoroughly optical flow is estimated; the first three names are those of OpenCV's presets for the same method.
public enum FlowPreset: String, Sendable, CaseIterable {
    /// A quarter of the size, a short refinement.
    case ultrafast
    /// A quarter of the size.
    case fast
    /// Half the size.
    case medium
    /// The full size, refined twice.
    case accurate

    /// The search's own settings.
    var search: DenseInverseSearch.Configuration {
        switch self {
        case .ultrafast: .ultrafast
        case .fast: .fast
        case .medium: .medium
        case .accurate: .accurate
        }
    }
}

extension Configuration {
    /// How the flow stage works.
    ///
    /// - Parameter networkPaints: a network is as fast as `medium` flow and hides small errors of a motion; an optimiser takes
    ///   seconds a frame, and keeps what it is told.
    func flow(networkPaints: Bool = false) -> FlowEstimator.Configuration {
        var flow = FlowEstimator.Configuration()
        flow.search = (flowPreset ?? (networkPaints ? .fast : .medium)).search
        flow.halvings = flowScale.halvings
        if sceneCutThreshold < 1 {
            flow.cuts?.threshold = sceneCutThreshold
        } else {
            flow.cuts = nil
        }
        return flow
    }
}
