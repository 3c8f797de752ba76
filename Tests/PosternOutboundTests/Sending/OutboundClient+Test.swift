import Logging
import PosternOutbound

extension OutboundClient {
    /// Makes a client, lends it, and shuts it down.
    static func with<Value>(
        _ lookup: any NameLookup = TableLookup([:]),
        change: (inout OutboundConfiguration) -> Void = { _ in },
        _ body: (OutboundClient) async throws -> Value
    ) async throws -> Value {
        var configuration = OutboundConfiguration(userAgent: "Postern/test")
        // On a loaded machine a test may rest for longer than a destination does.
        configuration.connectionIdleTimeout = .seconds(60)
        configuration.connectTimeout = .seconds(20)
        change(&configuration)
        let client = OutboundClient(configuration, lookup: lookup, logger: Logger(label: "test"))
        let outcome: Result<Value, any Error>
        do { outcome = .success(try await body(client)) } catch { outcome = .failure(error) }
        await client.shutdown()
        return try outcome.get()
    }

    /// Sends an event as it is.
    func send(_ event: CloudEvent = .sample(), attempt: Int = 1, to target: OutboundTarget) async -> OutboundAnswer {
        await self.send(OutboundMessage(event: event, attempt: attempt, original: .sample), to: target)
    }
}

extension OutboundAnswer {
    /// The class of the failure, if it is one.
    var failure: OutboundFailure? {
        switch self.result {
        case .answered: nil
        case .failed(let failure, _): failure
        }
    }

    /// The status, if there is one.
    var status: Int? {
        switch self.result {
        case .answered(let status): status
        case .failed: nil
        }
    }
}
