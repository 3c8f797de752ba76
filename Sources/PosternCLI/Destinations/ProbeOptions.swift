internal import ArgumentParser
internal import PosternOperations
internal import PosternStore

/// Whether a test event is sent to a destination that is made or changed.
struct ProbeOptions: ParsableArguments {
    @Flag(help: "Send a signed test event afterwards and show the answer; whatever it is, the destination stays.")
    var probe = false
    @Flag(help: "Send a signed test event first, and store nothing unless it is answered with 200 to 299.")
    var probeRequired = false

    /// Sends the test event before anything is stored, where that was asked for.
    ///
    /// - Throws: ``CommandFailure`` when it is not delivered.
    func require(
        _ destination: DestinationRecord,
        _ administration: AdministrationOptions
    ) async throws -> DestinationProbeAnswer? {
        guard self.probeRequired, destination.kind != .postgresNotify else { return nil }
        let answer = try await administration.probe(destination)
        guard answer.isDelivered else {
            throw CommandFailure(
                code: "probe_failed",
                message: "nothing was stored: the test event was not taken: \(ProbeReport(answer).text)"
            )
        }
        return answer
    }
}
