/// When counts are exchanged, and when that counts as not possible.
package enum ShareRhythm {
    /// How often a gateway that is alone looks whether it still is.
    package static let alone = Duration.seconds(2)
    /// How often gateways exchange through PostgreSQL.
    package static let postgres = Duration.milliseconds(200)
    /// How often gateways exchange through Redis.
    package static let redis = Duration.milliseconds(25)
    /// How long an exchange through PostgreSQL may take.
    package static let postgresLimit = Duration.seconds(1)
    /// How long an exchange through Redis may take before PostgreSQL is asked instead.
    package static let redisLimit = Duration.milliseconds(250)
    /// For how long a budget is followed after it was last asked.
    package static let following = Duration.seconds(10)

    /// Without an exchange for so long, each gateway keeps its part of the limits by itself.
    package static func patience(_ interval: Duration) -> Duration { max(.seconds(1), interval * 3) }
}
