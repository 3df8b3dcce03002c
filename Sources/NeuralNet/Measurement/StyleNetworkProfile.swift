import Tensors

/// Times every layer of a style network of the form `johnson` at one size, each by itself and against its own limit.
package struct StyleNetworkProfile {
    private let network: StyleNetwork
    private let run: JohnsonRun
    private let rounds: Int
    private let limits: MachineLimits

    /// Prepares to time the layers of `network` on a `width`×`height` frame of seeded noise.
    ///
    /// - Parameter rounds: timed runs of each layer, after one that is not; the median counts.
    package init(
        network: StyleNetwork, width: Int, height: Int, rounds: Int, limits: MachineLimits, in workspace: Workspace
    ) {
        precondition(width > 0 && height > 0 && rounds > 0 && !network.styles.isEmpty, "\(width)×\(height)")
        let shape: Shape = [network.layout.inputChannels, height, width]
        let frame = Tensor(shape, (0..<shape.count).map { Float($0 * 7919 % 1009) / 1009 }, pool: workspace.pool)
        guard let run = network.johnsonRun(frame, in: workspace) else {
            preconditionFailure("a profile of the form \(network.layout.form)")
        }
        self.network = network
        self.run = run
        self.rounds = rounds
        self.limits = limits
    }

    /// The layers in order; the residual blocks' convolutions are alike, and one stands for all.
    package func measure() -> [LayerMeasurement] {
        let layout = network.layout
        let convolutions = layout.convolutions
        let (all, half, quarter) = (
            0..<run.fullHeight, 0..<run.fullHeight / 2, 0..<run.fullHeight / 4
        )
        func reading(_ norm: Int) -> ChannelReading { run.reading(nil, norm: norm, rectified: true) }
        var none: ChannelMoments?
        let full = run.first(rows: all, moments: &none)
        var halves = run.empty(channels: layout.widths[1], rows: half, level: 1)
        var quarters = run.empty(channels: layout.widths[2], rows: quarter, level: 2)
        var inner = quarters
        var output = Tensor(uninitialized: [3, run.height, run.width], pool: run.workspace.pool)
        var rows: [LayerMeasurement] = []
        rows.append(
            row(convolutions[0], level: 0, inputLevel: 0) {
                var moments = run.fresh(0)
                _ = run.first(rows: all, moments: &moments)
            })
        rows.append(
            row(convolutions[1], level: 1, inputLevel: 0) {
                var moments = run.fresh(1)
                run.down(0, full, reading: reading(0), rows: half, into: &halves, moments: &moments)
            })
        rows.append(
            row(convolutions[2], level: 2, inputLevel: 1) {
                var moments = run.fresh(2)
                run.down(1, halves, reading: reading(1), rows: quarter, into: &quarters, moments: &moments)
            })
        rows.append(
            row(convolutions[3], level: 2, inputLevel: 2) {
                var moments = run.fresh(3)
                run.residual(0, quarters, reading: reading(3), rows: quarter, into: &inner, moments: &moments)
            })
        rows.append(
            normalization(convolutions[4]) {
                quarters.add(
                    inner, reading: run.reading(nil, norm: 4, rectified: false), rows: quarter, in: run.workspace)
            })
        let up = convolutions.count - 3
        rows.append(
            row(convolutions[up], level: 1, inputLevel: 2) {
                var moments = run.fresh(run.decoderNorm)
                _ = run.up(0, quarters, reading: nil, rows: half, moments: &moments)
            })
        rows.append(
            row(convolutions[up + 1], level: 0, inputLevel: 1) {
                var moments = run.fresh(run.decoderNorm + 1)
                _ = run.up(
                    1, halves, reading: reading(run.decoderNorm), rows: all, moments: &moments)
            })
        rows.append(
            row(convolutions[up + 2], level: 0, inputLevel: 0) {
                run.last(full, reading: reading(run.decoderNorm + 1), rows: 0..<run.height, into: &output)
            })
        return rows
    }

    /// A whole frame in milliseconds, the median.
    package func frame() -> Double {
        median { _ = network.paint(run.input, style: network.styles[0], in: run.workspace) }
    }

    private func median(_ body: () -> Void) -> Double {
        body()
        return (0..<rounds).map { _ in Seconds.taken(body) * 1e3 }.sorted()[rounds / 2]
    }

    /// `level`, `inputLevel`: how many times the frame is halved in what is written and read.
    private func row(
        _ layer: StyleNetworkLayout.Convolution, level: Int, inputLevel: Int, _ body: () -> Void
    ) -> LayerMeasurement {
        let milliseconds = median(body)
        let (width, height) = (run.fullWidth >> level, run.fullHeight >> level)
        let work = 2e-9 * Double(layer.inputs * layer.outputs * layer.side * layer.side) * Double(width * height)
        // Winograd makes 36 products for 16 outputs, of whole tiles.
        let tiles = Double((width + 3) / 4 * ((height + 3) / 4) * 36)
        let isWinograd = layer.side == 3 && inputLevel >= level
        let products = isWinograd ? 2e-9 * Double(layer.inputs * layer.outputs) * tiles : work
        let read = layer.inputs * ((run.fullWidth >> inputLevel) * (run.fullHeight >> inputLevel))
        let traffic = 4e-9 * Double(read + layer.outputs * width * height)
        let bandwidth = limits.gigabytes(moving: Int(traffic * 1e9), in: run.workspace)
        let (arithmetic, memory) = (products / limits.gigaflops * 1e3, traffic / bandwidth * 1e3)
        return LayerMeasurement(
            name: layer.name, kind: "\(layer.side)×\(layer.side) \(layer.inputs)→\(layer.outputs)", width: width,
            height: height, milliseconds: milliseconds, effectiveGigaflops: work / milliseconds * 1e3,
            limit: max(arithmetic, memory), bound: arithmetic >= memory ? .arithmetic : .memory)
    }

    private func normalization(_ layer: StyleNetworkLayout.Convolution, _ body: () -> Void) -> LayerMeasurement {
        let milliseconds = median(body)
        let (width, height) = (run.fullWidth / 4, run.fullHeight / 4)
        let bytes = 12 * layer.outputs * width * height
        return LayerMeasurement(
            name: layer.norm ?? layer.name, kind: "normalise and add", width: width, height: height,
            milliseconds: milliseconds, effectiveGigaflops: 0,
            limit: 1e-6 * Double(bytes) / limits.gigabytes(moving: bytes, in: run.workspace), bound: .memory)
    }
}
