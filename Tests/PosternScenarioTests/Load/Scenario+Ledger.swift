import Testing

extension Scenario {
    /// Compares what senders were told with what is stored, waits until consumers have read all of it, and compares that.
    ///
    /// - Throws: ``ScenarioFailure`` when the consumers do not come to an end.
    func settle(_ ledger: Ledger, within limit: Duration = .seconds(30)) async throws {
        try await self.expectStored(ledger)
        try await eventually("every delivery is read", within: limit, every: .milliseconds(100)) {
            try await self.tables.unread() == 0
        }
        let events = Set(try await self.tables.eventKeys())
        #expect(ledger.keys.subtracting(events).isEmpty, "acknowledged, and no event")
        #expect(events.subtracting(ledger.attempted).isEmpty, "events that nobody sent")
        #expect(try await self.tables.doubledEvents().isEmpty)
        #expect(try await self.tables.deadLetters().isEmpty)
    }

    /// Compares what senders were told with the table.
    func expectStored(_ ledger: Ledger) async throws {
        let stored = try await self.tables.deliveryIDs()
        let lost = Set(ledger.acknowledged.keys).subtracting(stored)
        #expect(lost.isEmpty, "\(lost.count) acknowledged deliveries are not stored")
        #expect(!ledger.acknowledged.isEmpty)
    }
}
