internal import ArgumentParser
internal import PosternHTTP

/// `postern-load`: puts a webhook server under load and measures what comes back.
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "postern-load",
        abstract: "Send signed webhooks to a server and measure how it takes them.",
        discussion: """
            Without --rate a closed loop: every connection sends its next request when it has its answer. With --rate \
            an open loop: requests are due at even times, and latency counts from then on, also for those that wait \
            because the server stands still.

            Examples:
              postern-load --url http://127.0.0.1:8080/webhooks/github/KEY --seconds 30
              postern-load --url … --rate 10000 --connections 256 --body-bytes 1024,4096
              postern-load --url … --platform stripe --samples --duplicates 0.1 --forgeries 0.01
              postern-load --url … --keep-going --ledger acknowledged.txt --requests 1000000

            Ends with 0 when it ran, 2 when an option is wrong, 3 when the server cannot be reached, 130 when a signal \
            ended it; figures are printed all the same.
            """
    )

    @OptionGroup var requests: RequestOptions
    @OptionGroup var course: RunOptions
    @OptionGroup var output: FigureOptions

    mutating func run() async throws {
        let settings = try self.course.settings(mix: self.requests.mix())
        try Self.checkOpenFiles(settings.connections)
        let plan = try self.requests.plan()
        let progress: @Sendable (LoadProgress) -> Void = { StandardStream.error.say($0.line) }
        let load = LoadRun(settings, plan.targets, progress: self.output.quiet ? nil : progress)
        let result = try await load.run()
        let report = LoadReport(result, settings, platform: self.requests.platform, bodies: plan.bodies)
        try self.output.write(report)
        if result.wasInterrupted { throw ExitCode(130) }
    }

    /// What else a run has open: event loops, ledger, standard streams.
    private static let otherFiles = 64

    private static func checkOpenFiles(_ connections: Int) throws(LoadFailure) {
        guard let limit = OpenFileLimit.raise(), limit.soft < connections + Self.otherFiles else { return }
        throw .badOption("--connections \(connections): only \(limit.soft) files may be open (ulimit -n)")
    }
}
