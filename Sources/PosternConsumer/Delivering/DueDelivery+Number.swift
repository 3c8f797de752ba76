internal import PosternStore

extension DueDelivery {
    /// Which attempt the next one is, the first being 1: the rows of a replay begin anew.
    var number: Int32 { self.row.isReplay ? max(1, self.row.attempt) : self.row.attempt &+ 1 }
}
