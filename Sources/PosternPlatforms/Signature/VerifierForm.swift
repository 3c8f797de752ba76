internal import PosternCrypto
internal import PosternModel

/// One form of a scheme with an endpoint's keys for it.
///
/// A class, like its plan: one reference on the way of every request.
final class VerifierForm: Sendable {
    /// One active secret, ready for use.
    struct Key: Sendable {
        let id: SecretID
        /// The decoded bytes, for tokens and for hashes without a key.
        let secret: Secret
        /// One for each hash function of the plan.
        let hmacKeys: [HMACKey]
    }

    let plan: SignaturePlan
    /// The active secrets, as given: the newest first.
    let keys: [Key]
    let tolerance: Tolerance
    /// The plan of the signed message, where there is one.
    let message: MessagePlan?
    /// The form is used when all of these hold.
    let conditions: [Condition]
    /// Whether the conditions cannot be decided before the body is complete.
    let choiceNeedsBody: Bool
    /// Whether the message is hashed as it arrives.
    let streams: Bool
    /// Whether the decision looks into the body other than by hashing it as it arrives.
    let needsWholeBody: Bool
    /// The keys of all secrets but the first, for each hash function of the plan.
    private let furtherKeys: [[HMACKey]]

    /// Makes the keys of one form ready.
    init(
        _ plan: SignaturePlan,
        secrets: [(id: SecretID, secret: Secret)],
        tolerance: ToleranceOverride
    ) throws(VerifierError) {
        self.plan = plan
        self.message = plan.message
        self.conditions = plan.conditions
        self.choiceNeedsBody = plan.conditions.contains(where: \.needsBody)
        if case .hmac(let message, _) = plan.method {
            self.streams = message.streams
        } else {
            self.streams = false
        }
        self.needsWholeBody = plan.readsBody || !plan.streams
        self.tolerance = Tolerance(plan.message?.time, tolerance)
        var keys: [Key] = []
        for (id, secret) in secrets { keys.append(try Self.key(plan, id, secret)) }
        self.keys = keys
        self.furtherKeys = (0..<(keys.first?.hmacKeys.count ?? 0)).map { algorithm in
            keys.dropFirst().map { $0.hmacKeys[algorithm] }
        }
    }

    private static func key(_ plan: SignaturePlan, _ id: SecretID, _ secret: Secret) throws(VerifierError) -> Key {
        switch plan.method {
        case .hmac(let message, let encoding):
            guard let decoded = encoding.decode(secret) else {
                throw .malformedSecret(id, encoding: encoding.notation.rawValue)
            }
            guard !decoded.bytes.isEmpty else { throw .emptySecret(id) }
            var hmacKeys: [HMACKey] = []
            do throws(CryptoError) {
                for algorithm in message.digests.all { hmacKeys.append(try HMACKey(algorithm, key: decoded)) }
            } catch {
                throw .crypto(error)
            }
            return Key(id: id, secret: decoded, hmacKeys: hmacKeys)
        case .digest, .token, .urlToken:
            guard !secret.bytes.isEmpty else { throw .emptySecret(id) }
            return Key(id: id, secret: secret, hmacKeys: [])
        case .none, .unsupported:
            return Key(id: id, secret: secret, hmacKeys: [])
        }
    }

    /// Starts a keyed hash under every active secret; `nil` when there is none.
    func fan(_ algorithm: Int) -> HMACFan? {
        guard let first = self.keys.first else { return nil }
        return HMACFan(first.hmacKeys[algorithm], self.furtherKeys[algorithm])
    }

    /// The secret that a text is equal to; compares with each, whatever comes of it.
    func key(matching text: String) -> Key? {
        var found: Key?
        for key in self.keys where ConstantTime.equal(text.utf8.span, key.secret.bytes.span) { found = found ?? key }
        return found
    }

    /// Ends a keyed hash and finds the secret whose code is among the candidates; tries each, whatever comes of it.
    func key(of fan: consuming HMACFan, among candidates: SignatureCandidates) -> Key? {
        var found: Int?
        fan.finish { position, code in
            if candidates.contains(code) { found = found ?? position }
        }
        return found.map { self.keys[$0] }
    }

    /// Reads a signed time.
    ///
    /// - Throws: ``VerificationFailure/malformedSignature`` when the request cannot be what the platform documents: the
    ///   time is needed and absent, or limits hold and it cannot be read.
    func time(_ text: Substring?) throws(VerificationFailure) -> Timestamp? {
        guard let plan = self.message, let unit = plan.time?.unit else { return nil }
        guard let text else {
            if plan.signsTime || !self.tolerance.isUnlimited { throw .malformedSignature }
            return nil
        }
        let time = unit.read(text)
        if time == nil, !self.tolerance.isUnlimited { throw .malformedSignature }
        return time
    }
}
