/// A source and the stages after it, not yet running: `Chain(source).then(stage).then(stage)`.
package struct Chain<Output: Sendable> {
    /// Given the consumer of the chain's output, links all steps and returns the source's loop.
    let assemble: (Consumer<Output>, Assembly) -> (() throws -> Void)

    /// Begins a chain.
    package init(_ source: some Source<Output>) {
        assemble = { consumer, assembly in
            {
                do {
                    while let value = try source.next() {
                        try assembly.checkCancellation()
                        try consumer.accept(value)
                    }
                    try consumer.finish()
                } catch {
                    consumer.fail(error)
                    throw error
                }
            }
        }
    }

    private init(assemble: @escaping (Consumer<Output>, Assembly) -> (() throws -> Void)) {
        self.assemble = assemble
    }

    /// Appends a stage.
    package func then<Next>(_ stage: some Stage<Output, Next>) -> Chain<Next> {
        Chain<Next> { consumer, assembly in
            assemble(assembly.link(Consumer(stage, consumer), into: stage.name), assembly)
        }
    }

    /// Appends a stage that runs in the loop of the one before it, without a queue between them: for steps that
    /// cost next to nothing.
    package func fused<Next>(_ stage: some Stage<Output, Next>) -> Chain<Next> {
        Chain<Next> { consumer, assembly in assemble(Consumer(stage, consumer), assembly) }
    }
}
