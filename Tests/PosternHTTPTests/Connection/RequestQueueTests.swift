import PosternHTTP
import Testing

@Suite struct RequestQueueTests {
    @Test func `gives parts back in order`() {
        var queue = RequestQueue<String>(limit: 2, byteLimit: 10)
        #expect(queue.isEmpty == true)
        queue.offer(head: "head 1")
        queue.offer("body 1", bytes: 10)
        queue.offer("end 1", bytes: 0)
        queue.offer(head: "head 2")
        #expect(
            [queue.take(), queue.take(), queue.take(), queue.take(), queue.take()] == [
                "head 1", "body 1", "end 1", "head 2", nil,
            ]
        )
        #expect(queue.hasOverflowed == false)
    }

    @Test func `drops whole requests past the limit`() {
        var queue = RequestQueue<String>(limit: 1, byteLimit: 10)
        queue.offer(head: "head 1")
        queue.offer("end 1", bytes: 0)
        queue.offer(head: "head 2")
        queue.offer("end 2", bytes: 0)
        #expect(queue.hasOverflowed == true)
        #expect([queue.take(), queue.take(), queue.take()] == ["head 1", "end 1", nil])
    }

    @Test(arguments: [(9, false), (10, false), (11, true)])
    func `bounds the bytes that wait`(bytes: Int, overflows: Bool) {
        var queue = RequestQueue<String>(limit: 1, byteLimit: 10)
        queue.offer("body", bytes: 4)
        queue.offer("body", bytes: bytes - 4)
        #expect(queue.hasOverflowed == overflows)
    }

    @Test func `counts anew once it was empty`() {
        var queue = RequestQueue<String>(limit: 1, byteLimit: 10)
        for round in 0..<5 {
            queue.offer(head: "head \(round)")
            queue.offer("body \(round)", bytes: 10)
            #expect(queue.take() == "head \(round)")
            #expect(queue.take() == "body \(round)")
        }
        #expect(queue.hasOverflowed == false)
    }

    @Test func `takes nothing more once closed`() {
        var queue = RequestQueue<String>(limit: 5, byteLimit: 10)
        queue.offer(head: "head")
        queue.close()
        queue.offer(head: "head")
        #expect(queue.isEmpty == true)
    }
}
