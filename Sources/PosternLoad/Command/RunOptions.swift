internal import ArgumentParser

/// How a run goes.
package struct RunOptions: ParsableArguments {
    /// Far above what one machine does, far below what overflows.
    private static let highestRate = 10_000_000.0
    private static let mostConnections = 100_000
    private static let mostThreads = 64
    private static let longestSeconds = 1_000_000.0
    private static let mostPipelined = 1000

    @Option(help: "Connections in all.") var connections = 64
    @Option(help: "Event loops, each with a share of the connections and of the rate.") var threads = 1
    @Option(help: "Requests a second in all: an open loop. Without it a closed one.") var rate: Double?
    @Option(help: "Requests under way on one connection at a time.") var pipelining = 1
    @Option(help: "How long to measure; 10 unless --requests is given.") var seconds: Double?
    @Option(help: "How many requests to measure, instead of --seconds.") var requests: Int?
    @Option(help: "Seconds of load before measuring begins.") var warmup = 2.0
    @Option(help: "Append a line to this file for each 2xx answer to a request that was not forged.")
    var ledger: String?
    @Flag(help: "Go on however long the server is away.") var keepGoing = false
    @Option(help: "How long an answer may take; a later one counts as none.") var timeoutMs = 10_000

    package init() {}

    /// The settings the options make.
    ///
    /// - Throws: ``LoadFailure/badOption(_:)`` for the first that is out of range.
    package func settings(mix: RequestMix) throws(LoadFailure) -> LoadSettings {
        var settings = LoadSettings()
        settings.connections = try Self.bounded(self.connections, 1...Self.mostConnections, "--connections")
        settings.threads = try Self.bounded(self.threads, 1...Self.mostThreads, "--threads")
        guard settings.threads <= settings.connections else {
            throw .badOption("--threads \(self.threads): each needs a connection, and there are \(self.connections)")
        }
        settings.rate = try self.rate.map { (rate) throws(LoadFailure) in
            try Self.bounded(rate, 0.001...Self.highestRate, "--rate")
        }
        settings.pipelining = try Self.bounded(self.pipelining, 1...Self.mostPipelined, "--pipelining")
        switch (self.seconds, self.requests) {
        case (_?, _?): throw .badOption("--seconds and --requests exclude each other")
        case (nil, let requests?):
            settings.length = .requests(try Self.bounded(requests, 1...1_000_000_000, "--requests"))
        case (let seconds, nil):
            settings.length = .seconds(try Self.bounded(seconds ?? 10, 0.001...Self.longestSeconds, "--seconds"))
        }
        settings.warmupSeconds = try Self.bounded(self.warmup, 0...Self.longestSeconds, "--warmup")
        settings.timeoutMilliseconds = try Self.bounded(self.timeoutMs, 1...3_600_000, "--timeout-ms")
        settings.ledger = self.ledger
        settings.keepsGoing = self.keepGoing
        settings.mix = mix
        return settings
    }

    private static func bounded<Number: Comparable>(
        _ value: Number,
        _ range: ClosedRange<Number>,
        _ option: String
    ) throws(LoadFailure) -> Number {
        guard range.contains(value) else {
            throw .badOption("\(option) \(value): from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }
}
