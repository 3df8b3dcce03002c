import Media
import Stylization
import Tensors

extension StylizeJob {
    /// Runs to the end in a working directory, after what an earlier run has finished there.
    ///
    /// - Throws: as `run`, where what is finished is kept and the message says so; as `ResumableRun`.
    func runResumably(monitor: RunMonitor) throws -> RunSummary {
        let run = try ResumableRun(
            target: request.output, input: InputIdentity(path: request.input),
            settings: RunIdentity.settings(of: request), expectedFrames: input.frameCount,
            restarts: request.restarts)
        do {
            let summary: RunSummary
            if case .video(let container) = output {
                summary = try makeVideo(run, container, monitor)
            } else {
                summary = try writeFrames(run, monitor)
            }
            run.finish()
            return summary
        } catch {
            throw run.leave(after: error, keepsNothing: output != .directory)
        }
    }

    private func makeVideo(
        _ run: ResumableRun, _ container: OutputContainer, _ monitor: RunMonitor
    ) throws -> RunSummary {
        if run.hasResult { return try paint(run, monitor) { preconditionFailure("nothing is left to be painted") } }
        // Whatever is wrong about the output shall be found before hours of work, not after them.
        try openJoiner(run, container).abandon()
        let settings = try encoderSettings(container)
        var summary = try paint(run, monitor) {
            EncodedChunks(
                try ChunkWriter(
                    path: request.output, description: writtenDescription, settings: settings, rows: budget.rows),
                in: run.directory)
        }
        let joiner = try openJoiner(run, container)
        do {
            for (number, chunk) in run.manifest.chunks.enumerated() {
                try token.check()
                let name = RunManifest.chunkName(number)
                try joiner.append(
                    descriptor: run.directory.open(name), name: run.directory.path(of: name), contents: chunk.contents)
            }
            try joiner.finish {
                try checkUnchanged(run)
                try run.announce(resultAt: $0)
            }
        } catch {
            joiner.abandon()
            throw error
        }
        summary.seconds = monitor.snapshot.seconds
        summary.notes += joiner.notes
        return summary
    }

    /// A clip that was cut short while its sound was read gives a shorter sound, and no error.
    private func checkUnchanged(_ run: ResumableRun) throws {
        guard let difference = run.manifest.input.difference(from: try InputIdentity(path: request.input)) else {
            return
        }
        throw BrushflowError(
            .input, "\(request.input): was changed while it was read: it \(difference); bring it back and run again")
    }

    private func openJoiner(_ run: ResumableRun, _ container: OutputContainer) throws -> ChunkJoiner {
        let pending = try PendingFile(
            target: request.output, temporaryPath: run.directory.path(of: "joined.\(container.rawValue)"),
            overwrite: request.overwrite)
        return try ChunkJoiner(
            pending, description: writtenDescription,
            settings: encoderSettings(container), sideStreams: openSideStreams(container))
    }

    private func writeFrames(_ run: ResumableRun, _ monitor: RunMonitor) throws -> RunSummary {
        try paint(run, monitor) {
            // The frames that are there already are this run's own.
            let writer = try ImageDirectoryWriter(
                path: request.output, overwrite: request.overwrite || run.isContinued, firstNumber: 1 + run.framesDone)
            if run.isContinued { PendingFile.removeAbandoned(in: request.output) }
            return WrittenFrames(DirectorySink(writer, rotation: uprightRotation, rows: budget.rows))
        }
    }

    /// Paints the frames that are not finished.
    private func paint(
        _ run: ResumableRun, _ monitor: RunMonitor, into output: () throws -> any ChunkOutput
    ) throws -> RunSummary {
        let before = run.framesDone
        monitor.resume(frames: before, digest: ContentDigest(text: run.manifest.framesDigest) ?? ContentDigest())
        var summary: RunSummary
        if let end = run.manifest.end {
            monitor.begin(expectedFrames: run.manifest.expectedFrames, waits: { [] })
            summary = self.summary(of: monitor, painter: nil)
            summary.damagedPackets = end.damagedPackets
            summary.notes = run.manifest.notes
        } else {
            let rule = ChunkRule(work: request.configuration.encode.chunkFrames)
            let size = input.description
            let memory = try run.memory(width: size.width, height: size.height, rows: budget.rows)
            if let place = run.place(memory: memory) { try input.resume(after: place, rows: budget.rows) }
            let sink = ChunkSink(run, output: chunkOutput(try output()), rule: rule)
            do {
                summary = try self.run(into: sink, monitor: monitor, rule: rule, memory: memory)
            } catch {
                sink.abandon()
                throw error
            }
            summary.notes += run.manifest.notes.filter { !summary.notes.contains($0) }
            try run.end(damagedPackets: summary.damagedPackets, notes: summary.notes)
        }
        if before > 0 {
            summary.notes.append("\(request.output): \(before) of the frames were finished by an earlier run")
        }
        return summary
    }
}
