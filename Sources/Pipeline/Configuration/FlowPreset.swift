import OpticalFlow

/// How thoroughly optical flow is estimated; `ultrafast`, `fast` and `medium` are OpenCV's names for the same
/// method.
public enum FlowPreset: String, Sendable, CaseIterable {
    /// A quarter of the size, a short refinement.
    case ultrafast
    /// A quarter of the size.
    case fast
    /// Half the size, a shorter search and refinement, and none the other way: see `OneWayCheck`.
    case steady
    /// Half the size.
    case medium
    /// The full size, refined twice.
    case accurate

    /// The search's own settings.
    var search: DenseInverseSearch.Configuration {
        switch self {
        case .ultrafast: .ultrafast
        case .fast: .fast
        case .steady: .steady
        case .medium: .medium
        case .accurate: .accurate
        }
    }

    /// How it is found where the flow can be trusted: `steady` does without a flow the other way.
    var reliability: FlowEstimator.Reliability { self == .steady ? .oneWay : .forwardBackward }
}

extension Configuration {
    /// The preset that was asked for, or the one for what paints.
    ///
    /// - Parameter recurrent: whether a recurrent network paints, which is as fast as `medium` itself. On 45 frames with motion
    ///   blur the excess of E_warp, judged by OpenCV's flow, was 0.65 of frame-by-frame painting's with `fast`, 0.43 with
    ///   `medium` and 0.30 with `steady`; the whole run took 1, 1.34 and 1.05 times the CPU time.
    func chosenFlowPreset(recurrent: Bool = false) -> FlowPreset { flowPreset ?? (recurrent ? .steady : .medium) }

    /// How the flow stage works.
    ///
    /// - Parameter recurrent: as for `chosenFlowPreset`.
    func flow(recurrent: Bool = false) -> FlowEstimator.Configuration {
        var flow = FlowEstimator.Configuration()
        let preset = chosenFlowPreset(recurrent: recurrent)
        flow.search = preset.search
        flow.reliability = preset.reliability
        flow.halvings = flowScale.halvings
        if sceneCutThreshold < 1 {
            flow.cuts?.threshold = sceneCutThreshold
        } else {
            flow.cuts = nil
        }
        return flow
    }
}
