package import PosternModel
internal import PosternPlatforms
package import PosternStore

/// Whether a secret can be given up, told from how much it and its successors are used.
package enum SecretAdvice: Equatable, Sendable {
    /// It is the newest one and proves requests.
    case inUse(matches: Int64)
    /// It is the newest one and proved nothing in 24 hours, but did before.
    case quiet
    /// Nothing was proved by it as far as is remembered.
    case neverMatched
    /// A newer one proves requests, and this one none.
    case safeToRetire
    /// It proves requests still.
    case stillUsed(matches: Int64, last: Timestamp?)
    /// It proves nothing, but no newer one did either: perhaps nothing was sent.
    case waitForNewer
    /// Its time is over: it proves nothing any more.
    case expired
    /// It is of a kind that handshakes use: those are not counted.
    case notCounted

    /// Judges the secrets of an endpoint that are not revoked, newest first; as many answers, in the same order.
    package static func judge(_ uses: [SecretUse], now: Timestamp) -> [SecretAdvice] {
        var newerMatches: Int64?
        return uses.map { use in
            guard use.kind == SecretKind.signing else { return .notCounted }
            if let end = use.expiresAt, end <= now { return .expired }
            defer { newerMatches = (newerMatches ?? 0) + use.matchesIn24Hours }
            guard let newer = newerMatches else {
                if use.matchesIn24Hours > 0 { return .inUse(matches: use.matchesIn24Hours) }
                return use.lastMatchedAt == nil ? .neverMatched : .quiet
            }
            if use.matchesIn24Hours > 0 {
                return .stillUsed(matches: use.matchesIn24Hours, last: use.lastMatchedAt)
            }
            return newer > 0 ? .safeToRetire : .waitForNewer
        }
    }

    /// The stable word for scripts and answers.
    package var code: String {
        switch self {
        case .inUse: "in_use"
        case .quiet: "quiet"
        case .neverMatched: "never_matched"
        case .safeToRetire: "safe_to_retire"
        case .stillUsed: "still_used"
        case .waitForNewer: "wait_for_newer"
        case .expired: "expired"
        case .notCounted: "not_counted"
        }
    }

    /// One line for the operator.
    package var text: String {
        switch self {
        case .inUse(let matches): "in use: \(matches) matches in 24 h"
        case .quiet: "0 matches in 24 h"
        case .neverMatched: "never matched yet"
        case .safeToRetire: "old secret: 0 matches in 24 h, safe to retire"
        case .stillUsed(let matches, let last):
            "still used: \(matches) matches in 24 h, last \(last.map(\.description) ?? "unknown"), do not retire yet"
        case .waitForNewer: "old secret: 0 matches in 24 h, but the newer one has none either: wait for traffic"
        case .expired: "expired"
        case .notCounted: "used by handshakes, which are not counted"
        }
    }
}
