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
    /// The preset that was asked for, or the one for what paints.
    ///
    /// - Parameter forgiving: whether small errors of a motion hardly show. A published network's excess of E_warp was 0.27 of
    ///   frame-by-frame painting's with `medium` and 0.37 with `fast`; a recurrent one is itself as fast as `medium`.
    func chosenFlowPreset(forgiving: Bool = false) -> FlowPreset { flowPreset ?? (forgiving ? .fast : .medium) }

    /// How the flow stage works.
    ///
    /// - Parameter forgiving: as for `chosenFlowPreset`.
    func flow(forgiving: Bool = false) -> FlowEstimator.Configuration {
        var flow = FlowEstimator.Configuration()
        flow.search = chosenFlowPreset(forgiving: forgiving).search
        flow.halvings = flowScale.halvings
        if sceneCutThreshold < 1 {
            flow.cuts?.threshold = sceneCutThreshold
        } else {
            flow.cuts = nil
        }
        return flow
    }
}
