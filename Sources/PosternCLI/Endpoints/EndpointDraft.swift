internal import PosternCrypto
internal import PosternModel
internal import PosternPlatforms

/// An endpoint's scheme, secrets and settings, checked against the platform's definition before anything is stored.
struct EndpointDraft: Sendable {
    /// The name of the scheme.
    let scheme: String
    /// Settings by name.
    let parameters: [String: String]
    /// Secrets by kind.
    let secrets: [(kind: String, secret: Secret)]
    /// Secrets made here, to be shown once.
    let generated: [(kind: String, text: String)]
    /// What the operator should know.
    let warnings: [String]

    /// Checks what was said and makes the secrets that are missing.
    ///
    /// - Throws: ``CommandFailure`` naming what is wrong.
    init(
        platform: Platform,
        scheme schemeText: String?,
        secret: String?,
        secrets others: [(name: String, value: String)],
        parameters: [(name: String, value: String)]
    ) throws {
        let scheme = try Self.scheme(of: platform, named: schemeText)
        let known = Set(platform.secretKinds.map(\.name)).union([SecretKind.signing])
        for (kind, _) in others where !known.contains(kind) {
            throw CommandFailure(
                code: "unknown_secret_kind",
                message:
                    "\(platform.name) has no secret of the kind '\(kind)', only \(known.sorted().joined(separator: ", "))"
            )
        }
        let names = Set(platform.parameters.map(\.name))
        for (name, _) in parameters where !names.contains(name) {
            throw CommandFailure(
                code: "unknown_parameter",
                message:
                    "\(platform.name) has no setting '\(name)'\(names.isEmpty ? "" : ", only \(names.sorted().joined(separator: ", "))")"
            )
        }
        var chosen = others.map { pair in (kind: pair.name, secret: Secret(pair.value)) }
        var generated: [(kind: String, text: String)] = []
        if let secret { chosen.append((SecretKind.signing, Secret(secret))) }
        if scheme.needsSecret, !chosen.contains(where: { $0.kind == SecretKind.signing }) {
            let text = scheme.makeSecret()
            chosen.append((SecretKind.signing, Secret(text)))
            generated.append((SecretKind.signing, text))
        }
        for kind in platform.secretKinds where kind.isGenerated && !chosen.contains(where: { $0.kind == kind.name }) {
            let text = Hexadecimal.encode(RandomBytes.make(16))
            chosen.append((kind.name, Secret(text)))
            generated.append((kind.name, text))
        }
        let values = Dictionary(parameters.map { pair in (pair.name, pair.value) }) { _, last in last }
        // The verifier is the judge of secrets and settings; what it refuses must not be stored.
        do {
            _ = try Verifier(
                scheme: scheme,
                platform: platform,
                secrets: chosen.map { pair in (id: SecretID.fresh(at: .now()), kind: pair.kind, secret: pair.secret) },
                parameters: values
            )
        } catch {
            throw CommandFailure(code: "unusable_endpoint", message: "\(error)")
        }
        self.scheme = scheme.name.text
        self.parameters = values
        self.secrets = chosen
        self.generated = generated
        self.warnings =
            scheme.bindsBody
            ? []
            : ["\(platform.name) proves who sends, not what: the body is not part of the proof, so keep the URL secret"]
    }

    /// Finds a scheme by name, or the platform's default.
    ///
    /// - Throws: ``CommandFailure``.
    static func scheme(of platform: Platform, named text: String?) throws -> SignatureScheme {
        let names = platform.schemes.map(\.name.text).joined(separator: ", ")
        if let text {
            guard let name = SchemeName(text), let scheme = platform.scheme(named: name) else {
                throw CommandFailure(
                    code: "unknown_scheme",
                    message: "\(platform.name) has no scheme '\(text)', only \(names)"
                )
            }
            return scheme
        }
        guard let scheme = platform.defaultScheme else {
            throw CommandFailure(
                code: "scheme_required",
                message: "\(platform.name) has no scheme that is used unasked; choose one with --scheme: \(names)"
            )
        }
        return scheme
    }
}
