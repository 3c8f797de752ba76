internal import PosternModel
internal import PosternPostgres
internal import PosternStore

extension Accounting {
    /// Counts the deliveries day by day, finds what became of each, and looks at how writers numbered them.
    func checkDeliveries(
        _ days: [AccountedDay],
        _ period: AccountingPeriod,
        _ book: inout AccountingBook,
        _ connection: inout Connection,
        _ progress: (AccountingStep) -> Void
    ) throws(PostgresError) {
        let limit = self.scope.statementLimit
        let numbered = AccountedDay.lastStretch(of: days)
        var writers: [Int64: NumberedRun] = [:]
        for day in days {
            progress(.counting(day))
            let counts = try DeliveryAccounts.count(day, of: self.scope.organization, &connection, within: limit)
            for count in counts.organizations {
                book.change(count.organization) { balance in
                    balance.accepted += count.stored
                    balance.inFlight += count.inFlight
                    // Those that come without events below are taken back one by one.
                    balance.settled += count.stored - count.inFlight
                }
            }
            for (writer, run) in counts.writers where numbered.contains(day) {
                if writers[writer] == nil { writers[writer] = run } else { writers[writer]?.add(run) }
            }
            var rows = 0
            var explanation = DeliveryExplanation(self.scope, period, derivation: self.derivation)
            try DeliveryAccounts.read(day, of: self.scope.organization, &connection, within: limit) {
                page,
                connection throws(PostgresError) in
                for delivery in page { Self.note(delivery, &book) }
                let unexplained = page.filter { delivery in delivery.fate == .unexplained }
                try explanation.add(unexplained, &book, &connection)
                rows += page.count
                progress(.explaining(day, rows: rows))
            }
            try explanation.finish(&book, &connection)
        }
        if self.scope.organization == nil {
            try self.checkWriters(writers, numbered, period, &book, &connection)
        }
    }

    private static func note(_ delivery: ReadDelivery, _ book: inout AccountingBook) {
        book.change(delivery.organization) { balance in
            switch delivery.fate {
            case .retrying:
                balance.settled -= 1
                balance.retrying += 1
            case .deadLettered:
                balance.settled -= 1
                balance.deadLettered += 1
            case .discarded:
                balance.settled -= 1
                balance.discarded += 1
            case .resolved, .unexplained: break
            }
        }
    }

    private func checkWriters(
        _ runs: [Int64: NumberedRun],
        _ days: [AccountedDay],
        _ period: AccountingPeriod,
        _ book: inout AccountingBook,
        _ connection: inout Connection
    ) throws(PostgresError) {
        let limit = self.scope.statementLimit
        let isWhole = period.keepsAllDeliveries && days == period.deliveries
        for (number, run) in runs.sorted(by: { $0.key < $1.key }) where !run.isWhole || isWhole && run.first != 1 {
            var gaps = try LogNumbering.gaps(
                ofWriter: number,
                since: days.first?.start ?? period.now,
                limit: self.scope.faultLimit,
                &connection,
                within: limit
            )
            if isWhole, run.first != 1 { gaps.insert(LogNumbering.Gap(before: 0, after: run.first), at: 0) }
            for gap in gaps {
                book.note(
                    AccountingFault(
                        .deliveryGap,
                        subject: "writer \(number)",
                        detail: "delivery \(gap.after) follows delivery \(gap.before)"
                    )
                )
            }
        }
        for writer in try LogNumbering.writers(&connection, within: limit) {
            if let lane = writer.unreadLane {
                book.note(
                    AccountingFault(
                        .cursorMissing,
                        lane: lane,
                        subject: "writer \(writer.number)",
                        detail: "it may still write, and the lane has no cursor for it"
                    )
                )
            }
            let run = runs[writer.number]
            // Without a row, either it never wrote or its days are gone.
            guard run != nil || isWhole else { continue }
            if writer.reached > run?.last ?? 0 {
                book.note(
                    AccountingFault(
                        .deliveryMissing,
                        subject: "writer \(writer.number)",
                        detail: "read up to delivery \(writer.reached), stored up to \(run?.last ?? 0)"
                    )
                )
            }
            if isWhole, writer.consumed != run?.read ?? 0 {
                book.note(
                    AccountingFault(
                        .cursorCount,
                        subject: "writer \(writer.number)",
                        detail:
                            "\(writer.consumed) deliveries counted as read, \(run?.read ?? 0) lie behind the cursors"
                    )
                )
            }
        }
    }
}
