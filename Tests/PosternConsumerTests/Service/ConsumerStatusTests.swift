import PosternConsumer
import PosternModel
import Testing

@Suite struct ConsumerStatusTests {
    private let start = Timestamp(seconds: 1000)

    private func well() -> ConsumerStatus {
        var status = ConsumerStatus(consumer: .fresh(at: self.start), startedAt: self.start)
        status.isDatabaseReachable = true
        status.lanes = 8
        status.lanesInAll = 8
        status.lastProgressAt = self.start
        return status
    }

    @Test(arguments: [(0, true), (29, true), (30, true), (31, false)])
    func `is well while it looks at the log`(seconds: Int64, isWell: Bool) {
        #expect(self.well().isWell(at: Timestamp(seconds: 1000 + seconds)) == isWell)
    }

    @Test func `is not well before it has seen the database`() {
        #expect(!ConsumerStatus(consumer: .fresh(at: self.start), startedAt: self.start).isWell(at: self.start))
    }

    @Test func `is not well while the database is away`() {
        var status = self.well()
        status.isDatabaseReachable = false
        #expect(!status.isWell(at: self.start))
    }

    @Test func `is not well on its way out`() {
        var status = self.well()
        status.isStopping = true
        #expect(!status.isWell(at: self.start))
    }

    @Test func `is well without lanes when others hold them`() {
        var status = self.well()
        status.lanes = 0
        status.lastProgressAt = nil
        #expect(status.isWell(at: self.start))
        status.lanesInAll = 0
        #expect(!status.isWell(at: self.start))
    }

    @Test func `is not well when it holds lanes and never looked`() {
        var status = self.well()
        status.lastProgressAt = nil
        #expect(!status.isWell(at: self.start))
    }
}
