package import PosternStore

/// What another version of a definition changes about the events of one delivery.
///
/// Events are the same when account and key are: that is what the ledger goes by.
package struct RenormalizationDiff: Sendable, Equatable {
    private struct Identity: Hashable {
        let account: String
        let key: String
    }

    /// As they were.
    package private(set) var unchanged: [RenormalizedDelivery.Event] = []
    /// Different ones, with what was.
    package private(set) var changed: [Change] = []
    /// Those that were not there.
    package private(set) var new: [RenormalizedDelivery.Event] = []
    /// Those that are not there any more; they stay stored.
    package private(set) var gone: [EventRecord] = []

    /// An event before and after.
    package struct Change: Sendable, Equatable {
        package let before: EventRecord
        package let after: RenormalizedDelivery.Event
    }

    /// Compares; of several events with one key the first counts, as it does for the ledger.
    package init(_ before: [EventRecord], _ after: [RenormalizedDelivery.Event]) {
        var rest: [Identity: EventRecord] = [:]
        for event in before {
            let identity = Identity(account: event.account ?? "", key: event.key)
            if rest[identity] == nil { rest[identity] = event }
        }
        var seen: Set<Identity> = []
        for event in after {
            let identity = Identity(account: event.account ?? "", key: event.key)
            guard seen.insert(identity).inserted else { continue }
            guard let old = rest.removeValue(forKey: identity) else {
                self.new.append(event)
                continue
            }
            if Self.isSame(old, event) {
                self.unchanged.append(event)
            } else {
                self.changed.append(Change(before: old, after: event))
            }
        }
        self.gone = before.filter { event in
            rest[Identity(account: event.account ?? "", key: event.key)]?.id == event.id
        }
    }

    private static func isSame(_ old: EventRecord, _ event: RenormalizedDelivery.Event) -> Bool {
        old.type == event.type && old.subject == event.subject && old.account == event.account
            && old.time == event.time && old.data == event.data
    }
}
