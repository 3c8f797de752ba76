/// How many whole days the tables that grow with traffic keep their rows; each at least 1.
package struct RetentionDays: Sendable, Equatable {
    /// The log, with the exact bytes that were posted; a day that some lane has not read stays in any case.
    package var deliveries: Int32 = 7
    /// Normalized events.
    package var events: Int32 = 30
    /// Delivery attempts to destinations.
    package var attempts: Int32 = 7
    /// Counts per minute.
    package var trafficMinutes: Int32 = 30
    /// Records of gateway sessions whose deliveries were all read.
    package var writers: Int32 = 7

    /// Takes the defaults.
    package init() {}
}
