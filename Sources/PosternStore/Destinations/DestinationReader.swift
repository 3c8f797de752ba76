package import PosternCrypto
package import PosternModel
package import PosternPostgres

/// Reads destinations with their subscriptions, and with their secrets where those are asked for.
///
/// Blocking: connection threads only.
package enum DestinationReader {
    /// Reads every destination that is not deleted, for those who deliver: three statements for any number.
    ///
    /// Secrets are those active now; one with an expiry stops being so while the contents are held
    /// (``DestinationSecret/isActive(at:)``).
    ///
    /// - Throws: any ``PostgresError``; what is wrong with one destination is a fault among the contents.
    package static func all<Session: QuerySession & ~Copyable>(
        opening keyring: SealingKeyring,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> DestinationContents {
        let rows = try session.query(DestinationStatements.all, ParameterBuffer(), within: within)
        var assembly = DestinationAssembly()
        for row in 0..<rows.count { assembly.add(try DestinationRecord.read(rows, row)) }
        // Read by later statements: what was made in between belongs to destinations that are not there yet, and
        // comes with the next reading.
        try Self.addSubscriptions(of: nil, to: &assembly, &session, within: within)
        try Self.addSecrets(of: nil, opening: keyring, to: &assembly, &session, within: within)
        return assembly.contents
    }

    /// Reads the destinations of one organization, or all the session sees, by organization and name.
    ///
    /// - Throws: any ``PostgresError``; a row this program cannot work with is left out.
    package static func list<Session: QuerySession & ~Copyable>(
        of organization: OrganizationID? = nil,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> [DestinationListing] {
        var parameters = ParameterBuffer()
        parameters.append(organization)
        let rows = try session.query(DestinationStatements.list, parameters, within: within)
        return try Self.listings(rows, &session, within: within)
    }

    /// Finds destinations by their id as text or by their name; two at most, because a third tells nothing more.
    ///
    /// The one with the id comes first. Names are unique within one organization.
    ///
    /// - Throws: any ``PostgresError``.
    package static func named<Session: QuerySession & ~Copyable>(
        _ reference: String,
        of organization: OrganizationID? = nil,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> [DestinationListing] {
        // PostgreSQL has no text with NUL, so nothing has such a name.
        if reference.utf8.contains(0) { return [] }
        var parameters = ParameterBuffer()
        parameters.append(reference)
        parameters.append(organization)
        let rows = try session.query(DestinationStatements.named, parameters, within: within)
        return try Self.listings(rows, &session, within: within)
    }

    /// Reads one destination with its secrets opened, or what is wrong with it; `nil` when there is none.
    ///
    /// For a session that may see secrets.
    ///
    /// - Throws: any ``PostgresError``.
    package static func opened<Session: QuerySession & ~Copyable>(
        _ destination: DestinationID,
        opening keyring: SealingKeyring,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> DestinationContents? {
        var parameters = ParameterBuffer()
        parameters.append(destination.description)
        parameters.append(OrganizationID?.none)
        let rows = try session.query(DestinationStatements.named, parameters, within: within)
        guard rows.count > 0, try rows.id(0, 0, as: DestinationID.self) == destination else { return nil }
        var assembly = DestinationAssembly()
        assembly.add(try DestinationRecord.read(rows, 0))
        try Self.addSubscriptions(of: [destination], to: &assembly, &session, within: within)
        try Self.addSecrets(of: destination, opening: keyring, to: &assembly, &session, within: within)
        return assembly.contents
    }

    /// Tells which of these destinations were deleted.
    ///
    /// - Throws: any ``PostgresError``.
    package static func deleted<Session: QuerySession & ~Copyable>(
        among destinations: [DestinationID],
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> [DestinationID] {
        if destinations.isEmpty { return [] }
        var parameters = ParameterBuffer()
        parameters.append(destinations)
        let rows = try session.query(DestinationStatements.deleted, parameters, within: within)
        var deleted: [DestinationID] = []
        for row in 0..<rows.count { deleted.append(try rows.id(row, 0)) }
        return deleted
    }

    /// Reads a destination's secrets, newest first, without their bytes.
    ///
    /// - Throws: any ``PostgresError``.
    package static func secrets<Session: QuerySession & ~Copyable>(
        of destination: DestinationID,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> [DestinationSecretListing] {
        var parameters = ParameterBuffer()
        parameters.append(destination)
        let rows = try session.query(DestinationStatements.secretList, parameters, within: within)
        var listings: [DestinationSecretListing] = []
        for row in 0..<rows.count {
            // The database checks the word.
            guard let kind = DestinationSecret.Kind(rawValue: try rows.text(row, 1)) else { continue }
            listings.append(
                DestinationSecretListing(
                    id: try rows.id(row, 0),
                    kind: kind,
                    name: try rows.textOrNil(row, 2),
                    state: SecretListing.State(rawValue: try rows.text(row, 3)) ?? .revoked,
                    createdAt: try rows.timestamp(row, 4),
                    expiresAt: try rows.timestampOrNil(row, 5),
                    revokedAt: try rows.timestampOrNil(row, 6)
                )
            )
        }
        return listings
    }

    private static func listings<Session: QuerySession & ~Copyable>(
        _ rows: Rows,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) -> [DestinationListing] {
        var assembly = DestinationAssembly()
        var extras: [DestinationID: (signing: Int64, headers: [String])] = [:]
        for row in 0..<rows.count {
            assembly.add(try DestinationRecord.read(rows, row))
            extras[try rows.id(row, 0)] = (
                try rows.int64(row, DestinationRecord.columnCount),
                try rows.texts(row, DestinationRecord.columnCount + 1)
            )
        }
        if rows.count > 0 {
            try Self.addSubscriptions(of: Array(extras.keys), to: &assembly, &session, within: within)
        }
        // What has a fault is shown all the same: people have to see what is to be put right.
        return assembly.records.map { record in
            DestinationListing(
                destination: record,
                activeSigningSecrets: extras[record.id]?.signing ?? 0,
                headerNames: extras[record.id]?.headers ?? []
            )
        }
    }

    private static func addSubscriptions<Session: QuerySession & ~Copyable>(
        of destinations: [DestinationID]?,
        to assembly: inout DestinationAssembly,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) {
        var parameters = ParameterBuffer()
        if let destinations { parameters.append(destinations) } else { parameters.appendNull() }
        let rows = try session.query(DestinationStatements.subscriptions, parameters, within: within)
        for row in 0..<rows.count {
            assembly.addSubscription(
                try rows.id(row, 0),
                to: try rows.id(row, 1),
                typeGlob: try rows.text(row, 2),
                filters: try rows.bytes(row, 3)
            )
        }
    }

    private static func addSecrets<Session: QuerySession & ~Copyable>(
        of destination: DestinationID?,
        opening keyring: SealingKeyring,
        to assembly: inout DestinationAssembly,
        _ session: inout Session,
        within: Duration
    ) throws(PostgresError) {
        var parameters = ParameterBuffer()
        parameters.append(destination)
        let rows = try session.query(DestinationStatements.secrets, parameters, within: within)
        for row in 0..<rows.count {
            guard let kind = DestinationSecret.Kind(rawValue: try rows.text(row, 2)) else { continue }
            assembly.addSecret(
                DestinationAssembly.Sealed(
                    id: try rows.id(row, 0),
                    kind: kind,
                    name: try rows.textOrNil(row, 3),
                    bytes: try rows.bytes(row, 4),
                    createdAt: try rows.timestamp(row, 5),
                    expiresAt: try rows.timestampOrNil(row, 6)
                ),
                to: try rows.id(row, 1),
                opening: keyring
            )
        }
    }
}
