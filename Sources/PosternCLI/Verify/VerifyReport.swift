internal import PosternJSON
internal import PosternModel
internal import PosternOperations
internal import PosternStore

/// What `postern verify` says.
struct VerifyReport {
    private let book: AccountingBook
    private let names: [OrganizationID: String]

    /// Reports on what was found; `names` are the organizations'.
    init(_ book: AccountingBook, names: [OrganizationID: String]) {
        self.book = book
        self.names = names
    }

    /// Prints tables for a person.
    func printText() {
        print("as of \(self.book.snapshotAt)\(self.book.since.map { ", deliveries since \($0)" } ?? "")")
        print("")
        print("deliveries into events: accepted = settled + in flight + retrying + dead-lettered + discarded")
        self.printOrganizations()
        self.printDestinations()
        if !self.book.unprovable.isEmpty {
            print("")
            for (reason, count) in self.book.unprovable.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                print("\(count) unprovable: \(Self.explanation(reason)) [\(reason.rawValue)]")
            }
        }
        self.printFaults()
    }

    private func printOrganizations() {
        var table = TextTable(
            "ORGANIZATION",
            "ACCEPTED",
            "SETTLED",
            "IN FLIGHT",
            "RETRYING",
            "DEAD-LETTERED",
            "DISCARDED",
            "UNPROVABLE",
            "LOST"
        )
        for balance in self.book.organizations {
            table.add(
                self.name(balance.organization),
                "\(balance.accepted)",
                "\(balance.settled)",
                "\(balance.inFlight)",
                "\(balance.retrying)",
                "\(balance.deadLettered)",
                "\(balance.discarded)",
                "\(balance.unprovable)",
                "\(balance.lost)"
            )
        }
        print(table.text)
    }

    private func printDestinations() {
        let destinations = self.book.destinations
        guard !destinations.isEmpty else { return }
        var table = TextTable(
            "DESTINATION",
            "ORGANIZATION",
            "EVENTS",
            "DELIVERED",
            "IN FLIGHT",
            "RETRYING",
            "DEAD-LETTERED",
            "DISCARDED",
            "NOT SUBSCRIBED",
            "LOST"
        )
        for balance in destinations {
            table.add(
                PrintableText.escape(balance.name) + (balance.isDeleted ? " (deleted)" : ""),
                self.name(balance.organization),
                "\(balance.events)",
                "\(balance.delivered)",
                "\(balance.inFlight)",
                "\(balance.retrying)",
                "\(balance.deadLettered)",
                "\(balance.discarded)",
                "\(balance.unsubscribed)",
                "\(balance.lost)"
            )
        }
        print("")
        print(
            "events to destinations: events = delivered + in flight + retrying + dead-lettered + discarded "
                + "+ not subscribed"
        )
        print(table.text)
    }

    private func printFaults() {
        print("")
        guard !self.book.isBalanced else {
            print("everything adds up")
            return
        }
        var table = TextTable("RULE", "ORGANIZATION", "ROW", "WHAT IS WRONG")
        for fault in self.book.faults {
            table.add(
                fault.rule.rawValue,
                fault.organization.map { self.name($0) } ?? "-",
                fault.subject,
                PrintableText.escape(fault.detail)
            )
        }
        print(table.text)
        let count = self.book.faultCounts.values.reduce(0, +)
        if count > self.book.faults.count {
            print("and \(count - self.book.faults.count) more: ask for them with --limit")
        }
    }

    /// Prints one object for a script.
    func printJSON() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("balanced", boolean: self.book.isBalanced)
        writer.member("snapshot_at", string: self.book.snapshotAt.description)
        writer.member("since", string: self.book.since?.description)
        writer.name("organizations")
        writer.beginArray()
        for balance in self.book.organizations { self.write(balance, to: &writer) }
        writer.endArray()
        writer.name("destinations")
        writer.beginArray()
        for balance in self.book.destinations { self.write(balance, to: &writer) }
        writer.endArray()
        writer.name("unprovable")
        writer.beginObject()
        for (reason, count) in self.book.unprovable.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            writer.member(reason.rawValue, integer: count)
        }
        writer.endObject()
        writer.name("broken")
        writer.beginObject()
        for (rule, count) in self.book.faultCounts.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            writer.member(rule.rawValue, integer: count)
        }
        writer.endObject()
        writer.name("faults")
        writer.beginArray()
        for fault in self.book.faults {
            writer.beginObject()
            writer.member("rule", string: fault.rule.rawValue)
            writer.member("organization", string: fault.organization?.description)
            writer.member("lane", integer: fault.lane.map { Int64($0.number) })
            writer.member("row", string: fault.subject)
            writer.member("detail", string: fault.detail)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        print(writer.text)
    }

    private func write(_ balance: OrganizationBalance, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("organization", string: balance.organization.description)
        writer.member("name", string: self.names[balance.organization])
        writer.member("accepted", integer: balance.accepted)
        writer.member("settled", integer: balance.settled)
        writer.member("in_flight", integer: balance.inFlight)
        writer.member("retrying", integer: balance.retrying)
        writer.member("dead_lettered", integer: balance.deadLettered)
        writer.member("discarded", integer: balance.discarded)
        writer.member("unprovable", integer: balance.unprovable)
        writer.member("lost", integer: balance.lost)
        writer.endObject()
    }

    private func write(_ balance: DestinationBalance, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("destination", string: balance.destination.description)
        writer.member("name", string: balance.name)
        writer.member("organization", string: balance.organization.description)
        writer.member("deleted", boolean: balance.isDeleted)
        writer.member("events", integer: balance.events)
        writer.member("delivered", integer: balance.delivered)
        writer.member("delivered_by_replay", integer: balance.resolved)
        writer.member("in_flight", integer: balance.inFlight)
        writer.member("retrying", integer: balance.retrying)
        writer.member("dead_lettered", integer: balance.deadLettered)
        writer.member("discarded", integer: balance.discarded)
        writer.member("not_subscribed", integer: balance.unsubscribed)
        writer.member("lost", integer: balance.lost)
        writer.endObject()
    }

    private func name(_ organization: OrganizationID) -> String {
        PrintableText.escape(self.names[organization] ?? organization.description)
    }

    private static func explanation(_ reason: UnprovableReason) -> String {
        switch reason {
        case .definitionUnknown: "this program has no definition of the platform; give it the folder with --platforms"
        case .definitionChanged: "the platform's definition has changed since, and may find other keys"
        case .eventsDropped: "the days of events that could tell were dropped by retention"
        }
    }
}
