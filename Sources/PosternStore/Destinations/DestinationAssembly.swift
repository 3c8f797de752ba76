internal import PosternCrypto
internal import PosternModel

/// Destinations while they are put together from the rows of several tables.
struct DestinationAssembly {
    /// One row of `destination_secrets`.
    struct Sealed {
        let id: SecretID
        let kind: DestinationSecret.Kind
        let name: String?
        let bytes: [UInt8]
        let createdAt: Timestamp
        let expiresAt: Timestamp?
    }

    /// The destinations so far, in the order they were added.
    private(set) var records: [DestinationRecord] = []
    private var faults: [DestinationFault] = []
    private var indexes: [DestinationID: Int] = [:]

    /// Those that can be worked with, and what is wrong with the others.
    var contents: DestinationContents {
        var unusable: Set<DestinationID> = []
        for fault in self.faults {
            switch fault.reason {
            case .malformed, .malformedFilters, .secretNotOpened(_, kind: .header, _):
                unusable.insert(fault.destination)
            case .secretNotOpened(_, kind: .signing, _):
                guard let index = self.indexes[fault.destination] else { continue }
                if self.records[index].signing.isEmpty { unusable.insert(fault.destination) }
            }
        }
        var contents = DestinationContents()
        contents.destinations = self.records.filter { record in !unusable.contains(record.id) }
        contents.faults = self.faults
        return contents
    }

    /// Adds a destination that was read, or what is wrong with it.
    mutating func add(_ result: Result<DestinationRecord, DestinationFault>) {
        switch result {
        case .success(let record):
            self.indexes[record.id] = self.records.count
            self.records.append(record)
        case .failure(let fault): self.faults.append(fault)
        }
    }

    /// Adds a subscription to its destination; one of a destination that is not here is none of ours.
    mutating func addSubscription(
        _ id: SubscriptionID,
        to destination: DestinationID,
        typeGlob: String,
        filters: [UInt8]
    ) {
        guard let index = self.indexes[destination] else { return }
        do throws(SubscriptionFilterError) {
            let filters = try SubscriptionFilter.list(reading: filters)
            self.records[index].subscriptions.append(
                SubscriptionRecord(id: id, typeGlob: typeGlob, filters: filters)
            )
        } catch {
            self.addFault(.malformedFilters(id, error), of: self.records[index])
        }
    }

    /// Opens a secret and adds it to its destination; one of a destination that is not here is none of ours.
    mutating func addSecret(_ row: Sealed, to destination: DestinationID, opening keyring: SealingKeyring) {
        guard let index = self.indexes[destination] else { return }
        let context = DestinationSecret.sealingContext(destination: destination, kind: row.kind, name: row.name)
        do throws(CryptoError) {
            let secret = DestinationSecret(
                id: row.id,
                name: row.name,
                secret: try keyring.open(row.bytes, context: context),
                createdAt: row.createdAt,
                expiresAt: row.expiresAt
            )
            switch row.kind {
            case .signing: self.records[index].signing.append(secret)
            case .header: self.records[index].headers.append(secret)
            }
        } catch {
            self.addFault(.secretNotOpened(row.id, kind: row.kind, "\(error)"), of: self.records[index])
        }
    }

    private mutating func addFault(_ reason: DestinationFault.Reason, of record: DestinationRecord) {
        self.faults.append(
            DestinationFault(
                destination: record.id,
                name: record.name,
                organization: record.organization,
                reason: reason
            )
        )
    }
}
