/// How a run goes, whatever it sends.
package struct LoadSettings: Sendable {
    /// When a run ends.
    package enum Length: Equatable, Sendable {
        /// After so long.
        case seconds(Double)
        /// After so many requests.
        case requests(Int)
    }

    /// Connections of all event loops together.
    package var connections = 64
    /// Event loops.
    package var threads = 1
    /// Requests a second of an open loop; `nil` for a closed one.
    package var rate: Double?
    /// Requests that are under way on one connection at a time.
    package var pipelining = 1
    /// What is measured.
    package var length = Length.seconds(10)
    /// What goes before and is not.
    package var warmupSeconds = 2.0
    /// Duplicates and forgeries.
    package var mix = RequestMix()
    /// Where acknowledged requests are noted.
    package var ledger: String?
    /// Whether a server that is away for long ends the run.
    package var keepsGoing = false
    /// How long an answer may take.
    package var timeoutMilliseconds = 10_000

    /// Starts with the defaults of the command line.
    package init() {}
}
