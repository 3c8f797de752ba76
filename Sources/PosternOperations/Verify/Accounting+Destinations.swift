internal import PosternModel
internal import PosternPostgres
internal import PosternStore

extension Accounting {
    /// Compares what the cursors of destinations counted with what lies in the logs and queues.
    func checkDestinations(
        _ period: AccountingPeriod,
        _ book: inout AccountingBook,
        _ connection: inout Connection,
        _ progress: (AccountingStep) -> Void
    ) throws(PostgresError) {
        var position: DestinationAccounts.Position?
        var rows = 0
        repeat {
            let page = try DestinationAccounts.page(
                after: position,
                of: self.scope.organization,
                &connection,
                within: self.scope.statementLimit
            )
            for account in page.accounts where !account.isDeleted {
                book.add(account)
                Self.check(account, period, &book)
            }
            rows += page.accounts.count
            progress(.destinations(rows: rows))
            position = page.next
        } while position != nil
    }

    private static func check(
        _ account: DestinationAccount,
        _ period: AccountingPeriod,
        _ book: inout AccountingBook
    ) {
        let settled = account.delivered + account.handed + account.buried + account.unsubscribed
        if account.keepsAllPassed(period) {
            if account.passed != settled {
                book.note(
                    Self.fault(
                        .destinationEvents,
                        account,
                        "passed \(account.passed) events up to \(account.number), "
                            + "counted \(account.delivered) delivered + \(account.handed) handed on "
                            + "+ \(account.buried) buried + \(account.unsubscribed) not subscribed"
                    )
                )
            }
        } else if account.passed > settled {
            book.note(
                Self.fault(
                    .destinationEvents,
                    account,
                    "\(account.passed) of the events it passed are still there, counted were \(settled)"
                )
            )
        } else {
            book.note(UnprovableReason.eventsDropped)
        }
        if account.handed != account.waiting + account.recovered + account.exhausted {
            book.note(
                Self.fault(
                    .destinationRetries,
                    account,
                    "\(account.handed) handed to the retry queue, where \(account.waiting) wait; "
                        + "\(account.recovered) recovered and \(account.exhausted) were given up"
                )
            )
        }
        let buried = account.buried + account.exhausted
        // A letter that a job has touched may come of a replay, which cursors do not count.
        if !(account.lettersWithoutJob...account.letters).contains(buried) {
            book.note(
                Self.fault(
                    .destinationDeadLetters,
                    account,
                    "\(buried) events counted as dead letters, \(account.letters) are there"
                )
            )
        }
    }

    private static func fault(
        _ rule: AccountingRule,
        _ account: DestinationAccount,
        _ detail: String
    ) -> AccountingFault {
        AccountingFault(
            rule,
            organization: account.organization,
            lane: account.lane,
            subject: "destination \(account.destination) in lane \(account.lane)",
            detail: detail
        )
    }
}
