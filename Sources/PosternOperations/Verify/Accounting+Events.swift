internal import PosternModel
internal import PosternPostgres
internal import PosternStore

extension Accounting {
    /// Looks at how the events of each lane are numbered.
    func checkEvents(
        _ period: AccountingPeriod,
        _ book: inout AccountingBook,
        _ connection: inout Connection,
        _ progress: (AccountingStep) -> Void
    ) throws(PostgresError) {
        let limit = self.scope.statementLimit
        let days = AccountedDay.lastStretch(of: period.events.filter { day in self.includes(day) })
        let isWhole = period.keepsAllEvents && days == period.events
        var runs: [Lane: NumberedRun] = [:]
        for day in days {
            progress(.events(day))
            for (lane, run) in try LogNumbering.events(day, &connection, within: limit) {
                if runs[lane] == nil { runs[lane] = run } else { runs[lane]?.add(run) }
            }
        }
        for (lane, number) in try LogNumbering.lastEvents(&connection, within: limit) {
            guard let run = runs[lane] else {
                if isWhole, number != 0 { book.note(Self.wrongNumber(lane, counted: number, last: 0)) }
                continue
            }
            if run.last != number { book.note(Self.wrongNumber(lane, counted: number, last: run.last)) }
            // Clocks of two owners may differ around midnight: days are joined before gaps are looked for, and a first
            // day that was cut by `since` may begin anywhere.
            guard !run.isWhole || isWhole && run.first != 1 else { continue }
            var gaps = try LogNumbering.gaps(
                in: lane,
                since: days.first?.start ?? period.now,
                limit: self.scope.faultLimit,
                &connection,
                within: limit
            )
            if isWhole, run.first != 1 { gaps.insert(LogNumbering.Gap(before: 0, after: run.first), at: 0) }
            for gap in gaps {
                book.note(
                    AccountingFault(
                        .eventGap,
                        lane: lane,
                        subject: "lane \(lane)",
                        detail: "event \(gap.after) follows event \(gap.before)"
                    )
                )
            }
        }
    }

    private static func wrongNumber(_ lane: Lane, counted: Int64, last: Int64) -> AccountingFault {
        AccountingFault(
            .eventNumber,
            lane: lane,
            subject: "lane \(lane)",
            detail: "\(counted) events counted, the last one in the log is \(last)"
        )
    }
}
