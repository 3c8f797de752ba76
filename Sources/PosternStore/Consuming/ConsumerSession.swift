/// The settings every connection of a consumer wants.
package enum ConsumerSession {
    /// Gives settings for ``ConnectionConfiguration/sessionSettings``.
    ///
    /// A session that stops in the middle of a transaction is ended by the server after the time of a lease, so that
    /// its row locks do not outlive its leases.
    package static func settings(lease: Duration) -> [(name: String, value: String)] {
        let milliseconds = max(
            1000,
            lease.components.seconds * 1000 + lease.components.attoseconds / 1_000_000_000_000_000
        )
        return [
            ("idle_in_transaction_session_timeout", "\(milliseconds)ms"),
            // Nothing here waits for a lock for long, unless somebody is stuck.
            ("lock_timeout", "\(max(250, milliseconds / 4))ms"),
            ("plan_cache_mode", "force_generic_plan"),
            ("enable_memoize", "off"),
            // A day that nobody has analyzed yet looks empty to the planner: it would read all that waits in a lane and
            // sort it for the sake of one page. The indexes give every order that is asked for here.
            ("enable_sort", "off"),
        ]
    }
}
