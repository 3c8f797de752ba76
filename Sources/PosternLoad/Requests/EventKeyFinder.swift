internal import PosternModel
internal import PosternPlatforms

/// Finds where in a sample the event key comes from, by trying: a word is exchanged, and the events are looked at.
///
/// So the platforms' definitions stay the only place that knows about keys. A place is good when the keys of all events
/// change with it and nothing else does; a delivery of several events may need a place for each.
struct EventKeyFinder {
    /// What a change of a place does to the events.
    private struct Effect {
        /// Whose keys change, by position.
        let changed: Set<Int>
        /// How much else changes: nothing at 0.
        let rank: Int
    }

    private typealias Candidate = (place: RequestDraft.KeyPlace, form: EventKeyText.Form, effect: Effect)

    private let endpoint: SigningEndpoint
    private let run: UniqueID
    private let target: String

    /// Looks with the eyes of an endpoint.
    init(_ endpoint: SigningEndpoint, target: String, run: UniqueID) {
        self.endpoint = endpoint
        self.target = target
        self.run = run
    }

    /// The draft a sample makes; `nil` when no places change all its keys, or it is signed in no way that the endpoint
    /// accepts.
    func draft(name: String, headers: [HeaderLine], body: [UInt8], now: Timestamp) -> RequestDraft? {
        guard let before = self.endpoint.events(headers: headers, target: self.target, body: body) else { return nil }
        func draft(_ place: RequestDraft.KeyPlace, _ form: EventKeyText.Form) -> RequestDraft {
            let key = EventKeyText(form, run: self.run)
            return RequestDraft(name: name, headers: headers, body: body, place: place, key: key)
        }
        var candidates: [Candidate] = []
        for (place, form) in Self.places(headers, body) {
            guard let effect = self.effect(draft(place, form), before) else { continue }
            candidates.append((place, form, effect))
        }
        let whole = candidates.filter { $0.effect.changed.count == before.count }
        for (place, form, _) in whole.sorted(by: { $0.effect.rank < $1.effect.rank }) {
            let draft = draft(place, form)
            if self.isAccepted(draft, now) { return self.named(draft) }
        }
        guard let (place, form) = Self.joined(candidates, count: before.count) else { return nil }
        let joined = draft(place, form)
        guard self.effect(joined, before)?.changed.count == before.count, self.isAccepted(joined, now) else {
            return nil
        }
        return self.named(joined)
    }

    /// Places in the body that change the keys of all events together, each some of them.
    private static func joined(
        _ candidates: [Candidate],
        count: Int
    ) -> (RequestDraft.KeyPlace, EventKeyText.Form)? {
        for form in [EventKeyText.Form.uuid, .hexadecimal, .decimal] {
            let fitting = candidates.filter { $0.form == form }.sorted { $0.effect.rank < $1.effect.rank }
            var covered: Set<Int> = []
            var ranges: [Range<Int>] = []
            for (place, _, effect) in fitting {
                guard case .body(let found) = place, !effect.changed.isSubset(of: covered) else { continue }
                covered.formUnion(effect.changed)
                ranges += found
            }
            if covered.count == count { return (.body(ranges.sorted { $0.lowerBound < $1.lowerBound }), form) }
        }
        return nil
    }

    /// What a draft's key does to the events; `nil` when it changes what they are.
    private func effect(_ draft: RequestDraft, _ before: [NormalizedEvent]) -> Effect? {
        guard let after = self.events(draft, 7), let other = self.events(draft, 8),
            after.count == before.count, other.count == before.count,
            Set(after.map(\.key)).count >= Set(before.map(\.key)).count
        else { return nil }
        var rank = 0
        var changed: Set<Int> = []
        for (index, (old, new)) in zip(before, after).enumerated() {
            guard old.keySource == new.keySource, old.type == new.type, old.recognized == new.recognized,
                old.account == new.account
            else { return nil }
            // Not against the sample's own: a word that hides a part of the key changes it once and for all.
            if new.key != other[index].key { changed.insert(index) }
            if old.subject != new.subject { rank = max(rank, 1) }
            if old.time != new.time { rank = max(rank, 2) }
            // A key that is the hash of the body changes with anything: a word that is meant is better.
            if new.keySource == .body { rank = max(rank, 3) }
        }
        return changed.isEmpty ? nil : Effect(changed: changed, rank: rank)
    }

    private func events(_ draft: RequestDraft, _ number: UInt64) -> [NormalizedEvent]? {
        let (headers, body) = draft.filled(number)
        return self.endpoint.events(headers: headers, target: self.target, body: body)
    }

    private func isAccepted(_ draft: RequestDraft, _ now: Timestamp) -> Bool {
        guard let request = try? self.endpoint.sign(draft, 7, target: self.target, now: now) else { return false }
        return self.endpoint.accepts(request, now: now)
    }

    /// The draft with what surrounds the given key in the event's own.
    private func named(_ draft: RequestDraft) -> RequestDraft {
        guard let key = self.events(draft, 7)?.first?.key,
            let range = key.firstRange(of: String(decoding: draft.key.text(7), as: UTF8.self))
        else { return draft }
        return RequestDraft(
            name: draft.name,
            headers: draft.headers,
            body: draft.body,
            place: draft.place,
            key: draft.key,
            eventKey: (Array(key[..<range.lowerBound].utf8), Array(key[range.upperBound...].utf8))
        )
    }

    /// Every place a key may come from: headers first, then the words of the body.
    private static func places(
        _ headers: [HeaderLine],
        _ body: [UInt8]
    ) -> [(RequestDraft.KeyPlace, EventKeyText.Form)] {
        var places: [(RequestDraft.KeyPlace, EventKeyText.Form)] = []
        for (index, header) in headers.enumerated() where !header.value.isEmpty {
            places.append((.header(index), Self.form(header.value.utf8)))
        }
        var start = 0
        while start < body.count {
            guard Self.isWord(body[start]) else {
                // What is escaped as %22 is no word.
                start += body[start] == UInt8(ascii: "%") ? 3 : 1
                continue
            }
            var end = start
            while end < body.count, Self.isWord(body[end]) { end += 1 }
            if !Self.isName(start..<end, body) { places.append((.body([start..<end]), Self.form(body[start..<end]))) }
            start = end
        }
        return places
    }

    private static func form(_ word: some Collection<UInt8>) -> EventKeyText.Form {
        if UniqueID(String(decoding: word, as: UTF8.self)) != nil { return .uuid }
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        return word.allSatisfy { digits.contains($0) } ? .decimal : .hexadecimal
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte.isLetterOrDigitASCII || byte == UInt8(ascii: "-")
    }

    /// Whether the word is (the end or the beginning of) a member's, a field's or an element's name.
    private static func isName(_ range: Range<Int>, _ body: [UInt8]) -> Bool {
        if range.lowerBound > 0, [UInt8(ascii: "<"), UInt8(ascii: "/")].contains(body[range.lowerBound - 1]) {
            return true
        }
        var next = range.upperBound
        if next < body.count, body[next] == UInt8(ascii: "\"") { next += 1 }
        return next < body.count && [UInt8(ascii: ":"), UInt8(ascii: "=")].contains(body[next])
    }
}
