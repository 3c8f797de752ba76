import PosternCrypto
import PosternModel
import PosternOutbound
import PosternStore
import PosternTesting

extension ConsumerDatabase {
    /// Seals the destinations' secrets.
    static let keyring: SealingKeyring = {
        do { return SealingKeyring(primary: try SealingKey.generate()) } catch { preconditionFailure("\(error)") }
    }()

    /// Makes a destination that follows the log from its end.
    ///
    /// It gets the events of the endpoint's organization. `columns` are further columns and their SQL values; `glob` is
    /// the type it subscribes to, without which it gets everything.
    func destination(
        of endpoint: TestEndpoint,
        at url: String,
        _ columns: [String: String] = [:],
        glob: String? = nil
    ) async throws -> DestinationID {
        let id = DestinationID.fresh(at: .now())
        let secret = SigningSecret.generate().text
        let sealed = try Self.keyring.seal(
            Secret(secret),
            context: DestinationSecret.sealingContext(destination: id, kind: .signing, name: nil)
        )
        var values = [
            "id": "'\(id)'", "org_id": "'\(endpoint.organization)'", "name": "'\(id)'", "kind": "'http'",
            "url": "'\(url)'", "allows_private": "true",
        ]
        values.merge(columns) { $1 }
        let names = values.keys.sorted()
        let subscription =
            glob.map { glob in
                """
                INSERT INTO postern.subscriptions (id, org_id, destination_id, type_glob)
                VALUES (gen_random_uuid(), '\(endpoint.organization)', '\(id)', '\(glob)');
                """
            } ?? ""
        try await self.script(
            """
            INSERT INTO postern.destinations (\(names.joined(separator: ", ")))
            VALUES (\(names.map { values[$0, default: ""] }.joined(separator: ", ")));
            INSERT INTO postern.destination_secrets (id, org_id, destination_id, kind, sealed)
            VALUES (gen_random_uuid(), '\(endpoint.organization)', '\(id)', 'signing', '\\x\(Hexadecimal.encode(sealed))');
            \(subscription)
            INSERT INTO postern.destination_cursors (lane, destination_id, org_id, first_number, number, stored_at)
            SELECT lane, '\(id)', '\(endpoint.organization)', event_number, event_number, now() FROM postern.lanes;
            """
        )
        return id
    }

    /// A counter of a destination, over all lanes.
    func count(_ column: String, of destination: DestinationID) async throws -> Int64 {
        try await self.number(
            "SELECT sum(\(column))::bigint FROM postern.destination_cursors WHERE destination_id = '\(destination)'"
        )
    }

    /// Waits until a counter of a destination has a value.
    func wait(until column: String, of destination: DestinationID, is number: Int64, seconds: Int = 120) async throws {
        try await self.wait(
            until:
                "SELECT sum(\(column))::bigint FROM postern.destination_cursors WHERE destination_id = '\(destination)'",
            is: number,
            seconds: seconds
        )
    }
}
