package import PosternModel
package import PosternPlatforms

/// An endpoint as its platform sees it: what is needed to sign requests to it, and to make wrong signatures.
package struct SigningEndpoint: Sendable {
    /// The platform.
    package let platform: Platform
    private let parameters: [String: String]
    private let origin: String
    private let verifier: Verifier
    private let signer: Signer
    /// Signs with a secret that is not the endpoint's; `nil` where no secret is part of the proof.
    private let forger: Signer?

    /// Makes the keys ready.
    ///
    /// - Parameters:
    ///   - name: the platform's name.
    ///   - scheme: the name of one of its schemes; the default when `nil`.
    ///   - secret: the endpoint's signing secret.
    ///   - parameters: the endpoint's settings.
    ///   - origin: scheme, host and port of the public URL, which some platforms sign.
    /// - Throws: ``LoadFailure/badOption(_:)``.
    package init(
        platform name: String,
        scheme: String? = nil,
        secret: Secret?,
        parameters: [String: String] = [:],
        origin: String
    ) throws(LoadFailure) {
        let catalog: PlatformCatalog
        do throws(DefinitionError) { catalog = try .load() } catch { throw .badOption("a definition: \(error)") }
        guard let platform = PlatformName(name).flatMap({ catalog.platform(named: $0) }) else {
            let known = catalog.all.map(\.name.text).joined(separator: ", ")
            throw .badOption("--platform \(name): there are none, \(known)")
        }
        let found = scheme.map { text in SchemeName(text).flatMap { platform.scheme(named: $0) } }
        guard let chosen = found ?? platform.defaultScheme else {
            let known = platform.schemes.map(\.name.text).joined(separator: ", ")
            throw .badOption("--scheme: \(name) has \(known)")
        }
        if chosen.needsSecret, secret == nil {
            throw .badOption("\(name) signs with a secret: put it into the variable that --secret-env names")
        }
        self.platform = platform
        self.parameters = parameters
        self.origin = origin
        self.verifier = try Self.verifier(chosen, platform, secret, parameters)
        self.signer = Signer(self.verifier)
        self.forger =
            chosen.needsSecret
            ? Signer(try Self.verifier(chosen, platform, Secret(chosen.makeSecret()), parameters)) : nil
    }

    /// Whether there is a secret that a forger would not know.
    package var canForge: Bool { self.forger != nil }

    /// Signs a draft with the key of a number.
    package func sign(
        _ draft: RequestDraft,
        _ number: UInt64,
        target: String,
        forged: Bool = false,
        now: Timestamp
    ) throws(SigningError) -> SignedRequest {
        let (headers, body) = draft.filled(number)
        let request = SignedRequest(
            method: "POST",
            origin: self.origin,
            target: target,
            headers: headers,
            body: body
        )
        let key = String(decoding: draft.key.text(number), as: UTF8.self)
        let signer = forged ? self.forger ?? self.signer : self.signer
        return try signer.sign(request, now: now, deliveryID: key)
    }

    /// Whether the endpoint would accept a request that arrives at `now`.
    package func accepts(_ request: SignedRequest, now: Timestamp) -> Bool {
        let verdict = self.verifier.verify(self.facts(request.headers, request.target), body: request.body, now: now)
        if case .accepted = verdict { return true }
        return false
    }

    /// The events a delivery becomes; `nil` when its body cannot be read.
    func events(headers: [HeaderLine], target: String, body: [UInt8]) -> [NormalizedEvent]? {
        let facts = self.facts(headers, target)
        let source = DeliveryFacts(
            headers: headers.map { (name: $0.name, value: $0.value) },
            parameters: self.parameters,
            query: String(facts.queryText),
            method: "POST",
            url: self.origin + target,
            deliveryID: self.platform.deliveryID(for: facts, body: body)
        )
        let contentType = headers.first { $0.name.lowercased() == "content-type" }?.value
        // A draft that cannot be read is passed over by the caller; why does not matter.
        return try? self.platform.events.events(body: body, contentType: contentType, source: source).events
    }

    private func facts(_ headers: [HeaderLine], _ target: String) -> RequestFacts {
        RequestFacts(
            platform: self.platform,
            method: "POST",
            origin: self.origin,
            target: target,
            headers: headers.map { (name: $0.name, value: $0.value) }
        )
    }

    private static func verifier(
        _ scheme: SignatureScheme,
        _ platform: Platform,
        _ secret: Secret?,
        _ parameters: [String: String]
    ) throws(LoadFailure) -> Verifier {
        let id = SecretID(UniqueID(high: 0, low: 1))
        do throws(VerifierError) {
            return try Verifier(
                scheme: scheme,
                platform: platform,
                secrets: secret.map { [(id: id, kind: SecretKind.signing, secret: $0)] } ?? [],
                parameters: parameters
            )
        } catch {
            throw .badOption("\(platform.name): \(error); settings are given by --parameter NAME=VALUE")
        }
    }
}
