internal import PosternModel

extension Timestamp {
    /// The start of the minute it falls into.
    var startOfMinute: Timestamp {
        let remainder = self.seconds % 60
        return Timestamp(seconds: self.seconds - (remainder < 0 ? remainder + 60 : remainder))
    }
}
