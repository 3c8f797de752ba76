internal import AsyncHTTPClient
package import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import PosternHTTP

/// Sends events to destinations, each attempt to an address that was checked.
///
/// Knows no store and keeps no event: what becomes of an answer is the caller's business. Must be shut down before it
/// is let go.
package final class OutboundClient: Sendable {
    private let configuration: OutboundConfiguration
    private let loops: any EventLoopGroup
    private let book: AddressBook
    private let addresses: AddressGuard
    private let clients: PinnedClients

    /// Starts the threads for names; connections live on the event loops that the process shares.
    package init(_ configuration: OutboundConfiguration, lookup: any NameLookup = SystemLookup(), logger: Logger) {
        self.configuration = configuration
        self.loops = MultiThreadedEventLoopGroup.singleton
        self.book = AddressBook(lookup, limits: configuration.names)
        self.addresses = AddressGuard(allowedNetworks: configuration.allowedNetworks)
        self.clients = PinnedClients(configuration, loops: self.loops, logger: logger)
    }

    /// Makes one attempt; never longer than the target's timeout.
    package func send(_ message: OutboundMessage, to target: OutboundTarget) async -> OutboundAnswer {
        let attempt = Attempt(target.timeout)
        let request: OutboundRequest
        do throws(OutboundFailure) {
            request = try OutboundRequest(
                message,
                to: target,
                at: attempt.startedAt,
                userAgent: self.configuration.userAgent
            )
        } catch {
            return attempt.failed(error, "the platform's request is no longer kept")
        }
        return await self.perform(request, to: target, attempt)
    }

    /// Posts a body of the caller's: alerts.
    ///
    /// Signed if the target has secrets, under an identifier of its own; never longer than the target's timeout.
    package func post(_ body: [UInt8], contentType: String, to target: OutboundTarget) async -> OutboundAnswer {
        let attempt = Attempt(target.timeout)
        let request = OutboundRequest(
            body: body,
            contentType: contentType,
            to: target,
            at: attempt.startedAt,
            userAgent: self.configuration.userAgent
        )
        return await self.perform(request, to: target, attempt)
    }

    /// Closes all connections; what is under way, and all that comes later, fails as canceled.
    package func shutdown() async {
        self.book.shutdown()
        await self.clients.shutdown()
    }

    private func perform(
        _ request: OutboundRequest,
        to target: OutboundTarget,
        _ attempt: Attempt
    ) async -> OutboundAnswer {
        var addresses: [PeerAddress]
        do throws(LookupFailure) {
            addresses = try await self.resolve(target.url, attempt)
        } catch {
            return attempt.failed(
                error == .canceled ? .canceled : .resolve,
                "the name \(target.url.host) has no address: \(error)"
            )
        }
        if let refused = self.addresses.refusal(among: addresses, allowsPrivate: target.allowsPrivate) {
            // Not the address itself: a tenant could learn the addresses of our own network's names.
            return attempt.failed(
                .refusedAddress,
                "\(target.url.host) is at an address that is not allowed: \(refused.because.rawValue)"
            )
        }
        // Where the first address cannot be reached (IPv6 without a route), a second one may be.
        var answer = attempt.failed(.canceled, "stopped")
        for _ in 0..<2 {
            guard let lease = self.clients.take(target.destination, for: target.url, among: addresses) else {
                return answer
            }
            answer = await self.exchange(request, with: lease.client, target.url, attempt)
            self.clients.giveBack(lease)
            guard case .failed(.connect, _) = answer.result, attempt.hasTimeLeft else { return answer }
            addresses.removeAll { $0 == lease.address }
        }
        return answer
    }

    private func resolve(_ url: OutboundURL, _ attempt: Attempt) async throws(LookupFailure) -> [PeerAddress] {
        if let address = url.address { return [address] }
        return try await self.book.addresses(
            of: url.host,
            within: min(self.configuration.lookupTimeout, attempt.limit),
            on: self.loops.next()
        )
    }

    private func exchange(
        _ request: OutboundRequest,
        with client: HTTPClient,
        _ url: OutboundURL,
        _ attempt: Attempt
    ) async -> OutboundAnswer {
        let collector = AnswerCollector(limit: self.configuration.answerLimitBytes)
        do {
            let task = client.execute(
                request: try HTTPClient.Request(
                    url: url.text,
                    method: .POST,
                    headers: request.headers,
                    body: .byteBuffer(ByteBuffer(bytes: request.body))
                ),
                delegate: collector,
                deadline: attempt.deadline
            )
            try await withTaskCancellationHandler {
                try await task.get()
            } onCancel: {
                task.cancel()
            }
        } catch {
            // A destination that has said its status has answered, whatever became of the rest.
            guard collector.collected.head != nil else {
                let (failure, detail) = OutboundFailure.of(error)
                return attempt.failed(failure, detail)
            }
        }
        return attempt.answered(collector.collected)
    }
}
