internal import PosternCrypto
internal import PosternModel

/// Sends samples through a platform's plans, the way of a gateway and a consumer, and compares what comes of them.
package struct SampleCheck {
    /// What stands in for Postern's own id of a delivery, for rules with `unique: true`.
    package static let storedID = "postern"

    private let platform: Platform
    private let sample: Sample
    private var lines: [String] = []

    private init(_ sample: Sample, _ platform: Platform) {
        self.sample = sample
        self.platform = platform
    }

    /// Compares one sample with its expectation.
    ///
    /// - Returns: one line for each difference; none when all is as expected.
    package static func differences(of sample: Sample, at platform: Platform) -> [String] {
        var check = SampleCheck(sample, platform)
        check.run()
        return check.lines
    }

    private var expectation: SampleExpectation { self.sample.expectation }
    private var body: [UInt8] { self.sample.request.body }

    private mutating func run() {
        let request = self.sample.request
        guard self.expectation.url.hasSuffix(request.target) else {
            self.lines.append("the url does not end in the request's \(request.target)")
            return
        }
        let facts = RequestFacts(
            platform: self.platform,
            method: request.method,
            origin: String(self.expectation.url.dropLast(request.target.count)),
            target: request.target,
            headers: request.headers
        )
        if let outcome = self.handshake(facts, verified: false) {
            self.compare(outcome)
            if let verdict = self.expectation.verdict {
                self.lines.append("it is an unsigned handshake and has no verdict, not \(verdict)")
            }
            return
        }
        guard let (verdict, stored) = self.verdict(facts) else { return }
        if verdict != self.expectation.verdict {
            let expected = self.expectation.verdict?.description ?? "an unsigned handshake"
            self.lines.append("the verdict is \(verdict), not \(expected)")
        }
        guard verdict == .accepted else { return }
        if let outcome = self.handshake(facts, verified: true) {
            self.compare(outcome)
            guard case .answer(_, delivers: true) = outcome else { return }
        } else if self.expectation.answer != nil {
            self.lines.append("it is no handshake")
        }
        self.compareEvents(facts, body: stored)
    }

    /// The endpoint's active secrets, in the order of the expectation.
    private var secrets: [(id: SecretID, kind: String, secret: Secret)] {
        var secrets: [(id: SecretID, kind: String, secret: Secret)] = []
        for (kind, texts) in self.expectation.secrets {
            for text in texts {
                let id = SecretID(UniqueID(high: 0, low: UInt64(secrets.count + 1)))
                secrets.append((id, kind, Secret(text)))
            }
        }
        return secrets
    }

    /// The verdict, and the body as it would be stored: with tokens masked.
    private mutating func verdict(_ facts: RequestFacts) -> (SampleExpectation.Verdict, stored: [UInt8])? {
        let scheme: SignatureScheme?
        if let name = self.expectation.scheme {
            scheme = SchemeName(name).flatMap { self.platform.scheme(named: $0) }
        } else {
            scheme = self.platform.defaultScheme
        }
        guard let scheme else {
            self.lines.append("there is no scheme \"\(self.expectation.scheme ?? "default")\"")
            return nil
        }
        do throws(VerifierError) {
            let verifier = try Verifier(
                scheme: scheme,
                platform: self.platform,
                secrets: self.secrets,
                parameters: self.expectation.parameters
            )
            let now = self.expectation.now ?? Timestamp(seconds: 0)
            switch verifier.verify(facts, body: self.body, now: now) {
            case .accepted(_, _, let redactions):
                var stored = self.body
                for position in redactions.joined() { stored[position] = UInt8(ascii: "*") }
                return (.accepted, stored)
            case .refused(let failure): return (.refused(failure), self.body)
            }
        } catch {
            self.lines.append("the endpoint cannot verify anything: \(error)")
            return nil
        }
    }

    private mutating func handshake(_ facts: RequestFacts, verified: Bool) -> HandshakeOutcome? {
        guard self.platform.handshakes.mayApply(method: facts.verb, verified: verified) else { return nil }
        do throws(CryptoError) {
            let secrets = try HandshakeSecrets(secrets: self.secrets, parameters: self.expectation.parameters)
            return self.platform.handshake(for: facts, body: self.body, verified: verified, secrets: secrets)
        } catch {
            self.lines.append("the signing secret cannot be used for a handshake: \(error)")
            return nil
        }
    }

    private mutating func compare(_ outcome: HandshakeOutcome) {
        let found: PlatformAnswer
        switch outcome {
        case .answer(let answer, _): found = answer
        case .refuse(let status): found = PlatformAnswer(status: status)
        }
        guard let expected = self.expectation.answer else {
            self.lines.append("it is a handshake, answered with \(found.status)")
            return
        }
        self.lines += expected.differences(from: found)
    }

    private mutating func compareEvents(_ facts: RequestFacts, body: [UInt8]) {
        guard self.expectation.events != nil || self.expectation.unreadable != nil else { return }
        let request = self.sample.request
        let source = DeliveryFacts(
            headers: request.headers,
            parameters: self.expectation.parameters,
            query: String(facts.queryText),
            method: request.method,
            url: self.expectation.url,
            deliveryID: self.platform.deliveryID(for: facts, body: self.body)
        )
        let found: Normalized
        do throws(NormalizationError) {
            found = try self.platform.events.events(
                body: body,
                contentType: request.header("Content-Type"),
                source: source,
                storedID: Self.storedID
            )
        } catch {
            if error.code != self.expectation.unreadable { self.lines.append("the body cannot be read: \(error.code)") }
            return
        }
        if let unreadable = self.expectation.unreadable { self.lines.append("the body can be read, not \(unreadable)") }
        guard let expected = self.expectation.events else { return }
        if expected.count != found.events.count {
            let types = found.events.map(\.type).joined(separator: ", ")
            self.lines.append("\(found.events.count) events come of it (\(types)), not \(expected.count)")
        }
        for (expected, event) in zip(expected, found.events) {
            self.lines += expected.differences(from: event).map { "event \(event.index): \($0)" }
        }
    }
}
