/// Where gateways tell each other what they admitted.
///
/// Everything told is a sum since a start, so that telling it twice counts once. Never on the way of a request.
package protocol ShareStore: Sendable {
    /// `redis` or `postgres`: what is in use now.
    var name: String { get }
    /// What should be in use: another ``name`` is a fallback.
    var preferredName: String { get }
    /// How often to exchange while several gateways are alive.
    var interval: Duration { get }

    /// Tells what this gateway counted, each subject once, and asks for what others did.
    ///
    /// Says that this gateway is alive, too. Takes one second at most for each store that is tried.
    func exchange(_ reports: [ShareReport]) async throws(ShareError) -> ShareAnswer

    /// Looks after what changes slowly; called every ``ShareRhythm/alone`` beside the exchanges.
    func renew() async

    /// Tells the last counts and takes this gateway off the list, so that others take its share at once.
    func leave(_ reports: [ShareReport]) async throws(ShareError)
}

extension ShareStore {
    /// How old another gateway's entry may be to count as asked lately.
    package var freshness: Duration { max(.seconds(2), self.interval * 3) }
}
