package import PosternCrypto
package import PosternModel
package import PosternPlatforms
package import PosternPostgres
package import PosternStore

/// Checks the quarantined requests of one endpoint again, with the secrets it has now, and admits those that are proven.
///
/// A request is checked as of the time it was received, so a signed time is as fresh as it was then. First a plan, then
/// the act, each page by page; neither asks nor prints. Blocking: connection threads only.
package struct Reverification: Sendable {
    /// How many requests are opened at a time; a page of large ones is shorter.
    package static let pageSize = 256

    /// The endpoint, with its active secrets.
    package let endpoint: EndpointRecord
    private let verifier: Verifier
    private let handshakeSecrets: HandshakeSecrets
    private let quarantine: QuarantineStore

    /// Makes an endpoint's current secrets ready.
    ///
    /// - Throws: ``ReverificationError`` when they prove nothing.
    package init(
        of endpoint: EndpointRecord,
        catalog: PlatformCatalog,
        sealing keyring: SealingKeyring
    ) throws(ReverificationError) {
        guard let platform = catalog.platform(named: endpoint.platform) else {
            throw .unknownPlatform(endpoint.platform.text)
        }
        guard let name = SchemeName(endpoint.scheme), let scheme = platform.scheme(named: name) else {
            throw .unknownScheme(platform: platform.name.text, scheme: endpoint.scheme)
        }
        let secrets = endpoint.secrets.map { secret in (id: secret.id, kind: secret.kind, secret: secret.secret) }
        do throws(VerifierError) {
            self.verifier = try Verifier(
                scheme: scheme,
                platform: platform,
                secrets: secrets,
                parameters: endpoint.parameters,
                tolerance: endpoint.toleranceSeconds.map { seconds in .seconds(Int(seconds)) } ?? .platform
            )
        } catch {
            throw .unusableEndpoint(error)
        }
        do throws(CryptoError) {
            self.handshakeSecrets = try HandshakeSecrets(secrets: secrets, parameters: endpoint.parameters)
        } catch {
            throw .unusableEndpoint(.crypto(error))
        }
        self.endpoint = endpoint
        self.quarantine = QuarantineStore(sealing: keyring)
    }

    /// Reads the endpoint with its active secrets and makes them ready.
    ///
    /// - Throws: ``ReverificationError``.
    package static func prepare(
        key: EndpointKey,
        catalog: PlatformCatalog,
        sealing keyring: SealingKeyring,
        _ connection: inout Connection,
        within: Duration
    ) throws(ReverificationError) -> Reverification {
        let contents: DirectoryContents
        do throws(PostgresError) {
            contents = try DirectoryReader(opening: keyring).load(key: key, &connection, within: within)
        } catch {
            throw .database(error)
        }
        guard let endpoint = contents.endpoints.first else { throw .endpointNotFound(key.text) }
        // A secret that stays closed may be the very one that proves the requests.
        if let fault = contents.faults.first { throw .secretNotOpened(fault) }
        return try Reverification(of: endpoint, catalog: catalog, sealing: keyring)
    }

    /// Checks one request.
    package func check(_ request: QuarantinedRequest) -> ReverificationOutcome {
        let platform = self.verifier.platform
        let facts = request.facts(for: platform)
        switch self.verifier.verify(facts, body: request.content.body, now: request.receivedAt) {
        case .refused(let failure): return .refused(failure)
        case .accepted(let secret, _, let redactions):
            if platform.handshakes.mayApply(method: facts.verb, verified: true),
                let handshake = platform.handshake(
                    for: facts,
                    body: request.content.body,
                    verified: true,
                    secrets: self.handshakeSecrets
                )
            {
                guard case .answer(_, delivers: true) = handshake else { return .handshake }
            }
            return .valid(QuarantineAdmission(request.masking(redactions), provedBy: secret))
        }
    }

    /// Checks every quarantined request and changes nothing.
    ///
    /// - Parameters:
    ///   - connection: a session of the operator.
    ///   - within: the deadline of each page.
    ///   - progress: called after each page with what was found so far.
    /// - Returns: what acting would do.
    /// - Throws: ``ReverificationError/database(_:)``.
    package func plan(
        _ connection: inout Connection,
        within: Duration,
        progress: (ReverificationTally) -> Void = { _ in }
    ) throws(ReverificationError) -> ReverificationPlan {
        var tally = ReverificationTally()
        var received: ClosedRange<Timestamp>?
        var last: DeliveryID?
        while true {
            let page = try self.page(after: last, &connection, within: within)
            guard let next = page.next else { break }
            last = next
            for admission in self.check(page, &tally) {
                let time = admission.request.receivedAt
                received = min(received?.lowerBound ?? time, time)...max(received?.upperBound ?? time, time)
            }
            progress(tally)
        }
        return ReverificationPlan(tally: tally, last: last, received: received)
    }

    /// Checks the requests of a plan again and admits the proven ones, oldest first.
    ///
    /// What was quarantined after the plan was made stays where it is. Each batch is a line in the audit log.
    ///
    /// - Parameters:
    ///   - plan: how far to go.
    ///   - administration: who acts.
    ///   - writer: a session of the operator, opened for this; after an error it must be given up.
    ///   - connection: another session of the operator.
    ///   - within: the deadline of each page and each batch.
    ///   - progress: called after each page with what was done so far.
    /// - Returns: what was admitted, and what was not.
    /// - Throws: ``ReverificationError/interrupted(admitted:_:)``.
    package func admit(
        _ plan: ReverificationPlan,
        acting administration: Administration,
        through writer: inout WriterSession,
        _ connection: inout Connection,
        within: Duration,
        progress: (ReverificationTally) -> Void = { _ in }
    ) throws(ReverificationError) -> ReverificationTally {
        var tally = ReverificationTally()
        guard let end = plan.last else { return tally }
        var last: DeliveryID?
        while last.map({ $0 < end }) ?? true {
            var admitted = tally
            do throws(ConfigurationError) {
                var page = try self.pageOrFault(after: last, &connection, within: within)
                guard let next = page.next else { break }
                last = next
                page.requests.removeAll { request in request.id > end }
                page.faults.removeAll { fault in fault.id > end }
                let admissions = self.check(page, &admitted)
                _ = try administration.admit(
                    admissions,
                    of: self.endpoint,
                    through: &writer,
                    &connection,
                    within: within
                )
            } catch {
                throw .interrupted(admitted: tally.validCount, error)
            }
            tally = admitted
            progress(tally)
        }
        return tally
    }

    /// Counts what came of a page and gives the proven requests in the order they were received.
    private func check(_ page: QuarantinePage, _ tally: inout ReverificationTally) -> [QuarantineAdmission] {
        tally.noteUnreadable(page.faults.count)
        var admissions: [QuarantineAdmission] = []
        // The ids are in order to the millisecond, the times to the microsecond.
        for request in page.requests.sorted(by: { ($0.receivedAt, $0.id) < ($1.receivedAt, $1.id) }) {
            let outcome = self.check(request)
            tally.note(outcome)
            if case .valid(let admission) = outcome { admissions.append(admission) }
        }
        return admissions
    }

    private func page(
        after: DeliveryID?,
        _ connection: inout Connection,
        within: Duration
    ) throws(ReverificationError) -> QuarantinePage {
        do throws(ConfigurationError) {
            return try self.pageOrFault(after: after, &connection, within: within)
        } catch .database(let error) {
            throw .database(error)
        } catch {
            throw .interrupted(admitted: 0, error)
        }
    }

    private func pageOrFault(
        after: DeliveryID?,
        _ connection: inout Connection,
        within: Duration
    ) throws(ConfigurationError) -> QuarantinePage {
        do throws(PostgresError) {
            return try self.quarantine.page(
                of: self.endpoint.id,
                after: after,
                count: Self.pageSize,
                &connection,
                within: within
            )
        } catch {
            throw .database(error)
        }
    }
}
