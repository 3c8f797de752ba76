import PosternStore
import Testing

@Suite struct NumberedRunTests {
    @Test func `days that follow each other make one whole run`() {
        var run = NumberedRun(first: 1, last: 3, count: 3, read: 3)
        run.add(NumberedRun(first: 4, last: 9, count: 6, read: 2))
        #expect(run == NumberedRun(first: 1, last: 9, count: 9, read: 5))
        #expect(run.isWhole)
    }

    @Test func `days whose ends lie across midnight make one whole run`() {
        var run = NumberedRun(first: 1, last: 4, count: 3)
        #expect(!run.isWhole)
        run.add(NumberedRun(first: 3, last: 9, count: 6))
        #expect(run.isWhole)
    }

    @Test func `a number that is missing or stands twice makes a run that is not whole`() {
        #expect(!NumberedRun(first: 1, last: 3, count: 2).isWhole)
        #expect(!NumberedRun(first: 1, last: 3, count: 4).isWhole)
    }
}
