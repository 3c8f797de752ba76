/// How a consumer delivers events.
package struct DeliveryConfiguration: Sendable {
    /// The most attempts under way at once, over all destinations; one organization alone gets half.
    package var inFlight: Int = 512
    /// The most events of one destination and lane between its cursor and what was read; a crash repeats at most these.
    package var windowEvents: Int = 256
    /// The most bytes of events that are read and not sent; one page more at most.
    package var bufferedBytes: Int = 32 << 20
    /// How many events one page holds at most.
    package var pageEvents: Int = 1024
    /// How often the retry queue is looked at for destinations that have something in it.
    package var retryLook: Duration = .seconds(1)
    /// How often the cursors of organizations without new events are moved to the end of their lanes.
    package var idleLook: Duration = .seconds(600)
    /// How long attempts under way may still take when a lane is to be given away, or the consumer is to end.
    package var drainLimit: Duration = .seconds(20)
    /// How often destinations are read even if nothing notified of a change.
    package var directoryPoll: Duration = .seconds(30)
    /// How long one attempt may be all that a destination's cursor waits for, before its event goes to the retry queue.
    package var patience: Duration = .milliseconds(50)
    /// How many attempts of an organization go before the next organization has its turn.
    package var quantum: Int = 16

    /// Takes the defaults.
    package init() {}
}
