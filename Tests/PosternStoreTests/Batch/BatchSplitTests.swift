import PosternStore
import Testing

@Suite struct BatchSplitTests {
    @Test(
        arguments: [
            ([], []), ([1], [0..<1]), ([5, 5], [0..<2]), ([5, 6], [0..<1, 1..<2]), ([11], [0..<1]),
            ([1, 11, 1], [0..<1, 1..<2, 2..<3]), ([1, 1, 1], [0..<3]), ([1, 1, 1, 1], [0..<3, 3..<4]),
            ([0, 0, 0, 10, 0], [0..<3, 3..<5]), ([10, 0, 0, 0], [0..<3, 3..<4]),
            ([.max, .max], [0..<1, 1..<2]),
        ] as [([Int], [Range<Int>])]
    )
    func `cuts at three rows or ten bytes`(sizes: [Int], ranges: [Range<Int>]) {
        #expect(BatchSplit.ranges(of: sizes, rows: 3, bytes: 10) == ranges)
    }

    @Test func `fills statements and eight MiB unless told otherwise`() {
        #expect(BatchSplit.ranges(of: [Int](repeating: 1, count: 257)) == [0..<256, 256..<257])
        #expect(BatchSplit.ranges(of: [1 << 22, 1 << 22, 1]) == [0..<2, 2..<3])
    }
}
