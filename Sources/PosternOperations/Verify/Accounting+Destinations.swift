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
            for account in page.accounts {
                book.add(account)
                Self.checkRetries(account, &book)
                // Nothing is brought to a deleted destination any more, so only what it had is of interest.
                if !account.isDeleted { Self.checkEvents(account, period, &book) }
            }
            rows += page.accounts.count
            progress(.destinations(rows: rows))
            position = page.next
        } while position != nil
    }

    private static func checkEvents(
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
    }

    private static func checkRetries(_ account: DestinationAccount, _ book: inout AccountingBook) {
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
        let letters = account.letters
        if buried < letters.ofCursors || buried > letters.all - letters.ofReplays {
            book.note(
                Self.fault(
                    .destinationDeadLetters,
                    account,
                    "\(buried) events counted as dead letters, \(letters.all) are there, "
                        + "\(letters.ofReplays) of them of replays by jobs"
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
