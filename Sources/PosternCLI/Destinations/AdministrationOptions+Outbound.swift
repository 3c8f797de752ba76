internal import Logging
internal import PosternHTTP
internal import PosternModel
internal import PosternOperations
internal import PosternOutbound
internal import PosternSettings
internal import PosternStore

extension AdministrationOptions {
    /// What a destination is checked with before it is stored, as this installation is set.
    func destinationCheck() async throws -> DestinationCheck {
        let configuration = try await self.outbound()
        return DestinationCheck(addresses: AddressGuard(allowedNetworks: configuration.allowedNetworks))
    }

    /// Sends a test event from this process, as this installation is set.
    ///
    /// - Throws: ``CommandFailure`` when there is no way to send it.
    func probe(_ destination: DestinationRecord) async throws -> DestinationProbeAnswer {
        let client = OutboundClient(
            try await self.outbound(),
            logger: Logger(label: "postern.probe") { _ in SwiftLogNoOpLogHandler() }
        )
        do throws(OutboundTargetError) {
            let answer = try await DestinationProbe(client).send(to: destination, at: .now())
            await client.shutdown()
            return answer
        } catch {
            await client.shutdown()
            throw CommandFailure(code: "probe_impossible", message: error.description)
        }
    }

    private func outbound() async throws -> OutboundConfiguration {
        try await self.process.settings().outbound(version: PosternVersion.text)
    }
}
