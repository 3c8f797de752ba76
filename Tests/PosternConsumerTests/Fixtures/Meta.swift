/// Bodies as Meta posts them for a page's messages.
enum Meta {
    /// A request with one message for each identifier, for one account.
    static func messages(_ ids: [String], account: String = "PAGE") -> String {
        let items = ids.map {
            #"{"sender":{"id":"7"},"recipient":{"id":"\#(account)"},"timestamp":1795219199100,"message":{"mid":"\#($0)","text":"hi"}}"#
        }
        return
            #"{"object":"page","entry":[{"id":"\#(account)","time":1795219200000,"messaging":[\#(items.joined(separator: ","))]}]}"#
    }

    /// The same for one message.
    static func message(_ id: String, account: String = "PAGE") -> String { Self.messages([id], account: account) }

    /// The event key of a message.
    static func key(_ id: String) -> String { "mid:\(id)" }
}
