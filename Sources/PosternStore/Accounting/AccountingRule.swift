/// What must hold of the stored rows: one case for each way of breaking it.
package enum AccountingRule: String, Sendable, CaseIterable {
    /// A delivery that was read has neither events nor a retry nor a dead letter, and is no repetition of another.
    case deliveryLost = "delivery_lost"
    /// The ledger says that a delivery brought an event, and the log of events does not have it.
    case eventMissing = "event_missing"
    /// Between two deliveries of one writer a number is missing, or stands twice.
    case deliveryGap = "delivery_gap"
    /// A lane has read further than its writer wrote.
    case deliveryMissing = "delivery_missing"
    /// A writer that may still write has no cursor in a lane: what it stores there would not be read.
    case cursorMissing = "cursor_missing"
    /// Cursors say that more or fewer deliveries were read than lie behind them.
    case cursorCount = "cursor_count"
    /// Between two events of one lane a number is missing, or stands twice.
    case eventGap = "event_gap"
    /// The lane counted more or fewer events than its log ends with.
    case eventNumber = "event_number"
    /// The events a destination has passed are not the sum of what became of them.
    case destinationEvents = "destination_events"
    /// The events handed to the retry queue are not the sum of what became of them.
    case destinationRetries = "destination_retries"
    /// A destination's dead letters are not as many as were counted.
    case destinationDeadLetters = "destination_dead_letters"
    /// A row of the retry queue is about a delivery that is not there.
    case retryDelivery = "retry_delivery"
    /// A row of the retry queue is about an event that is not there.
    case retryEvent = "retry_event"
    /// A row of the retry queue goes to a destination that is not there.
    case retryDestination = "retry_destination"
    /// A row of the retry queue waits for an earlier one of its account, and there is none.
    case retryStuck = "retry_stuck"
    /// A row of the retry queue is due before an earlier one of its account.
    case retryOutOfOrder = "retry_out_of_order"
    /// A row of the retry queue replays a dead letter that knows nothing of it.
    case replayWithoutLetter = "replay_without_letter"
    /// A dead letter waits for a replay that is not in the retry queue.
    case letterWithoutReplay = "letter_without_replay"
    /// A dead letter is about an event that is not there.
    case letterEvent = "letter_event"
}
