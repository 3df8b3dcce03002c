import Tensors

extension StyleNetwork {
    /// Whether two files hold the same network, but for its styles: only then γ and β of one mean something to the other.
    package static func haveSameFilters(_ a: SafetensorsFile, _ b: SafetensorsFile) throws -> Bool {
        let (names, others) = (a.names.filter(isFilter), b.names.filter(isFilter))
        guard names == others, a.metadata["form"] == b.metadata["form"] else { return false }
        return try names.allSatisfy { try a.tensor(named: $0) == b.tensor(named: $0) }
    }

    /// Whether a tensor belongs neither to a normalisation nor to what a file says of paintings.
    private static func isFilter(_ name: String) -> Bool {
        !name.hasPrefix(StyleNetworkParameters.statisticsPrefix) && !name.contains(/(^|\.)in\d+\.[a-z_]+$/)
    }
}
